"""One document at a time out of files, folders and archives."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from postmarket.untrusted.archives import NESTED, ZIP_MAGIC, is_tar, read_bounded, tar_members, too_large, zip_members
from postmarket.untrusted.decompress import FORMATS, Decompressed, format_of
from postmarket.untrusted.errors import UntrustedInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.untrusted.archives import Member

_HEAD = 512


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

    Recurses into folders in sorted order and never follows a link out of the folder; opens no archive inside an
    archive. What a file is, its first bytes say, not its name. With `suffixes` (".json", …), only documents whose
    inner name ends so, and a file named directly is always read. What cannot be read is yielded as an
    UntrustedInput, and reading goes on.
    """
    if not path.is_dir():
        yield from _file(path, suffixes=suffixes, limits=limits, named=True)
        return
    files = list(_walk(path))
    total = sum(size for _, size in files if not isinstance(size, UntrustedInput))
    before = 0
    for file, size in files:
        if isinstance(size, UntrustedInput):
            if _wanted(file.name, suffixes):
                yield size
            continue
        for document in _file(file, suffixes=suffixes, limits=limits, named=False):
            if isinstance(document, UntrustedInput):
                yield document
            else:
                yield replace(document, position=before + document.position, total=total)
        before += size


def _walk(folder: Path) -> Iterator[tuple[Path, int | UntrustedInput]]:
    """Every file under `folder` in sorted order with its size, or why it is not read."""
    root = folder.resolve()
    for place, folders, names in os.walk(folder, onerror=None, followlinks=False):
        folders.sort()
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted([*names, *links]):
            file = Path(place, name)
            if file.is_symlink():
                # A link to a place inside is read there; one to the outside could name any file of this machine.
                if not file.exists() or not file.resolve().is_relative_to(root):
                    yield file, UntrustedInput("is a link out of the folder, which is not followed", where=str(file))
                continue
            try:
                yield file, file.stat().st_size
            except OSError as error:
                yield file, _unreadable(file, error)


def _file(path: Path, *, suffixes: tuple[str, ...], limits: Limits, named: bool) -> Iterator[Document | UntrustedInput]:
    try:
        size = _regular_size(path)
        with path.open("rb") as file:
            yield from _open_file(file, path, size, suffixes=suffixes, limits=limits, named=named)
    except UntrustedInput as error:
        yield error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        yield _unreadable(path, error)


def _regular_size(path: Path) -> int:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise UntrustedInput("is neither a file nor a folder", where=str(path))
    return status.st_size


def _open_file(
    file: BinaryIO, path: Path, size: int, *, suffixes: tuple[str, ...], limits: Limits, named: bool
) -> Iterator[Document | UntrustedInput]:
    name = str(path)
    head = file.read(_HEAD)
    file.seek(0)

    def wanted(member: str) -> bool:
        return _wanted(member, suffixes)

    if head.startswith(ZIP_MAGIC):
        yield from _members(
            zip_members(file, size=size, name=name, limits=limits, wanted=wanted), name=name, total=size
        )
        return
    form = format_of(head)
    if form is not None:
        peek = Decompressed(file, form, name=name, limit=limits.archive_bytes, ratio=limits.ratio)
        head = _first(peek, _HEAD)
        file.seek(0)
    if form is None and not is_tar(head):
        _check_suffix(path)
    stream = Decompressed(file, form, name=name, limit=limits.archive_bytes, ratio=limits.ratio)
    if is_tar(head):
        yield from _members(tar_members(stream, name=name, limits=limits, wanted=wanted), name=name, total=size)
    elif named or _wanted(_inner_name(path.name), suffixes):
        if form is None and size > limits.document_bytes:
            raise too_large(name, limits.document_bytes)  # at once, not after reading that much
        content = read_bounded(cast(BinaryIO, stream), limit=limits.document_bytes, name=name)
        yield Document(name, content, position=size, total=size)


def _members(members: Iterator[Member], *, name: str, total: int) -> Iterator[Document | UntrustedInput]:
    for member in members:
        if isinstance(member, UntrustedInput):
            yield member
        else:
            inner, content, position = member
            yield Document(f"{name}!{inner}", content, position=position, total=total)


def _first(stream: Decompressed, size: int) -> bytes:
    head = b""
    while len(head) < size and (piece := stream.read(size - len(head))):
        head += piece
    return head


def _wanted(name: str, suffixes: tuple[str, ...]) -> bool:
    return not suffixes or name.lower().endswith(suffixes)


def _inner_name(name: str) -> str:
    """`feed.json` for `feed.json.gz`: what the file is called when it is unpacked."""
    for form in FORMATS:
        for suffix in form.suffixes:
            if name.lower().endswith(suffix):
                return name[: -len(suffix)]
    return name


def _check_suffix(path: Path) -> None:
    """Refuse a `.gz` that is none: an empty download or an error page saved under the feed's name."""
    if path.name.lower().endswith(NESTED):
        raise UntrustedInput(
            f"is not the {path.suffix} file its name says",
            where=str(path),
            next_step="Fetch it again, or give it its true suffix.",
        )


def _unreadable(path: Path, error: Exception) -> UntrustedInput:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UntrustedInput("cannot be opened", where=str(path), why=why, next_step="Check the path and its permissions.")
