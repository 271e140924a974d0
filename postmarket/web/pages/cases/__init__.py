"""Cases and reports: what was told to the firm, what it may do to patients, and the clocks that run."""
