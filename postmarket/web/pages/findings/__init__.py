"""Findings as every page shows them: put together, in words, with their dates and tags."""
