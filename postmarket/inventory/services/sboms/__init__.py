"""SBOMs come in, are read, and say what a version is made of."""
