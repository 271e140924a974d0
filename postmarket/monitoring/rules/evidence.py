"""Evidence of a match as it is kept: MessagePack, fields by place."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from postmarket.matching.interface import Confidence, Evidence, Grade, Rung
from postmarket.versions.interface import Scheme

Kept = tuple[Rung, Confidence, str, str, Scheme, int, int, Grade, tuple[str, ...], tuple[int, ...]]

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[Kept, ...]).decode


def packed(evidence: Sequence[Evidence]) -> bytes:
    """The evidence as bytes."""
    return _encode([msgspec.structs.astuple(item) for item in evidence])


def unpacked(kept: bytes) -> tuple[Evidence, ...]:
    """What `packed` was given."""
    return tuple(Evidence(*item) for item in _decode(bytes(kept)))
