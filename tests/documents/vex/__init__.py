"""Suppliers' VEX documents."""
