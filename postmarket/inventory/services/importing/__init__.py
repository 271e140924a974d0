"""A whole portfolio from one file: all of it, or nothing."""
