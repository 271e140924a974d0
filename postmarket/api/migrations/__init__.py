"""How the inventory's tables came to be."""
