"""
Content-addressed evidence: what came in from outside, kept before anyone parses it and never overwritten.

Files lie under `folder/ab/abcdef….zst`, named by the SHA-256 of the bytes as they came; the compression is ours.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMPRESSED = (".gz", ".xz", ".zip", ".zst", ".bz2")
UNFINISHED = ".part"
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept file: the SHA-256 of its bytes as they came (lower-case hex), how many they were, and where it lies."""

    sha256: str
    bytes: int
    path: Path


def keep(file: Path, *, folder: Path) -> Kept:
    """
    Keep a copy of `file` in `folder`; the same bytes are kept once.

    The bytes are hashed as they are copied, beside their place, and moved there whole: neither a killed process nor a
    file that changes meanwhile leaves evidence under a name that is not its own. Raises OSError when either side
    cannot be read or written.
    """
    import zstandard

    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{os.getpid()}-{threading.get_ident()}{UNFINISHED}"
    digest = hashlib.sha256()
    size = 0
    level = 1 if file.suffix in COMPRESSED else 3
    try:
        with file.open("rb") as source, unfinished.open("wb") as target:
            with zstandard.ZstdCompressor(level=level).stream_writer(target, closefd=False) as packed:
                while block := source.read(BLOCK_BYTES):
                    digest.update(block)
                    size += len(block)
                    packed.write(block)
            target.flush()
            os.fsync(target.fileno())
        name = digest.hexdigest()
        place = folder / name[:2] / f"{name}.zst"
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
    return Kept(sha256=name, bytes=size, path=place)


def sweep(folder: Path) -> None:
    """Remove what killed processes left unfinished in `folder`; what living ones (of this machine) write is left."""
    for unfinished in folder.glob(f"*{UNFINISHED}"):
        process = unfinished.name.removesuffix(UNFINISHED).partition("-")[0]
        if process.isdecimal() and not _lives(int(process)):
            unfinished.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def read(sha256: str, *, folder: Path) -> Iterator[bytes]:
    """
    The bytes that were kept under `sha256`, block by block.

    Raises OSError when there is no such file, zstandard.ZstdError when it is damaged; whether these are the bytes is
    for the caller to hash.
    """
    import zstandard

    with (folder / sha256[:2] / f"{sha256}.zst").open("rb") as packed:
        yield from zstandard.ZstdDecompressor().read_to_iter(packed, write_size=BLOCK_BYTES)
