"""Emptying the database between tests, although records cannot be deleted: a Django app that only tests install."""
