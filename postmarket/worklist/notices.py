"""What a person should know of a scan's inputs, though nothing was wrong enough to be refused."""

from __future__ import annotations

import msgspec


class Notice(msgspec.Struct, frozen=True):
    """One sentence; whoever shows it escapes its control characters."""

    text: str
