"""The coverage of a version's components as it is kept: MessagePack, compressed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import zstandard

from postmarket.matching.interface import ComponentCoverage, Coverage
from postmarket.sbom.interface import Component


class Covered(msgspec.Struct, frozen=True, array_like=True):
    """One component as listed, by its identity's key, and what can be said of it."""

    key: str
    name: str
    version: str
    state: Coverage
    why: str
    next_step: str
    suspects: tuple[str, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[Covered, ...]).decode


def packed(keys: Sequence[str], components: Sequence[Component], coverage: Sequence[ComponentCoverage]) -> bytes:
    """The coverage of components, in their order."""
    rows = [
        Covered(key, component.name, component.version, item.state, item.why, item.next_step, item.suspects)
        for key, component, item in zip(keys, components, coverage, strict=True)
    ]
    return zstandard.compress(_encode(rows))


def unpacked(kept: bytes) -> tuple[Covered, ...]:
    """What `packed` was given; nothing for a version that was never judged."""
    return _decode(zstandard.decompress(bytes(kept))) if kept else ()
