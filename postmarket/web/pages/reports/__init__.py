"""What was told to the firm about its devices: the list, entering one, and what came of it."""
