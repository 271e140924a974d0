"""The edge where bytes become typed values, and where what cannot be read becomes a Refused."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import wraps
from typing import TypeVar

import msgspec

from postmarket.errors import visible
from postmarket.sources.errors import SourceError
from postmarket.sources.interface import Item, Record, Refused
from postmarket.untrusted.documents import Document

T = TypeVar("T")
Read = Callable[[Document], Iterator[Item]]

_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")
_ANY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,199}")
_SHOWN = 200


def decode(decoder: msgspec.json.Decoder[T], content: bytes | msgspec.Raw) -> T:
    """
    `content` as the decoder's type; UTF-8 with or without a BOM, or UTF-16 with one.

    Raises SourceError, with the reason, for anything else: no JSON, cut short, another shape, nested too deeply.
    """
    try:
        return decoder.decode(content if isinstance(content, msgspec.Raw) else _utf8(content))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise SourceError("cannot be read", why=_short(str(error))) from None


def _utf8(content: bytes) -> bytes:
    if content.startswith(codecs.BOM_UTF8):
        return content[len(codecs.BOM_UTF8) :]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16").encode()
    return content


def refused(document: Document, place: str, why: str) -> Refused:
    """A Refused at `place` in the document ("item 3 (CVE-…)"; empty for all of it), on one line."""
    where = f"{document.name}: {place}" if place else document.name
    return Refused(where=visible(where), why=_short(why))


def _short(text: str) -> str:
    return visible(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def cve_id(text: str) -> str:
    """A CVE id, upper case. Raises SourceError for anything else."""
    found = text.strip().upper()
    if not _CVE.fullmatch(found):
        raise SourceError("is no CVE id", why=_short(repr(text)))
    return found


def record_id(text: str) -> str:
    """An identifier of a record in any database, as it is. Raises SourceError for none, or one with spaces or signs."""
    if not _ANY_ID.fullmatch(text):
        raise SourceError("is no record id", why=_short(repr(text)))
    return text


def utc(text: str) -> str:
    """
    A time or date of ISO 8601 as RFC 3339 in UTC to the second; a time without a zone is UTC, a date its first second.

    Empty for anything else, and for a time outside the years 1 to 9999.
    """
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None and at.utcoffset():
            at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return f"{at.replace(tzinfo=None, microsecond=0).isoformat()}Z"


def once_each(read: Read) -> Read:
    """A reader that says at most one Record per record id and document: the first stands, the others are refused."""

    @wraps(read)
    def reading(document: Document) -> Iterator[Item]:
        seen: set[str] = set()
        for item in read(document):
            if isinstance(item, Record):
                if item.record_id in seen:
                    yield refused(document, item.record_id, "it is given twice in this document; the first is kept")
                    continue
                seen.add(item.record_id)
            yield item

    return reading
