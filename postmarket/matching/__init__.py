"""The vulnerability store and the set-based join of identities with affected ranges."""
