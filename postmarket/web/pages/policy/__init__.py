"""The policy in force: every clock and table that dates and ranks the work, and whose rule each is."""
