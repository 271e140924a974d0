"""Values as bytes: whatever is in a name, the document is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from datetime import datetime


def encoded(value: object) -> bytes:
    """`value` as UTF-8 JSON, indented by two; what is no character (a file name's stray byte) is written `\\udcff`."""
    try:
        written = msgspec.json.encode(value)
    except UnicodeEncodeError:
        written = msgspec.json.encode(_readable(msgspec.to_builtins(value)))
    return msgspec.json.format(written, indent=2) + b"\n"


def readable(text: str) -> str:
    """`text` with every lone surrogate escaped, so that it can be encoded."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def said(moment: datetime | None) -> str:
    """A moment in UTC as RFC 3339 (`2026-11-24T08:00:00Z`); empty for none."""
    return moment.isoformat().replace("+00:00", "Z") if moment is not None else ""


def _readable(value: object) -> object:
    if isinstance(value, str):
        return readable(value)
    if isinstance(value, dict):
        return {_readable(key): _readable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_readable(item) for item in value]
    return value
