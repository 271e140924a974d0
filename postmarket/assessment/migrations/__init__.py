"""How the tables of assessment came to be."""
