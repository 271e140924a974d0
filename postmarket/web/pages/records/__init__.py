"""Pages of the records: the trail and the state of its chain, one entry, and what a subject was on a day."""
