"""One reader per feed; each turns a file into a stream of what the source says, in its own words."""
