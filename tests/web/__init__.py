"""Tests of the shell of the site."""
