"""What was odd but readable in one SBOM, said once each, and never a million times."""

from __future__ import annotations

from collections import Counter

from postmarket.errors import visible

MOST_OF_A_KIND = 20
"""Warnings of one kind kept whole; the rest are counted."""


class Notes:
    """Collects warnings while one SBOM is read."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._counted: Counter[str] = Counter()

    def add(self, place: str, sentence: str, *, kind: str = "") -> None:
        """Note `sentence` (ends with a full stop) about `place`; `kind` groups like ones, else the sentence does."""
        kind = kind or sentence
        self._counted[kind] += 1
        if self._counted[kind] <= MOST_OF_A_KIND:
            self._kept.append(visible(f"{place}: {sentence}" if place else sentence))

    def sentences(self) -> tuple[str, ...]:
        """All warnings in the order met, then one line for each kind that had more than are kept."""
        over = [(kind, count - MOST_OF_A_KIND) for kind, count in self._counted.items() if count > MOST_OF_A_KIND]
        return (*self._kept, *(visible(f"{count} more of the same kind: {kind.rstrip('.')}.") for kind, count in over))
