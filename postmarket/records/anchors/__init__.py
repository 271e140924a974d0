"""Anchors: signed heads put where whoever can write to the database cannot reach."""
