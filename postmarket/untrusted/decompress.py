"""Decompressing a stream nobody vouches for, a bounded piece at a time."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from postmarket.untrusted.errors import UntrustedInput

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

RATIO_FREE_BYTES = 16 * 2**20
"""Up to this much output no ratio is judged: small files of one repeated byte are common and harmless."""
MAX_WINDOW_BYTES = 256 * 2**20
"""Memory one decompressor may ask for; `xz -9` and `zstd --long=27` need less."""

_PIECE = 64 * 1024
_ZSTD_PIECE = 2 * 1024  # it cannot cap its output: one block of 4 bytes can stand for 128 KiB


class _Decompressor(Protocol):
    """What `bz2` and `lzma` offer, and the adapters below give `zlib` and `zstandard`."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class _Zstd:
    needs_input = True

    def __init__(self) -> None:
        import zstandard  # slow to import, and few feeds need it

        self._inner = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES).decompressobj()
        self._error = zstandard.ZstdError

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if not data:
            return b""
        try:
            return self._inner.decompress(data)
        except self._error as error:
            raise ValueError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Format:
    """One way to compress: how people call it, its file suffixes, the bytes a stream of it begins with."""

    name: str
    suffixes: tuple[str, ...]
    magic: bytes
    start: Callable[[], _Decompressor]
    piece: int = _PIECE


FORMATS = (
    Format("gzip", (".gz", ".tgz"), b"\x1f\x8b", _Gzip),
    Format(
        "xz", (".xz", ".txz"), b"\xfd7zXZ\x00", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_WINDOW_BYTES)
    ),
    Format("bzip2", (".bz2", ".tbz2"), b"BZh", bz2.BZ2Decompressor),
    Format("zstd", (".zst", ".tzst"), b"\x28\xb5\x2f\xfd", _Zstd, _ZSTD_PIECE),
)


def format_of(head: bytes) -> Format | None:
    """The compression whose magic bytes `head` begins with; None for a file that is not compressed."""
    return next((known for known in FORMATS if head.startswith(known.magic)), None)


class Decompressed(io.RawIOBase):
    """
    The decompressed bytes of `raw` (compressed as `form`; None passes them through), counted and limited.

    `consumed` and `produced` count bytes in and out. Reading raises UntrustedInput naming `name` for corrupt or
    truncated data, for more than `limit` bytes, and for more than `ratio` times the bytes read so far.
    """

    def __init__(self, raw: BinaryIO, form: Format | None, *, name: str, limit: int, ratio: int) -> None:
        self._raw = raw
        self._form = form
        self._decompressor = form.start() if form else None
        self._waiting = b""
        self._ended = False
        self._name = name
        self._ratio = ratio
        self.limit = limit
        """May be lowered and raised while reading."""
        self.consumed = 0
        self.produced = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill at most `buffer`; 0 at the end."""
        view = memoryview(buffer).cast("B")
        if len(self._waiting) == 0:
            self._waiting = self._more(len(view))
        size = min(len(view), len(self._waiting))
        view[:size] = self._waiting[:size]
        self._waiting = self._waiting[size:]
        return size

    def _more(self, wanted: int) -> bytes:
        try:
            piece = self._raw_piece(wanted) if self._decompressor is None else self._decompressed_piece(wanted)
        except EOFError:
            raise UntrustedInput(
                "is truncated",
                where=self._name,
                why=f"the {self._form.name if self._form else 'plain'} data ends in the middle",
                next_step="Fetch the file again; what came before the break was read.",
            ) from None
        except (zlib.error, lzma.LZMAError, OSError, ValueError) as error:
            raise UntrustedInput(
                "cannot be read to its end",
                where=self._name,
                why=f"the {self._form.name} data is damaged ({error})" if self._form else str(error),
                next_step="Fetch the file again; what came before the damage was read.",
            ) from None
        self.produced += len(piece)
        self._judge()
        return piece

    def _judge(self) -> None:
        if self.produced > self.limit:
            raise UntrustedInput(
                f"is larger than the {self.limit:,} bytes allowed here",
                where=self._name,
                next_step="Split it, or raise the limit if you trust where it comes from.",
            )
        if self.produced > max(RATIO_FREE_BYTES, self._ratio * self.consumed):
            raise UntrustedInput(
                f"unpacks to more than {self._ratio} times its size, as a decompression bomb does",
                where=self._name,
                next_step="Unpack it by hand if you trust where it comes from.",
            )

    def _raw_piece(self, wanted: int) -> bytes:
        piece = self._raw.read(wanted)
        self.consumed += len(piece)
        return piece

    def _decompressed_piece(self, wanted: int) -> bytes:
        assert self._form is not None  # noqa: S101 - for the type checker: there is a decompressor only with a format
        assert self._decompressor is not None  # noqa: S101 - the same
        while not self._ended:
            data = b""
            if self._decompressor.needs_input:
                data = self._raw_piece(self._form.piece)
                if not data:
                    raise EOFError("it ends too early")
            piece = self._decompressor.decompress(data, max(wanted, 1))
            if self._decompressor.eof:
                self._next_stream()
            if piece:
                return piece
        return b""

    def _next_stream(self) -> None:
        """Begin the stream that follows the finished one, as `cat a.gz b.gz` and `pzstd` write them, or end."""
        assert self._form is not None  # noqa: S101 - for the type checker, as above
        assert self._decompressor is not None  # noqa: S101 - the same
        rest = self._decompressor.unused_data.lstrip(b"\x00")  # padding is allowed after xz and gzip streams
        while len(rest) < len(self._form.magic) and (piece := self._raw_piece(self._form.piece)):
            rest = (rest + piece).lstrip(b"\x00")
        if not rest:
            self._ended = True
        elif rest.startswith(self._form.magic) or _is_skippable(self._form, rest):
            self._decompressor = _Resumed(self._form.start(), rest)
        else:
            raise ValueError("something else follows it")


class _Resumed:
    """A decompressor that has its first input already."""

    def __init__(self, inner: _Decompressor, data: bytes) -> None:
        self._inner = inner
        self._data = data

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._data and self._inner.needs_input

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        first, self._data = self._data, b""
        return self._inner.decompress(first + data, max_length)


def _is_skippable(form: Format, head: bytes) -> bool:
    """Whether a zstd frame without content comes next (RFC 8878 §3.1.2)."""
    return form.name == "zstd" and head[1:4] == b"\x2a\x4d\x18" and head[0] & 0xF0 == 0x50
