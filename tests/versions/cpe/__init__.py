"""Tests of CPE names."""
