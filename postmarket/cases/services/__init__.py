"""Everything that changes cases; each service checks who may, and leaves its record."""
