"""The exploit impact pathway of a device version: drawn, and built step by step."""
