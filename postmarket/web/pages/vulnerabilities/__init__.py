"""Vulnerabilities: the list, and one with every source and every device."""
