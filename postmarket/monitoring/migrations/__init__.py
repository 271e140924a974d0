"""How the tables of monitoring came to be."""
