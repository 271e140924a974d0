"""Tests of the system of record's settings."""
