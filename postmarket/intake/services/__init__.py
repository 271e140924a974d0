"""Everything that changes intake; each service checks who may, and leaves its record."""
