"""The one way a value is written as bytes (RFC 8785), so that equal values have equal hashes on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import rfc8785

from postmarket.records.errors import RecordRefused

if TYPE_CHECKING:
    from postmarket.records.interface import Value

MOST_BYTES = 1 << 20
DEEPEST = 40


def canonical(value: Value) -> bytes:
    """
    `value` in the JSON Canonicalization Scheme (RFC 8785), UTF-8.

    Raises RecordRefused for a fraction, an integer beyond ±(2^53 - 1), half a surrogate pair, an object key that is no
    text, any type JSON lacks, nesting deeper than 40 levels, and more than 1 MiB: keep such a thing as evidence.
    """
    try:
        content = rfc8785.dumps(_plain(value, "", DEEPEST))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise RecordRefused("This cannot be recorded", why=str(error), next_step="Write it as plain text.") from error
    if len(content) > MOST_BYTES:
        raise RecordRefused(
            "This is too large for a record",
            why=f"{len(content):,} bytes, and {MOST_BYTES:,} is the most",
            next_step="Keep it as evidence and record its hash.",
        )
    return content


def content_hash(value: Value | bytes) -> str:
    """SHA-256 (lower-case hex) of bytes, or of a value's canonical bytes: what a signature says was shown."""
    content = value if isinstance(value, bytes) else canonical(value)
    return hashlib.sha256(content).hexdigest()


def _plain(value: Value, place: str, depth: int) -> Any:
    """The same with Python's own lists and dicts, once every part of it is something JSON has."""
    if depth == 0:
        raise RecordRefused("This cannot be recorded", where=place, why=f"it is nested deeper than {DEEPEST} levels")
    match value:
        case None | str() | bool() | int():
            return value
        case Mapping():
            return {key: _plain(item, f"{place}.{key}".lstrip("."), depth - 1) for key, item in value.items()}
        case Sequence() if not isinstance(value, (bytes, bytearray, memoryview)):
            return [_plain(item, f"{place}[{index}]", depth - 1) for index, item in enumerate(value)]
    raise RecordRefused(
        "This cannot be recorded",
        where=place,
        why=f"a {type(value).__name__} is not text, a whole number, yes or no, nothing, a list or a mapping",
        next_step="Write it as text; times with records.interface.instant.",
    )
