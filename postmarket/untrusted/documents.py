"""One document at a time out of files, folders and archives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postmarket.untrusted.errors import UntrustedInput


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one input may ask for; sizes in bytes, after decompression."""

    document_bytes: int = 768 * 2**20
    archive_bytes: int = 16 * 2**30
    archive_members: int = 1_000_000
    ratio: int = 400
    """Decompressed over compressed size above which an input of more than 16 MiB counts as a bomb."""


@dataclass(frozen=True, slots=True)
class Document:
    """
    The whole, decompressed content of one file or archive member.

    `name` is for people ("feed.zip!PYSEC-2021-1.json"); `position` and `total` say how far the containing
    input is read, in compressed bytes, for a progress bar (0 when unknown).
    """

    name: str
    content: bytes
    position: int = 0
    total: int = 0


def documents(
    path: Path, *, suffixes: tuple[str, ...] = (), limits: Limits = Limits()
) -> Iterator[Document | UntrustedInput]:
    """
    Every document in `path`: a plain file, .gz, .xz, .bz2, .zst, .zip, .tar(.gz|.xz|.bz2|.zst), or a folder of these.

    Recurses into folders in sorted order and never follows a link out of the folder; recurses one level into an
    archive inside an archive never. With `suffixes` (".json", …), only documents whose inner name ends so, and a
    file named directly is always read. What cannot be read is yielded as an UntrustedInput, and reading goes on.
    """
    raise NotImplementedError
