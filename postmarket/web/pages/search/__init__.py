"""One box over devices, versions, components, vulnerabilities and suppliers."""
