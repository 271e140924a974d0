"""What assessment keeps; only this room's services write it."""
