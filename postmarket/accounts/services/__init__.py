"""The only place that writes people, roles, links, tokens and ceremonies; each act leaves its record."""
