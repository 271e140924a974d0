"""Assessment: from what an exploit does on a device to two signatures, and what takes them back."""
