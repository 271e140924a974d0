"""What is in a folder that was given to be scanned: the SBOMs in it, and everything a person should know was left."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from postmarket.untrusted.archives import NESTED, ZIP_MAGIC, is_tar
from postmarket.untrusted.decompress import Decompressed, format_of
from postmarket.untrusted.documents import Limits
from postmarket.untrusted.errors import UntrustedInput
from postmarket.worklist.errors import WorklistError
from postmarket.worklist.notices import Notice
from postmarket.worklist.recognise import HEAD_BYTES, SBOM_SUFFIXES, looks_like_portfolio, looks_like_sbom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postmarket.errors import PostmarketError
    from postmarket.untrusted.decompress import Format

PORTFOLIO_SUFFIXES = frozenset({".yaml", ".yml"})
MOST_NAMES = 3


@dataclass(slots=True)
class Folder:
    """
    What a folder holds, in sorted order.

    `files` are to be read: SBOMs and archives. `others` are no SBOMs, `links` point out of the folder, `portfolios`
    describe devices; of hidden files only SBOMs are named. Names are relative to the folder.
    """

    root: Path
    files: list[Path] = field(default_factory=list)
    refused: list[PostmarketError] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    portfolios: list[Path] = field(default_factory=list)

    def notices(self) -> list[Notice]:
        """What was left, in one line, and a line for each portfolio."""
        parts = []
        if self.others:
            what = "file that is no SBOM" if len(self.others) == 1 else "files that are no SBOM"
            parts.append(f"{len(self.others):,} {what}: {_listed(self.others)}")
        if self.links:
            what = "link out of the folder" if len(self.links) == 1 else "links out of the folder"
            parts.append(f"{len(self.links):,} {what}: {_listed(self.links)}")
        said = [Notice(f"{self.root}: passed over {'; and '.join(parts)}.")] if parts else []
        for path in self.portfolios:
            why = "it looks like a portfolio, and of a folder only the SBOMs are read"
            said.append(Notice(f"{path}: not used: {why}. To rank its devices: postmarket scan {path}"))
        return said

    def leave(self, file: Path) -> None:
        """Count `file` among those that are no SBOM, unless it is hidden."""
        name = file.relative_to(self.root)
        if not any(part.startswith(".") for part in name.parts):
            self.others.append(str(name))


def look_through(root: Path) -> Folder:
    """
    Everything below `root`; links out of it are not followed.

    What a file is, its first 64 KiB say. A folder below that cannot be opened is in `refused`.
    """
    folder, real = Folder(root), root.resolve()
    for place, inner, names in os.walk(root, onerror=lambda error: folder.refused.append(_unreadable(error))):
        inner.sort()
        links = [name for name in inner if Path(place, name).is_symlink()]
        for name in sorted([*names, *links]):
            file = Path(place, name)
            if file.is_symlink():
                _link(file, real, folder)
            else:
                _sort(file, folder)
    return folder


def _link(file: Path, real: Path, folder: Folder) -> None:
    """A link to a place inside is read there; one to the outside could name any file of this machine."""
    try:
        if file.exists() and file.resolve().is_relative_to(real):
            return
    except OSError:  # a place that may not be looked into is not inside, where it would be named
        pass
    if _named_as_sbom(file.name):
        folder.refused.append(UntrustedInput("is a link out of the folder, which is not followed", where=str(file)))
    else:
        folder.links.append(str(file.relative_to(folder.root)))


def _sort(file: Path, folder: Folder) -> None:
    """Put one file where it belongs; one that cannot be looked into is to be read, and then says why it cannot be."""
    if _named_as_sbom(file.name):
        folder.files.append(file)
        return
    try:
        wanted, head = _look(file)
    except (OSError, UntrustedInput):
        wanted, head = True, b""
    if wanted:
        folder.files.append(file)
    elif file.suffix.lower() in PORTFOLIO_SUFFIXES and looks_like_portfolio(head):
        folder.portfolios.append(file)
    else:
        folder.leave(file)


def _look(file: Path) -> tuple[bool, bytes]:
    """Whether a file is an archive or an SBOM, and its first unpacked bytes. Raises OSError or UntrustedInput."""
    if not stat.S_ISREG(file.stat().st_mode):  # to open a pipe would wait for whoever writes it
        return False, b""
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        form = format_of(head)
        if form is not None:
            stream.seek(0)
            head = _unpacked(stream, form, name=str(file))
    packed = file.name.lower().endswith(NESTED)
    if head.startswith(ZIP_MAGIC) or is_tar(head) or looks_like_sbom(head):
        return True, head
    # What is called `.gz` and is none is read all the same, and refused by name.
    return packed and (form is None or _named_as_sbom(file.stem)), head


def _unpacked(stream: BinaryIO, form: Format, *, name: str) -> bytes:
    limits = Limits()
    unpacked = Decompressed(stream, form, name=name, limit=limits.archive_bytes, ratio=limits.ratio)
    head = b""
    while len(head) < HEAD_BYTES and (piece := unpacked.read(HEAD_BYTES - len(head))):
        head += piece
    return head


def _named_as_sbom(name: str) -> bool:
    return name.lower().endswith(SBOM_SUFFIXES)


def _unreadable(error: OSError) -> WorklistError:
    return WorklistError(
        "The folder cannot be opened",
        where=str(error.filename),
        why=error.strerror or "",
        next_step="Check its permissions; nothing in it was scanned.",
    )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")
