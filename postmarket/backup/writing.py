"""Writing a backup: a ZIP of stored members, hashed as they are written, its manifest last."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from postmarket.backup.errors import BackupError
from postmarket.backup.interface import MANIFEST, Member

if TYPE_CHECKING:
    from postmarket.backup.interface import Watcher

BLOCK_BYTES = 1 << 20
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Members carry no time of their own: the manifest says when all were read."""
LEVEL = 3


class Writer:
    """The archive while it is written; `members` are those that are whole."""

    def __init__(self, archive: zipfile.ZipFile, watcher: Watcher) -> None:
        self.members: list[Member] = []
        self._archive = archive
        self._watcher = watcher
        self._done = 0

    def add_packed(self, name: str, content: Iterable[bytes]) -> None:
        """Compress `content` (zstd) and add it as `name`."""
        import zstandard

        packer = zstandard.ZstdCompressor(level=LEVEL).compressobj()
        size = 0

        def packed() -> Iterator[bytes]:
            nonlocal size
            for block in content:
                size += len(block)
                yield packer.compress(block)
                self._tell(name, len(block))
            yield packer.flush()

        sha256, length = self._write(name, packed())
        self.members.append(Member(name, sha256, length, size))

    def add(self, name: str, content: Iterable[bytes]) -> None:
        """Add `content` as it is."""
        sha256, length = self._write(name, self._told(name, content))
        self.members.append(Member(name, sha256, length, length))

    def finish(self, manifest: bytes) -> None:
        """Add the manifest, which names all others."""
        self._write(MANIFEST, [manifest])

    def _write(self, name: str, content: Iterable[bytes]) -> tuple[str, int]:
        digest, length = hashlib.sha256(), 0
        with self._archive.open(zipfile.ZipInfo(name, EPOCH), "w", force_zip64=True) as member:
            for block in content:
                digest.update(block)
                length += len(block)
                member.write(block)
        return digest.hexdigest(), length

    def _told(self, name: str, content: Iterable[bytes]) -> Iterator[bytes]:
        for block in content:
            yield block
            self._tell(name, len(block))

    def _tell(self, name: str, size: int) -> None:
        self._done += size
        self._watcher.reading(name, self._done)


@contextmanager
def written(path: Path, watcher: Watcher) -> Iterator[Writer]:
    """
    A new archive at `path`: there whole, for its owner alone, when the block ends well, and otherwise not at all.

    Raises BackupError when there is something already, OSError when it cannot be written.
    """
    if path.exists():
        raise BackupError(
            "There is a file of this name already", where=str(path), next_step="Give another name; nothing was written."
        )
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                yield Writer(archive, watcher)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except OSError as error:
        if error.filename == str(unfinished):
            error.filename = str(path)
        raise
    finally:
        unfinished.unlink(missing_ok=True)


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes, block by block."""
    while block := file.read(BLOCK_BYTES):
        yield block


def blocks_of(path: Path) -> Iterator[bytes]:
    """The bytes of the file at `path`, block by block."""
    with path.open("rb") as file:
        yield from blocks(file)
