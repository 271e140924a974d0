"""The specification of postmarket, as tests."""
