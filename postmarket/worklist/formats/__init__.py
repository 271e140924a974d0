"""A worklist written down: one file per format, each from the same flat rows."""
