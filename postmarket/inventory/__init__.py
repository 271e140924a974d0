"""Inventory: devices, their versions, what is in them, who supplies it, where they stand, how long all is supported."""
