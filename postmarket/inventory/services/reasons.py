"""Reasons people give."""

from __future__ import annotations

from postmarket.inventory.errors import NoReason
from postmarket.inventory.rules.fields import words


def reason(why: str) -> str:
    """The reason as it is recorded. Raises NoReason for one without words."""
    said = words("reason", why, wrong=NoReason)
    if not said:
        raise NoReason("A change without a reason is not kept", where="why", next_step="Say why, in a few words.")
    return said
