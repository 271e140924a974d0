"""One device version: what is in it, what threatens it, and how much of it can be seen."""
