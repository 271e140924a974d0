"""One box over cases, incidents, reports, devices, versions, components, vulnerabilities, customers and suppliers."""
