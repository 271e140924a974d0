"""Records: the append-only trail, its evidence, its signatures. Everything may write here, nothing may change it."""
