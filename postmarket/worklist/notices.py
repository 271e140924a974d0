"""What a person should know of a scan's inputs, though nothing was wrong enough to be refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence; whoever shows it escapes its control characters."""

    text: str
