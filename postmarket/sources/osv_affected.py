"""
`affected[]` of an OSV record as criteria.

A version is affected when a range says so or `versions` lists it (OSV schema, "Evaluation"). Events are sorted by
version, not by their place in the list. Versions that lie in a range already need no criterion of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.criteria import possible, stated
from postmarket.sources.interface import NameKind
from postmarket.sources.spans import Edge, Span, covers, edge, exact
from postmarket.versions import purl as purls
from postmarket.versions.errors import InvalidPurl, VersionsError
from postmarket.versions.interface import HIGHEST, LOWEST, Scheme
from postmarket.versions.keys import scheme_of_osv_ecosystem, scheme_of_purl_type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postmarket.sources.configurations import Configurations


class Severity(msgspec.Struct, gc=False):
    """A CVSS vector, or a word."""

    type: str
    score: str


class Event(msgspec.Struct, gc=False):
    """One end of a range; exactly one of the four is set."""

    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None
    limit: str | None = None


class EventRange(msgspec.Struct):
    """Events of one type: SEMVER, ECOSYSTEM or GIT."""

    type: str
    events: list[Event] = []


class Package(msgspec.Struct, gc=False):
    """The package, by its ecosystem's name and perhaps by purl."""

    ecosystem: str = ""
    name: str = ""
    purl: str | None = None


class Affected(msgspec.Struct):
    """One package and its affected versions."""

    package: Package | None = None
    ranges: list[EventRange] | None = None
    versions: list[str] | None = None
    severity: list[Severity] | None = None


def add_affected(affected: Affected, found: Configurations) -> None:
    """Add the criteria of `affected` to `found`; what cannot be read goes to its `unread`."""
    name, scheme = _product(affected.package)
    ranges = affected.ranges or []
    if not name:
        if ranges or affected.versions:
            found.unread.append("affected versions of no named package: git commits only")
        return
    spans: list[Span] = []
    ordered = [item for item in ranges if item.type.upper() != "GIT"]
    for item in ordered:
        try:
            # Every SEMVER range is of an ecosystem that writes SemVer with its own habits (Go's "v", npm's "=").
            semver = item.type.upper() == "SEMVER" and scheme is Scheme.GENERIC
            spans += _spans(item.events, Scheme.SEMVER if semver else scheme)
        except VersionsError as error:
            found.unread.append(f"{name}: {_words(item.events)}: {error.why or error.what}")
            found.add_alone(possible(NameKind.PURL, name, _words(item.events)))
    for span in spans:
        found.add_alone(stated(NameKind.PURL, name, span))
    listed = _add_versions(affected.versions or (), spans, name, scheme, found)
    if not ordered and not listed:
        _add_unbounded(name, ranges, found)


def _product(package: Package | None) -> tuple[str, Scheme]:
    if package is None:
        return "", Scheme.GENERIC
    if package.ecosystem and package.name:
        return purls.product_name_of_osv(package.ecosystem, package.name), scheme_of_osv_ecosystem(package.ecosystem)
    try:
        purl = purls.parse(package.purl or "")
    except InvalidPurl:
        return "", Scheme.GENERIC
    return purls.product_names(purl)[0], scheme_of_purl_type(purl.type)


def _add_unbounded(name: str, ranges: list[EventRange], found: Configurations) -> None:
    """A package without any version: only git commits, or nothing at all, which may be any version."""
    why = "only git commits say which versions" if ranges else "no versions are given"
    found.unread.append(f"{name}: {why}")
    found.add_alone(possible(NameKind.PURL, name, why))


def _add_versions(versions: Iterable[str], spans: list[Span], name: str, scheme: Scheme, found: Configurations) -> bool:
    """A criterion for each listed version outside the spans; whether there was any version at all."""
    any_version = False
    for version in versions:
        any_version = True
        alone = _exact(version, scheme)
        if alone is None:
            found.unread.append(f"{name} = {version[:80]}: it is no version of {scheme}")
        elif not covers(spans, alone):
            found.add_alone(stated(NameKind.PURL, name, alone))
    return any_version


def _exact(version: str, scheme: Scheme) -> Span | None:
    """A listed version in its scheme; one that breaks the scheme's rules is still itself in the generic one."""
    for candidate in (scheme, Scheme.GENERIC):
        try:
            return exact(candidate, version)
        except VersionsError:
            continue
    return None


def _words(events: list[Event]) -> str:
    said = (
        (word, getattr(event, field))
        for event in events
        for word, field in ((">=", "introduced"), ("<", "fixed"), ("<=", "last_affected"), ("<", "limit"))
    )
    return ", ".join(f"{word} {version}"[:120] for word, version in said if version)[:400]


def _spans(events: list[Event], scheme: Scheme) -> list[Span]:
    """
    The affected spans. `introduced: "0"` is before every version, `limit: "*"` after it.

    At one and the same version an end comes before a beginning, so that the version counts as affected.
    Raises UnknownVersion, or VersionsError when there is no event or nothing is introduced.
    """
    ends: list[tuple[bytes, int, Edge | None]] = []
    limit: Edge | None = None
    for event in events:
        if event.introduced is not None:
            begin = None if event.introduced == "0" else edge(scheme, event.introduced, after=False)
            ends.append((begin.key if begin else LOWEST, 1, begin))
        elif event.fixed is not None:
            end = edge(scheme, event.fixed, after=False)
            ends.append((end.key, 0, end))
        elif event.last_affected is not None:
            end = edge(scheme, event.last_affected, after=True)
            ends.append((end.key, 0, end))
        elif event.limit is not None and event.limit != "*":
            end = edge(scheme, event.limit, after=False)
            limit = end if limit is None or end.key > limit.key else limit
    if not any(begins for _, begins, _ in ends):
        raise VersionsError("nothing is introduced")
    return _limited(_paired(ends, scheme), limit)


def _paired(ends: list[tuple[bytes, int, Edge | None]], scheme: Scheme) -> list[Span]:
    spans: list[Span] = []
    inside = False
    begin: Edge | None = None
    for _, begins, end in sorted(ends, key=lambda item: item[:2]):
        if begins and not inside:
            inside, begin = True, end
        elif not begins and inside:
            inside = False
            spans.append(Span(scheme, begin, end))
    if inside:
        spans.append(Span(scheme, begin, None))
    return spans


def _limited(spans: list[Span], limit: Edge | None) -> list[Span]:
    if limit is None:
        return spans
    limited = (
        span._replace(upper=limit) if limit.key < (span.upper.key if span.upper else HIGHEST) else span
        for span in spans
    )
    return [span for span in limited if span.range.lo < span.range.hi]
