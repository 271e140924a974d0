"""
Windows builds (https://learn.microsoft.com/windows/release-health/release-information): `10.0.19045.3803`, numbers
compared one by one, missing ones zero. A marketing name (`21H2`, `Service Pack 1`) is no build and stays unknown.
"""

from __future__ import annotations

from postmarket.versions.schemes.encoding import numbers

_END = b"\x20"


def key(text: str) -> bytes | None:
    """The key of a build of two to six numbers, or None."""
    parts = text.split(".")
    if not 2 <= len(parts) <= 6:
        return None
    try:
        return numbers(parts) + _END
    except KeyError:
        return None
