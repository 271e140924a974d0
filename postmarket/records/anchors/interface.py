"""An anchor, as a file is written and read, and the places it can go to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from postmarket.errors import visible
from postmarket.records.canonical import canonical
from postmarket.records.errors import AnchorTrouble
from postmarket.records.heads import SignedHead
from postmarket.records.interface import Value, instant, moment

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "postmarket-anchor-1"
SUFFIX = ".anchor.json"
MOST_BYTES = 10_000


class Destination(Protocol):
    """Somewhere anchors go."""

    @property
    def name(self) -> str:
        """What it is called in records, without secrets."""

    def deliver(self, anchor: SignedHead) -> None:
        """Put the anchor there. Raises AnchorTrouble when that did not work; trying again later does no harm."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it went at one destination; `trouble` is "" when the anchor is there."""

    destination: str
    trouble: str


def file_name(anchor: SignedHead) -> str:
    """`20261124T120000Z-000000042.anchor.json`: sorted by time; the same anchor has the same name."""
    return f"{anchor.at:%Y%m%dT%H%M%SZ}-{anchor.number:09}{SUFFIX}"


def written(anchor: SignedHead) -> bytes:
    """The anchor as a file, RFC 8785 JSON with a line's end."""
    said: dict[str, Value] = {
        "format": FORMAT,
        "chain": anchor.chain,
        "number": anchor.number,
        "hash": anchor.hash.hex(),
        "at": instant(anchor.at),
        "key": anchor.key,
        "signature": anchor.signature.hex(),
    }
    return canonical(said) + b"\n"


def read(content: bytes, *, name: str) -> SignedHead:
    """The anchor in a file's bytes, not yet trusted. Raises AnchorTrouble, naming `name`, when there is none."""
    try:
        if len(content) > MOST_BYTES:
            raise ValueError(f"{len(content):,} bytes is too much for an anchor")
        said = json.loads(content)
        if said["format"] != FORMAT:
            raise ValueError(f"its format is {str(said['format'])[:40]!r}, not {FORMAT}")
        number = said["number"]
        if type(number) is not int or number < 0:
            raise ValueError("its number is none")
        return SignedHead(
            chain=str(said["chain"]),
            number=number,
            hash=bytes.fromhex(said["hash"]),
            at=moment(said["at"]),
            key=str(said["key"]),
            signature=bytes.fromhex(said["signature"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        why = f"it has no {error}" if isinstance(error, KeyError) else visible(str(error)[:200])
        raise AnchorTrouble(
            "This is no anchor", where=name, why=why, next_step="Give a file that postmarket records anchor wrote."
        ) from error


def read_file(path: Path) -> SignedHead:
    """The anchor in a file, not yet trusted. Raises AnchorTrouble when it cannot be read as one."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise AnchorTrouble(
            "The anchor cannot be read", where=str(path), why=error.strerror or str(error), next_step="Check the path."
        ) from error
    return read(content, name=str(path))
