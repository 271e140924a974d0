"""What comes from outside: sources, their runs, advisories, suppliers' feeds, and criteria that were wrong."""
