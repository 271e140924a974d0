"""The vulnerability store: what every feed said, in plain SQL that a scan and the portfolio both join against."""
