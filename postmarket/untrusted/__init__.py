"""Reading files nobody vouches for: archives, JSON and XML, each with limits and one clear error."""
