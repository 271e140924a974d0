"""
The bench: measures the bars of docs/benchmarks.md and prints them as one table.

It measures, it does not judge: a missed bar is printed as "missed" and the exit code stays 0. Only a measurement that
could not be made exits 1. Nothing here asserts a time.
"""
