"""The page on which the assessment of one device version is written, resolved and signed."""
