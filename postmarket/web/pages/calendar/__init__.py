"""Clocks in a calendar of one's own: the addresses somebody has, and what a program reads there."""
