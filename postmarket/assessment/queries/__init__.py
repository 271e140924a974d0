"""What others ask of assessment."""
