"""
Git commits: they have no order that a comparison could know, only equality. A full SHA-1 or SHA-256 in hexadecimal.
"""

from __future__ import annotations

import re

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def key(text: str) -> bytes | None:
    """The hash itself, lower case; None for a short one, which may name several commits."""
    text = text.lower()
    return text.encode("ascii") if _COMMIT.fullmatch(text) else None
