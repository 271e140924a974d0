"""Kept bytes, proven to be what their name says before anything rests on them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import zstandard

from postmarket.records import evidence

LONGEST_ENDING = 40


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it came, by the name it came under and its SHA-256."""

    name: str
    sha256: str

    def content(self) -> bytes | None:
        """What it says; None when it is not there any more, or is not what its SHA-256 says."""
        said = bytearray()
        return bytes(said) if self._proven(said.extend) else None

    def put_back(self, folder: Path) -> Path | None:
        """
        A copy in `folder` under a plain name with its own endings, which say what it is; None as for `content`.

        Raises OSError when the copy cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / f"file{''.join(Path(self.name).suffixes[-2:])[:LONGEST_ENDING]}"
        with place.open("wb") as target:
            whole = self._proven(target.write)
        if not whole:
            place.unlink()
        return place if whole else None

    def _proven(self, take: Callable[[bytes], object]) -> bool:
        """Give the bytes to `take`, and say whether they were all there and what the SHA-256 says."""
        digest, blocks = hashlib.sha256(), evidence.read(self.sha256)
        while True:
            try:
                block = next(blocks, None)
            except (OSError, zstandard.ZstdError):
                return False
            if block is None:
                return digest.hexdigest() == self.sha256
            digest.update(block)
            take(block)
