"""The page of what machines do: what runs, what waits, and what waits for a person."""
