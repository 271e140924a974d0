"""Tests of the page of tasks."""
