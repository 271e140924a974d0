"""OSV records (https://ossf.github.io/osv-schema/), one document each, as the OSV buckets and zips ship them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.configurations import Configurations
from postmarket.sources.edge import decode, record_id, refused, utc
from postmarket.sources.errors import SourceError
from postmarket.sources.interface import Item, Rating, Record, Source, State
from postmarket.sources.osv_affected import Affected, Severity, add_affected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postmarket.untrusted.documents import Document

_CWE = re.compile(r"CWE-[0-9]{1,6}")
_PREFIX = re.compile(r"CVSS:([0-9]\.[0-9])/")
_WITHOUT_PREFIX = {"CVSS_V2": "2.0"}


class _Reference(msgspec.Struct, gc=False):
    url: str = ""


class _Specific(msgspec.Struct):
    """What we read of `database_specific`, whose content each database defines: GitHub's `cwe_ids`."""

    cwe_ids: list[str] | None = None


class _Osv(msgspec.Struct):
    id: str
    modified: str
    published: str = ""
    withdrawn: str | None = None
    aliases: list[str] | None = None
    upstream: list[str] | None = None
    related: list[str] | None = None
    summary: str = ""
    details: str = ""
    severity: list[Severity] | None = None
    affected: list[msgspec.Raw] | None = None
    references: list[_Reference] | None = None
    database_specific: msgspec.Raw = msgspec.Raw(b"{}")


_OSV = msgspec.json.Decoder(_Osv)
_AFFECTED = msgspec.json.Decoder(Affected)
_SPECIFIC = msgspec.json.Decoder(_Specific)


def read(document: Document) -> Iterator[Item]:
    """The one Record of an OSV document, or one Refused."""
    try:
        yield _record(decode(_OSV, document.content))
    except SourceError as error:
        yield refused(document, "", f"is no OSV record: {error.reason()}")


def _record(osv: _Osv) -> Record:
    identifier = record_id(osv.id)
    aliases, weaker = _aliases(identifier, osv.aliases or ())
    found = Configurations()
    ratings = _ratings(identifier, osv.severity or ())
    for number, raw in enumerate(osv.affected or (), 1):
        try:
            affected = decode(_AFFECTED, raw)
        except SourceError as error:
            found.unread.append(f"affected[{number}]: {error.why}")
            continue
        add_affected(affected, found)
        ratings.update(_ratings(identifier, affected.severity or ()))
    return Record(
        source=Source.OSV,
        id=identifier,
        record_id=identifier,
        state=State.WITHDRAWN if osv.withdrawn else State.PUBLISHED,
        published=utc(osv.published),
        modified=utc(osv.modified),
        title=osv.summary,
        description=osv.details,
        aliases=aliases,
        related=tuple(dict.fromkeys((*weaker, *_ids(osv.upstream or ()), *_ids(osv.related or ())))),
        ratings=tuple(ratings),
        cwes=_cwes(osv.database_specific),
        references=tuple(dict.fromkeys(reference.url for reference in osv.references or () if reference.url)),
        criteria=tuple(found.criteria),
        unread=tuple(dict.fromkeys(found.unread)),
    )


def _aliases(identifier: str, aliases: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    The aliases that name the same one vulnerability, and those that do not.

    An advisory with two names in one database (two CVEs above all) speaks of two vulnerabilities: merging it with
    either would merge both, so all of its names are only related.
    """
    names = tuple(name for name in dict.fromkeys(_ids(aliases)) if name != identifier)
    databases = [name.partition("-")[0].upper() for name in (identifier, *names)]
    return (names, ()) if len(set(databases)) == len(databases) else ((), names)


def _ids(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            yield record_id(name)
        except SourceError:
            continue  # a name no record can have leads nowhere


def _ratings(identifier: str, severity: Iterable[Severity]) -> dict[Rating, None]:
    """The CVSS vectors; other types (Ubuntu's words) are no vectors."""
    found: dict[Rating, None] = {}
    for item in severity:
        prefix = _PREFIX.match(item.score)
        version = prefix[1] if prefix else _WITHOUT_PREFIX.get(item.type, "")
        if version:
            found[Rating(version, item.score, None, identifier.partition("-")[0])] = None
    return found


def _cwes(specific: msgspec.Raw) -> tuple[str, ...]:
    try:
        found = decode(_SPECIFIC, specific)
    except SourceError:
        return ()  # each database may put anything here
    return tuple(dict.fromkeys(cwe for cwe in found.cwe_ids or () if _CWE.fullmatch(cwe)))
