"""Kept bytes, proven to be what their name says before anything rests on them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

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
        digest, said = hashlib.sha256(), bytearray()
        try:
            for block in evidence.read(self.sha256):
                digest.update(block)
                said += block
        except (OSError, zstandard.ZstdError):
            return None
        return bytes(said) if digest.hexdigest() == self.sha256 else None

    def put_back(self, folder: Path) -> Path | None:
        """A copy in `folder` under a plain name with its own endings, which say what it is; None as for `content`."""
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / f"file{''.join(Path(self.name).suffixes[-2:])[:LONGEST_ENDING]}"
        with place.open("wb") as target:
            whole = self._copied(target)
        if not whole:
            place.unlink()
        return place if whole else None

    def _copied(self, target: IO[bytes]) -> bool:
        digest = hashlib.sha256()
        try:
            for block in evidence.read(self.sha256):
                digest.update(block)
                target.write(block)
        except (OSError, zstandard.ZstdError):
            return False
        return digest.hexdigest() == self.sha256
