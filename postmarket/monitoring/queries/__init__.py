"""What others ask monitoring."""
