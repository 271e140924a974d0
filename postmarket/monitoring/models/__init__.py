"""What monitoring keeps; only this room's services write it."""
