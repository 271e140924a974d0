"""
Content-addressed evidence: what came in from outside, kept before anyone parses it and never overwritten.

Files lie under `folder/ab/abcdef….zst`, named by the SHA-256 of the bytes as they came; the compression is ours.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

COMPRESSED = (".gz", ".xz", ".zip", ".zst", ".bz2")
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

    The copy is written beside its place and moved there whole, so a killed process leaves no half evidence.
    Raises OSError when either side cannot be read or written.
    """
    digest, size = _sha256(file)
    name = f"{digest}{'.raw' if file.suffix in COMPRESSED else '.zst'}"
    place = folder / digest[:2] / name
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(f"{name}.{os.getpid()}.part")
        try:
            _copy(file, unfinished, compress=name.endswith(".zst"))
            unfinished.replace(place)
        finally:
            unfinished.unlink(missing_ok=True)
    return Kept(sha256=digest, bytes=size, path=place)


def _sha256(file: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with file.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def _copy(file: Path, to: Path, *, compress: bool) -> None:
    import zstandard

    with file.open("rb") as source, to.open("wb") as target:
        if compress:
            zstandard.ZstdCompressor(level=3).copy_stream(source, target)
        else:
            while block := source.read(BLOCK_BYTES):
                target.write(block)
        target.flush()
        os.fsync(target.fileno())
