"""Tests of the task queue."""
