"""People, sign-in, roles, tokens and signing."""
