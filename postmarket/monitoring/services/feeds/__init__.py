"""Sources are asked on their schedules, and every run is kept."""
