"""The worker: slots that run tasks, and a heart that keeps their leases."""
