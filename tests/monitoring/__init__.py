"""Monitoring: what threatens the portfolio, and what was decided of it."""
