"""Text of files nobody vouches for, as every engine can keep it."""

from __future__ import annotations


def plain(text: str) -> str:
    """`text` with U+FFFD in place of NUL, which PostgreSQL cannot hold."""
    return text.replace("\0", "\ufffd")
