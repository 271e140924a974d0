"""
The API: thin doors to the services below, for machines with a token.

docs/ci.md has recipes for pipelines; docs/adr/0077-the-api.md says why it is as it is.
"""
