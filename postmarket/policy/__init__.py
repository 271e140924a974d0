"""Policy packs (data with citations and effective dates), working days, timelines, clocks and priority."""
