"""Suppliers' VEX: taken in, reported line by line, withdrawn."""
