"""Today: what is late, what is due, what waits, what is new, and what nobody can see."""
