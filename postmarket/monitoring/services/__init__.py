"""Everything that changes what is monitored and decided; each service leaves its record."""
