"""Monitoring: feed runs, vulnerabilities, what they hit, and what was decided of it."""
