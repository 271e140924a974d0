"""Everything that changes assessment; each service checks who may, and leaves its record."""
