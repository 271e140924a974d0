"""The panels of a case's page, an idea a file; each says from what was read what a template writes out."""
