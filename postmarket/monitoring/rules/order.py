"""The order of rows with equal priority as bytes, which every database compares alike."""

from __future__ import annotations

from collections.abc import Sequence

BIAS = 1 << 15


def order_key(order: Sequence[int]) -> bytes:
    """`Ranking.order`, each part in two bytes, biased so that negative ones come first."""
    return b"".join((part + BIAS).to_bytes(2, "big") for part in order)
