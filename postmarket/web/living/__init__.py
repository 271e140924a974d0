"""The living page: every component with sample data, to be looked at and tested; not part of a running site."""
