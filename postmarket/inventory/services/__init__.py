"""Everything that changes the inventory; each service checks who may, and leaves its record."""
