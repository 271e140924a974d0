"""What the three readers share: typed trees out of JSON, identifiers and times in one spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from postmarket.documents.errors import VexError
from postmarket.documents.vex.interface import Justification
from postmarket.versions.cpe import parse, to_formatted
from postmarket.versions.errors import VersionsError

T = TypeVar("T")

_HASH = re.compile(r"[0-9a-f]{16,256}")
_ALGORITHM = re.compile(r"(MD|SHA|SHA3|BLAKE2S|BLAKE2B)[-_]?(\d+)", re.IGNORECASE)
_UNHYPHENATED = {"MD5": "MD5", "SHA1": "SHA-1"}


def typed(tree: Any, shape: type[T], *, name: str) -> T:
    """`tree` as `shape`. Raises VexError naming the place whose type is another."""
    try:
        return msgspec.convert(tree, shape)
    except msgspec.ValidationError as error:
        why, _, place = str(error).partition(" - at `$")
        raise VexError(
            "is no VEX document of its format",
            where=f"{name}: {place.rstrip('`').lstrip('.')}" if place else name,
            why=why,
            next_step="Ask the supplier for a corrected document.",
        ) from None


def text(value: str | None) -> str:
    """`value` without white space around it; empty when there is none."""
    return (value or "").strip()


def texts(values: Iterable[str | None]) -> tuple[str, ...]:
    """Each text once, in order, without empty ones."""
    return tuple(dict.fromkeys(found for value in values if (found := text(value))))


def sentences(values: Iterable[str | None]) -> str:
    """Several texts as one."""
    return "; ".join(texts(values))


def cpe(value: str | None) -> tuple[str, ...]:
    """The 2.3 formatted string of a CPE in any binding; as written when it cannot be read; nothing when empty."""
    written = text(value)
    if not written:
        return ()
    try:
        return (to_formatted(parse(written)),)
    except VersionsError:
        return (written,)


def hashes(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Algorithm and value as CycloneDX writes them; what is no hash is left out, since it identifies nothing."""
    found = []
    for algorithm, value in pairs:
        known = _ALGORITHM.search(algorithm)
        digest = value.strip().lower()
        if known and _HASH.fullmatch(digest):
            family, size = known[1].upper().replace("BLAKE2S", "BLAKE2s").replace("BLAKE2B", "BLAKE2b"), known[2]
            found.append((_UNHYPHENATED.get(f"{family}{size}", f"{family}-{size}"), digest))
    return tuple(dict.fromkeys(found))


def utc(value: str | None) -> str:
    """An RFC 3339 time in UTC, whole seconds; empty when there is none or it cannot be read."""
    try:
        moment = datetime.fromisoformat(text(value))
    except ValueError:
        return ""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)  # a time without zone is read as UTC, as most tools write it
    try:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        return ""


def justification(label: str | None, table: Mapping[str, Justification] | None = None) -> tuple[Justification, str]:
    """The justification that `label` stands for, and `label` itself when it is not one of CISA's five."""
    said = text(label)
    if table is not None:
        return table.get(said, Justification.NOT_GIVEN), said
    try:
        return Justification(said), ""
    except ValueError:
        return Justification.NOT_GIVEN, said
