"""What the loaded sources say of a vulnerability in prose: read only for the rows that are shown."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec
import zstandard

from postmarket.matching.store.connection import generation
from postmarket.matching.store.wanted import fill
from postmarket.sources.interface import Source, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postmarket.matching.store.engine import Connection

QUERY = """
SELECT w.id, t.words
FROM wanted_id w
CROSS JOIN vulnerability v
CROSS JOIN record r
CROSS JOIN telling t
WHERE v.lead_id = w.id AND r.vulnerability_id = v.id AND r.since <= ? AND r.until > ? AND t.record_id = r.id
"""


class Text(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The beginning of a stored Record, field by field; its many ranges, which follow, are passed over."""

    source: Source
    id: str
    record_id: str
    state: State
    published: str
    modified: str
    title: str
    description: str
    aliases: msgspec.Raw
    related: msgspec.Raw
    ratings: msgspec.Raw
    cwes: tuple[str, ...]
    ssvc: msgspec.Raw
    references: tuple[str, ...]


_text = msgspec.msgpack.Decoder(Text).decode
_decompress = zstandard.ZstdDecompressor().decompress


def texts(connection: Connection, groups: Iterable[int]) -> dict[int, tuple[Text, ...]]:
    """What each visible record of many alias groups says, by the group's id; in no order."""
    fill(connection, "wanted_id", [(id_,) for id_ in sorted(set(groups))])
    visible = generation(connection)
    found: dict[int, list[Text]] = defaultdict(list)
    for id_, packed in connection.execute(QUERY, (visible, visible)):
        found[id_].append(_text(_decompress(packed)))
    return {id_: tuple(told) for id_, told in found.items()}
