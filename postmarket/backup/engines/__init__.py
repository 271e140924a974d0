"""The database in a backup: one module for each engine, in the engine's own words."""
