"""
The example manufacturer's history: what its people and its machines did since it began, done by the real services.

`history.live` does it step by step, each at its own time before now.
"""
