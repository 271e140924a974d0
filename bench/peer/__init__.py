"""
cve-bin-tool, the peer measured side by side.

It is GPL-3: it is installed from the package index into an environment of its own, run as a separate program, and
nothing of it is imported or copied here. What we know of it are facts: its options, and the names and columns of
the tables it reads.
"""
