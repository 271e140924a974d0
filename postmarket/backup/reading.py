"""Reading a backup that nobody vouches for: names, sizes and hashes are checked before anything of it is used."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from postmarket.backup.errors import NoBackup
from postmarket.backup.interface import FORMAT, MANIFEST, Manifest, Member
from postmarket.backup.names import is_allowed
from postmarket.backup.writing import BLOCK_BYTES, blocks
from postmarket.errors import visible

if TYPE_CHECKING:
    from postmarket.backup.interface import Watcher

MOST_MANIFEST_BYTES = 1 << 30
LONGEST_NAME = 60


class Backup:
    """A backup whose every member is what its manifest says."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.manifest = manifest
        self.digest = hashlib.sha256(archive.read(MANIFEST)).hexdigest()
        """The SHA-256 of the manifest, by which records name the backup."""
        self._archive = archive
        self._members = {member.name: member for member in manifest.members}

    def names(self, beginning: str = "") -> list[str]:
        """The members whose names begin so, in the archive's order."""
        return [name for name in self._members if name.startswith(beginning)]

    def size(self, name: str) -> int:
        """How many bytes a member is once unpacked."""
        return self._members[name].unpacked

    def read(self, name: str) -> Iterator[bytes]:
        """A member as it lies there. Raises NoBackup when it changed since it was checked."""
        member = self._members[name]
        digest, length = hashlib.sha256(), 0
        with self._archive.open(name) as file:
            for block in blocks(file):
                digest.update(block)
                length += len(block)
                yield block
        if (digest.hexdigest(), length) != (member.sha256, member.bytes):
            raise NoBackup(f"{_short(name)} changed while it was read")

    def unpacked(self, name: str) -> Iterator[bytes]:
        """A member without its compression; never more than the manifest says. Raises NoBackup."""
        import zstandard

        left = self._members[name].unpacked
        unpacker = zstandard.ZstdDecompressor().decompressobj()
        try:
            for block in self.read(name):
                content = unpacker.decompress(block)
                left -= len(content)
                if left < 0:
                    raise NoBackup(f"{_short(name)} is larger than its manifest says")
                yield content
        except zstandard.ZstdError as error:
            raise NoBackup(f"{_short(name)} cannot be unpacked") from error
        if left:
            raise NoBackup(f"{_short(name)} is smaller than its manifest says")


@contextmanager
def opened(path: Path, watcher: Watcher) -> Iterator[Backup]:
    """
    The backup at `path`, every byte of it checked against its manifest.

    Raises NoBackup for what is none, is truncated, altered, or holds what a backup does not; OSError when the file
    cannot be read.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            _check_names(archive, manifest)
            backup = Backup(archive, manifest)
            _check_bytes(backup, watcher)
            yield backup
    except zipfile.BadZipFile as error:
        raise NoBackup(_why(path, error), where=str(path)) from error
    except (EOFError, NotImplementedError, RuntimeError) as error:
        raise NoBackup(f"it is damaged: {visible(str(error)[:200])}", where=str(path)) from error
    except NoBackup as error:
        raise (error if error.where else error.at(str(path))) from error.__cause__


def _why(path: Path, error: zipfile.BadZipFile) -> str:
    with path.open("rb") as file:
        begins_well = file.read(4) == b"PK\x03\x04"
    if not begins_well:
        return "it is no backup of postmarket"
    return f"it is truncated or damaged: {visible(str(error)[:200])}"


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError as error:
        raise NoBackup("it has no manifest, so it is no backup of postmarket") from error
    if info.file_size > MOST_MANIFEST_BYTES or info.compress_type != zipfile.ZIP_STORED:
        raise NoBackup("its manifest is none of ours")
    try:
        content = msgspec.json.decode(archive.read(info))
        said = content.get("format") if isinstance(content, dict) else None
        if said != FORMAT:
            raise NoBackup(f"its format is {visible(str(said)[:40])!r}; this postmarket reads {FORMAT}")
        return msgspec.convert(content, Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NoBackup(f"its manifest cannot be read: {visible(str(error)[:200])}") from error


def _check_names(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Exactly the members the manifest names, once each, stored, under names a backup has."""
    there = [info.filename for info in archive.infolist()]
    said = [member.name for member in manifest.members] + [MANIFEST]
    for name in (*there, *said):
        if not is_allowed(name):
            raise NoBackup(f"a backup holds no {_short(name)}")
    if len(set(there)) != len(there) or len(set(said)) != len(said):
        raise NoBackup("it holds two files of one name")
    for name in set(there) ^ set(said):
        raise NoBackup(f"{_short(name)} is {'missing' if name in said else 'not in its manifest'}")
    sizes = {member.name: member.bytes for member in manifest.members}
    for info in archive.infolist():
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
            raise NoBackup(f"{_short(info.filename)} is packed in a way that no backup is")
        if info.file_size != sizes.get(info.filename, info.file_size):
            raise NoBackup(f"{_short(info.filename)} has another size than its manifest says")


def _check_bytes(backup: Backup, watcher: Watcher) -> None:
    """Hash every member."""
    watcher.total(sum(member.bytes for member in backup.manifest.members))
    done = 0
    for member in backup.manifest.members:
        digest = hashlib.sha256()
        try:
            with backup._archive.open(member.name) as file:
                while block := file.read(BLOCK_BYTES):
                    digest.update(block)
                    done += len(block)
                    watcher.reading(member.name, done)
        except zipfile.BadZipFile as error:
            raise _altered(member) from error
        if digest.hexdigest() != member.sha256:
            raise _altered(member)


def _altered(member: Member) -> NoBackup:
    return NoBackup(f"{_short(member.name)} is not what was backed up: its SHA-256 differs")


def _short(name: str) -> str:
    """A name that may be hostile, fit for one line."""
    return visible(name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…")
