"""Triage: the list, the reading pane, and the four answers."""
