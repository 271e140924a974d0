"""One file per group of bars; each measures and returns rows, or says in one line why it could not."""
