"""How entries hang together: each hash covers the one before and the entry's exact bytes."""

from __future__ import annotations

import hashlib

HASH_BYTES = 32
BEGINNING = b"postmarket chain v1\x00"
ENTRY = b"postmarket entry v1\x00"
"""What is hashed begins with what it is: no hash of one kind can be passed off as one of the other."""


def genesis(chain: str) -> bytes:
    """What the first entry of the chain named `chain` follows."""
    return hashlib.sha256(BEGINNING + chain.encode("utf-8")).digest()


def link(previous: bytes, content: bytes) -> bytes:
    """The hash of the entry with these bytes that follows the entry whose hash is `previous`."""
    return hashlib.sha256(ENTRY + previous + content).digest()
