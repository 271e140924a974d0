"""What others ask the inventory."""
