"""The lists of this room, each in its file."""
