"""
A file from the network onto the disk: whole or not at all, never larger than allowed, resumed where it broke off.

An archive is stored byte for byte (its hash is published of those bytes) and grows in `NAME.part`; when the server
names its version with a strong ETag or a date, a later attempt, also of another process, asks only for the rest
(RFC 9110 §14, If-Range). Anything else is small, travels compressed and is stored decoded.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from postmarket.errors import visible
from postmarket.sources.sync.client import Again
from postmarket.sources.sync.errors import CannotFetch
from postmarket.sources.sync.links import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import httpx

    from postmarket.sources.sync.client import Client
    from postmarket.sources.sync.pace import Pace

_ARCHIVES = (".gz", ".zip", ".xz", ".bz2", ".zst")
_CHUNK = 1 << 18
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")

GZIP = (b"\x1f\x8b",)
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
JSON = (b"{", b"[")


@dataclass(frozen=True, slots=True)
class Ask:
    """
    What to download.

    `begins` are the first bytes the file may have, white space and a byte order mark apart: a login page never passes
    for a feed. `check` looks at the whole file before it takes its place, and raises CannotFetch to refuse it. `etag`
    and `last_modified` are of the copy at hand, empty when there is none. `retry_on` are statuses that may pass,
    besides 429 and 5xx.
    """

    url: str
    target: Path
    limit: int
    begins: tuple[bytes, ...]
    check: Callable[[Path], None] | None = None
    etag: str = ""
    last_modified: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    pace: Pace | None = None
    retry_on: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What came; `changed` is false when the copy at hand is the latest (304), and then nothing was written."""

    changed: bool
    sha256: str = ""
    size: int = 0
    etag: str = ""
    last_modified: str = ""


class _PartInfo(msgspec.Struct, frozen=True):
    """Which version of which address a `.part` file is the beginning of."""

    url: str
    version: str


def download(client: Client, ask: Ask) -> Downloaded:
    """
    Fetch `ask.url` into `ask.target`, replacing it in one step; folders are made.

    Raises CannotFetch for a refusal, a wrong kind of file, one over the limit, or a disk that cannot be written.
    """
    try:
        ask.target.parent.mkdir(parents=True, exist_ok=True)
        return client.patiently(ask.url, lambda: _once(client, ask))
    except OSError as problem:
        raise CannotFetch(
            "the file cannot be stored",
            where=shown(ask.url),
            why=f"{ask.target}: {problem.strerror or problem}",
            next_step="Free some disk space or choose another folder, then run the sync again.",
        ) from problem


def _once(client: Client, ask: Ask) -> Downloaded:
    part = ask.target.with_name(f"{ask.target.name}.part")
    info = ask.target.with_name(f"{ask.target.name}.part-info")
    whole = shown(ask.url).partition("?")[0].lower().endswith(_ARCHIVES)
    begun = _begun(part, info, ask.url) if whole else None
    headers = _headers(ask, whole, part, begun)
    accept = {200} | ({304} if ask.etag or ask.last_modified else set()) | ({206, 416} if begun else set())
    with client.answer(
        ask.url, headers=headers, pace=ask.pace, retry_on=ask.retry_on, accept=frozenset(accept)
    ) as response:
        if response.status_code == 304:
            return Downloaded(changed=False)
        if response.status_code == 416 or (response.status_code == 206 and not _continues(response, part)):
            _drop(part, info)
            raise Again(CannotFetch("the server sent another part than asked for", where=shown(ask.url)), 0.0)
        etag, last_modified = response.headers.get("etag", ""), response.headers.get("last-modified", "")
        if response.status_code == 200:
            _drop(part, info)
            version = etag if etag and not etag.startswith("W/") else last_modified
            if whole and version:
                info.write_bytes(msgspec.json.encode(_PartInfo(shown(ask.url), version)))
        digest, size = _write(client, ask, response, part, whole)
    try:
        _check_beginning(ask, part)
        if ask.check is not None:
            ask.check(part)
    except CannotFetch:
        _drop(part, info)
        raise
    part.replace(ask.target)
    info.unlink(missing_ok=True)
    return Downloaded(True, digest, size, etag, last_modified)


def _headers(ask: Ask, whole: bool, part: Path, begun: _PartInfo | None) -> dict[str, str]:
    headers = {**ask.headers, "Accept-Encoding": "identity" if whole else "gzip, deflate"}
    if begun is not None:
        return {**headers, "Range": f"bytes={part.stat().st_size}-", "If-Range": begun.version}
    if ask.etag:
        headers["If-None-Match"] = ask.etag
    if ask.last_modified:
        headers["If-Modified-Since"] = ask.last_modified
    return headers


def _begun(part: Path, info: Path, url: str) -> _PartInfo | None:
    """What is known of a download that broke off, None when it cannot be gone on with."""
    try:
        known = msgspec.json.decode(info.read_bytes(), type=_PartInfo)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return known if known.url == shown(url) and part.is_file() and part.stat().st_size > 0 else None


def _continues(response: httpx.Response, part: Path) -> bool:
    found = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", "").strip())
    return found is not None and int(found.group(1)) == part.stat().st_size


def _drop(part: Path, info: Path) -> None:
    part.unlink(missing_ok=True)
    info.unlink(missing_ok=True)


def _write(client: Client, ask: Ask, response: httpx.Response, part: Path, whole: bool) -> tuple[str, int]:
    """Append the body to `part`; SHA-256 and size of all of it."""
    digest = hashlib.sha256()
    size = 0
    give_up_at = client.options.clock() + client.options.file_timeout
    to_come = _length(response) if whole else None
    client.progress.fetching(shown(ask.url), to_come)
    with part.open("ab") as file:
        if file.tell():
            size = _digest_so_far(part, digest)
        client.check_size(ask.url, size + (to_come or 0), ask.limit)
        for chunk in _chunks(response, whole):
            size += len(chunk)
            if size > ask.limit:
                file.truncate(0)
            client.check_size(ask.url, size, ask.limit)
            if client.options.clock() > give_up_at:
                raise CannotFetch(
                    "the answer comes too slowly",
                    where=shown(ask.url),
                    why=f"not whole after {client.options.file_timeout:.0f} s",
                    next_step="Run the sync again: it goes on from here where the server allows it.",
                )
            file.write(chunk)
            digest.update(chunk)
            client.progress.received(len(chunk))
    return digest.hexdigest(), size


def _chunks(response: httpx.Response, whole: bool) -> Iterator[bytes]:
    return response.iter_raw() if whole else response.iter_bytes()


def _length(response: httpx.Response) -> int | None:
    text = response.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _digest_so_far(part: Path, digest: hashlib._Hash) -> int:
    size = 0
    with part.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size


def _check_beginning(ask: Ask, part: Path) -> None:
    with part.open("rb") as file:
        start = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(ask.begins):
        raise CannotFetch(
            "the answer is not the kind of file asked for",
            where=shown(ask.url),
            why=f"it begins with {visible(start[:40].decode('latin-1'))!r}" if start else "it is empty",
            next_step="A proxy or login page may stand between; open the address in a browser from this machine.",
        )
