"""What the sources' words say of features that the device profile switches off: a hint for a person, never a grade."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from postmarket.matching import facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postmarket.matching.interface import DeviceProfile, Evidence
    from postmarket.matching.store.engine import Connection
    from postmarket.sources.interface import Record

ALSO_CALLED = {"bluetooth": ("ble",)}
"""Other words for a feature, where the name itself is often left out."""
_BETWEEN = re.compile(r"[\s_-]+")

Found = dict[tuple[int, int], tuple["Evidence", ...]]
"""Evidence by (identity, alias group)."""


def note_features(connection: Connection, found: Found, profile: DeviceProfile) -> Found:
    """
    The same evidence; where its record's title or description mentions a disabled feature, a note says so.

    The note comes before others, which say what decides. The grade stays: words prove nothing. The words are costly
    to read, so only a profile with disabled features has them read.
    """
    patterns = _patterns(tuple(name for name, enabled in profile.features.items() if not enabled))
    if not patterns:
        return found
    records = facts.words(connection, {item.record_id for evidence in found.values() for item in evidence})
    notes = {id_: _notes(record, patterns) for id_, record in records.items()}
    return {place: tuple(_noted(item, notes) for item in evidence) for place, evidence in found.items()}


def _noted(item: Evidence, notes: Mapping[int, tuple[str, ...]]) -> Evidence:
    added = notes.get(item.record_id, ())
    return replace(item, notes=(*added, *item.notes)) if added else item


def _notes(record: Record, patterns: Mapping[str, re.Pattern[str]]) -> tuple[str, ...]:
    told = f"{record.title}\n{record.description}".casefold()
    return tuple(
        f"mentions {name}, which the device profile says is disabled"
        for name, pattern in patterns.items()
        if pattern.search(told)
    )


@lru_cache(maxsize=64)
def _patterns(names: tuple[str, ...]) -> dict[str, re.Pattern[str]]:
    """A pattern of whole words for each feature; `hospital_network` is also "hospital network"."""
    patterns = {}
    for name in names:
        folded = name.casefold().strip()
        words = [_spelled(word) for word in (folded, *ALSO_CALLED.get(folded, ()))]
        if all(words):
            patterns[name] = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")
    return patterns


def _spelled(name: str) -> str:
    return r"[\s_-]+".join(re.escape(part) for part in _BETWEEN.split(name) if part)
