"""The whole worklist as JSON: every row, every reason, every component's coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.worklist.formats.encoding import encoded

if TYPE_CHECKING:
    from postmarket.worklist.formats.values import FlatWorklist


def write_json(worklist: FlatWorklist) -> bytes:
    """UTF-8 JSON, one value, indented by two; times are RFC 3339 in UTC."""
    return encoded(worklist)
