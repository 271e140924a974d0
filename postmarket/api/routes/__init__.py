"""One file per thing the API speaks of."""
