"""Nobody overwrites what they have not read: a form says how things stood when it was opened."""

from __future__ import annotations

from postmarket.inventory.errors import ChangedMeanwhile
from postmarket.records.canonical import content_hash
from postmarket.records.interface import Snapshot


def state_word(kept: Snapshot) -> str:
    """All that is kept of a thing, in one word that changes with it."""
    return content_hash(kept)


def unchanged_since(seen: str, kept: Snapshot, name: str) -> None:
    """Return when `kept` is what the form has `seen`, or when it says nothing; else raise ChangedMeanwhile."""
    if seen and seen != state_word(kept):
        raise ChangedMeanwhile(
            f"{name} was changed since you opened this form",
            next_step="Look at what is kept now, beside what you typed; save again to keep yours.",
        )
