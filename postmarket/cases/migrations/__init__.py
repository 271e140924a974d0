"""How the tables of cases came to be."""
