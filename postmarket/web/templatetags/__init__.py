"""The components, in every template."""
