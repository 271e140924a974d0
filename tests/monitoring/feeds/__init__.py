"""Tests of feeds, watches, advisories and retired criteria."""
