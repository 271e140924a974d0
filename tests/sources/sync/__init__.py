"""Fetching, against a local server that plays each service."""
