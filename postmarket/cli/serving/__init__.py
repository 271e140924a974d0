"""The website as a running program: its web server, the worker beside it, and when both are ready."""
