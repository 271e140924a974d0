"""Signing in, the own account, people, API tokens, and the signing ceremony."""
