"""Alias entries: proposed, decided, retired, and what that changes for the identities concerned."""
