"""What others ask of intake."""
