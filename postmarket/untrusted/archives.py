"""The members of tar and zip archives, read where they lie: nothing is ever written to disk."""

from __future__ import annotations

import io
import lzma
import tarfile
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, BinaryIO

from postmarket.untrusted.decompress import RATIO_FREE_BYTES, Decompressed
from postmarket.untrusted.errors import UntrustedInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postmarket.untrusted.documents import Limits

_PIECE = 1 << 20
_HEADER_BYTES = 4 * 2**20
"""A tar member's headers (long name, PAX records) may take this much; real ones take a few KiB."""
_DIRECTORY_ENTRY_BYTES = 256
"""What an entry of a zip's directory takes at most on average, for the limit on the whole directory."""

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
NESTED = (".zip", ".tar", ".gz", ".xz", ".bz2", ".zst", ".tgz", ".txz", ".tbz2", ".tzst")

_ENDS_TOO_SOON = (
    "unexpected end of data",
    "no end mark: empty header",
    "no end mark: truncated header",
)
"""What tarfile says of an archive that breaks off."""

Member = tuple[str, bytes, int] | UntrustedInput
"""Name inside the archive, content, and how far the archive is read in compressed bytes."""


def is_tar(head: bytes) -> bool:
    """Whether `head`, at least 512 bytes, begins a POSIX or GNU tar archive."""
    return head[257:262] == b"ustar"


def read_bounded(stream: IO[bytes], *, limit: int, name: str) -> bytes:
    """The whole of `stream`. Raises UntrustedInput naming `name` when it is longer than `limit` bytes."""
    content = io.BytesIO()
    while piece := stream.read(_PIECE):
        if content.tell() + len(piece) > limit:
            raise too_large(name, limit)
        content.write(piece)
    return content.getvalue()


def too_large(name: str, limit: int) -> UntrustedInput:
    """The error for a document beyond its limit."""
    return UntrustedInput(
        f"is larger than the {limit:,} bytes allowed for one document",
        where=name,
        next_step="Split it, or raise the limit if you trust where it comes from.",
    )


def tar_members(stream: Decompressed, *, name: str, limits: Limits, wanted: Callable[[str], bool]) -> Iterator[Member]:
    """Every wanted regular file of the tar archive in `stream`, in its order; a damaged end is one UntrustedInput."""
    stream.limit = _HEADER_BYTES
    try:
        with _Tar.open(fileobj=stream, mode="r|", errorlevel=2) as archive:
            yield from _tar_members(archive, stream, name=name, limits=limits, wanted=wanted)
    except UntrustedInput as error:
        yield error
    except (tarfile.TarError, EOFError, OSError, ValueError, RecursionError, OverflowError) as error:
        yield _damaged(name, error)


def _tar_members(
    archive: _Tar, stream: Decompressed, *, name: str, limits: Limits, wanted: Callable[[str], bool]
) -> Iterator[Member]:
    count = 0
    skipped = 0
    while True:
        # A header may not hide gigabytes: beyond the data still to skip, only so much is read to find the next.
        stream.limit = min(stream.produced + skipped + _HEADER_BYTES, limits.archive_bytes)
        member = archive.next()
        if member is None:
            return
        archive.members.clear()  # tarfile remembers every member; a million of them need not be
        count += 1
        if count > limits.archive_members:
            raise _too_many(name, limits.archive_members)
        inner = f"{name}!{member.name}"
        skipped = member.size
        if member.isdir() or not wanted(member.name):
            continue
        refusal = _tar_refusal(member, inner, limits)
        if refusal is not None:
            yield refusal
            continue
        stream.limit = min(stream.produced + member.size + _HEADER_BYTES, limits.archive_bytes)
        yield member.name, _tar_content(archive, member, inner), stream.consumed
        skipped = 0


def _tar_content(archive: _Tar, member: tarfile.TarInfo, inner: str) -> bytes:
    source = archive.extractfile(member)
    assert source is not None  # noqa: S101 - for the type checker: it is a regular file
    try:
        return read_bounded(source, limit=member.size, name=inner)
    except UntrustedInput as error:
        raise UntrustedInput(error.what, where=inner, why=error.why, next_step=error.next_step) from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise _damaged(inner, error) from None


def _tar_refusal(member: tarfile.TarInfo, inner: str, limits: Limits) -> UntrustedInput | None:
    if not member.isreg() or member.issparse():
        return UntrustedInput("is a link, a device or a sparse file, not a document", where=inner)
    if member.size > limits.document_bytes:
        return too_large(inner, limits.document_bytes)
    return _nested(member.name, inner)


def _nested(member: str, inner: str) -> UntrustedInput | None:
    if not member.lower().endswith(NESTED):
        return None
    return UntrustedInput(
        "is an archive inside an archive", where=inner, next_step="Unpack the outer one and give its files."
    )


class _StrictTarInfo(tarfile.TarInfo):
    """tarfile takes a header it cannot read for the end; here only the end mark is one."""

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> _StrictTarInfo:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.HeaderError as error:
            if isinstance(error, tarfile.EOFHeaderError):  # type: ignore[attr-defined]  # the stubs lack it
                raise
            raise tarfile.ReadError(f"no end mark: {error}") from None


class _Tar(tarfile.TarFile):
    tarinfo = _StrictTarInfo
    members: list[tarfile.TarInfo]  # the stubs lack it


def zip_members(
    file: BinaryIO, *, size: int, name: str, limits: Limits, wanted: Callable[[str], bool]
) -> Iterator[Member]:
    """Every wanted file of the zip archive in `file` (`size` bytes), in the order of its directory."""
    try:
        _check_directory(file, size=size, name=name, limits=limits)
        archive = zipfile.ZipFile(file)
    except UntrustedInput as error:
        yield error
        return
    except _ZIP_ERRORS as error:
        yield _damaged(name, error)
        return
    produced = consumed = 0
    with archive:
        for entry in archive.infolist():
            consumed += entry.compress_size
            if entry.is_dir() or not wanted(entry.filename):
                continue
            member = _zip_member(archive, entry, name=name, limits=limits)
            yield member if isinstance(member, UntrustedInput) else (entry.filename, member, min(consumed, size))
            produced += 0 if isinstance(member, UntrustedInput) else len(member)
            # Members may overlap, so that each is harmless and all together are not: the sum is judged as well.
            if produced > min(limits.archive_bytes, max(RATIO_FREE_BYTES, limits.ratio * size)):
                yield UntrustedInput("unpacks to more than is allowed", where=name, why=f"{produced:,} bytes so far")
                return


def _zip_member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, name: str, limits: Limits
) -> bytes | UntrustedInput:
    inner = f"{name}!{entry.filename}"
    if entry.flag_bits & 0x1:
        return UntrustedInput("is encrypted", where=inner, next_step="Unpack it with its password first.")
    nested = _nested(entry.filename, inner)
    if nested is not None:
        return nested
    limit = min(limits.document_bytes, max(RATIO_FREE_BYTES, limits.ratio * entry.compress_size))
    try:
        with archive.open(entry) as source:
            return read_bounded(source, limit=limit, name=inner)
    except UntrustedInput as error:
        return error
    except _ZIP_ERRORS as error:
        return _damaged(inner, error)


_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)
"""What zipfile lets through for a damaged archive; struct.error is none of them since sizes are checked before."""


def _check_directory(file: BinaryIO, *, size: int, name: str, limits: Limits) -> None:
    """Refuse a directory too large to hold in memory before zipfile, which reads it whole, sees it."""
    tail_size = min(size, 66_000)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise truncated(name, "the list of its files, which stands at the end of a zip archive, is missing")
    count = int.from_bytes(tail[at + 10 : at + 12], "little")
    bytes_ = int.from_bytes(tail[at + 12 : at + 16], "little")
    wide = tail.rfind(b"PK\x06\x06", 0, max(at, 0))
    if wide >= 0:
        count = max(count, int.from_bytes(tail[wide + 32 : wide + 40], "little"))
        bytes_ = int.from_bytes(tail[wide + 40 : wide + 48], "little")
    if count > limits.archive_members or bytes_ > limits.archive_members * _DIRECTORY_ENTRY_BYTES:
        raise _too_many(name, limits.archive_members)


def _too_many(name: str, most: int) -> UntrustedInput:
    return UntrustedInput(
        f"holds more than {most:,} files", where=name, next_step="Split it, or unpack it by hand if you trust it."
    )


def truncated(name: str, why: str) -> UntrustedInput:
    """The error for a file of which the end is missing."""
    return UntrustedInput(
        "is truncated", where=name, why=why, next_step="Fetch the file again; what came before the break was read."
    )


def _damaged(name: str, error: Exception) -> UntrustedInput:
    if isinstance(error, EOFError) or str(error) in _ENDS_TOO_SOON:
        return truncated(name, "the archive ends in the middle")
    return UntrustedInput(
        "cannot be read to its end",
        where=name,
        why=f"the archive is damaged ({error})",
        next_step="Fetch the file again; what came before the damage was read.",
    )
