"""Criteria out of CPE matches and spans, with what could not be read of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from msgspec.structs import replace

from postmarket.sources.interface import Certainty, Criterion, NameKind
from postmarket.sources.spans import NO_VERSION, Span, exact, span, whole
from postmarket.versions import cpe
from postmarket.versions.errors import InvalidCpe, VersionsError
from postmarket.versions.interface import Scheme

Claim = tuple[Criterion, str]
"""A criterion, and why it is only possible where its words could not be read (empty when they could)."""


def stated(kind: NameKind, name: str, found: Span, *, attributes: str = "", vulnerable: bool = True) -> Criterion:
    """The criterion of a span that the source states."""
    return Criterion(
        kind, name, found.range, found.words, attributes=attributes, vulnerable=vulnerable, fixed=found.fixed
    )


def possible(
    kind: NameKind, name: str, text: str, *, found: Span | None = None, attributes: str = "", vulnerable: bool = True
) -> Criterion:
    """The criterion of words that were not (all) understood: over every version, or over the span that was."""
    covered = (found or whole(Scheme.GENERIC)).range
    return Criterion(kind, name, covered, text, Certainty.POSSIBLE, attributes, vulnerable)


@lru_cache(maxsize=2**16)
def of_cpe(
    name: str,
    vulnerable: bool,
    start_including: str | None,
    start_excluding: str | None,
    end_including: str | None,
    end_excluding: str | None,
) -> Claim:
    """
    The criterion of one CPE match, as NVD's configurations and CVE's `cpeApplicability` write it.

    The stated ends make the range, else the name's own version with its update; `*` is every version, `-` every
    version but only possibly. What is no CPE name becomes a criterion that no product answers to: its place in a
    configuration is kept.
    """
    try:
        parts = cpe.split_formatted(name)
    except InvalidCpe as error:
        return possible(NameKind.CPE, name[:200], NO_VERSION, vulnerable=vulnerable), error.line()
    product = cpe.product_name(parts)
    # A stated update is part of the version here, and must not be asked for twice.
    attributes = cpe.attributes((*parts[:4], cpe.ANY, *parts[5:]))

    def read(make: Callable[[], Span], words: str) -> Claim:
        try:
            return stated(NameKind.CPE, product, make(), attributes=attributes, vulnerable=vulnerable), ""
        except VersionsError as error:
            claim = possible(NameKind.CPE, product, words, attributes=attributes, vulnerable=vulnerable)
            return claim, f"{product} {words}: {error.why or error.what}"

    lower = start_including or start_excluding
    upper = end_excluding or end_including
    if lower or upper:
        words = _words(start_including, start_excluding, end_including, end_excluding)
        return read(
            lambda: span(
                Scheme.GENERIC,
                lower=lower,
                lower_inclusive=bool(start_including),
                upper=upper,
                upper_inclusive=not end_excluding,
            ),
            words,
        )
    if parts[3] == cpe.NA and not vulnerable:
        # A platform only has to be present; `-` is how NVD writes "in whatever version" there.
        return stated(NameKind.CPE, product, whole(Scheme.GENERIC), attributes=attributes, vulnerable=False), ""
    if parts[3] == cpe.NA:
        return possible(NameKind.CPE, product, NO_VERSION, attributes=attributes, vulnerable=vulnerable), ""
    version = cpe.version_text(parts)
    if not version:
        return stated(NameKind.CPE, product, whole(Scheme.GENERIC), attributes=attributes, vulnerable=vulnerable), ""
    claim, why = read(lambda: exact(Scheme.GENERIC, version), f"= {version}")
    alone = parts[4] == cpe.ANY and claim.certainty is Certainty.STATED
    return replace(claim, exact=True) if alone else claim, why


@lru_cache(maxsize=2**12)
def bare_of_cpe(name: str) -> Criterion | None:
    """
    For a name of one version with an update (`5.0.1:sp4`): the criterion of the bare version, asking for that update.

    An inventory often leaves the update out, which is unknown and not "none": it must not be missed. None for any
    other name.
    """
    try:
        parts = cpe.split_formatted(name)
        if parts[3] == cpe.NA or cpe.has_wildcard(parts[3]) or parts[4] in (cpe.ANY, cpe.NA):
            return None
        found = exact(Scheme.GENERIC, cpe.version_text((*parts[:4], cpe.ANY)))
    except VersionsError:
        return None
    return stated(NameKind.CPE, cpe.product_name(parts), found, attributes=cpe.attributes(parts))


def _words(
    start_including: str | None, start_excluding: str | None, end_including: str | None, end_excluding: str | None
) -> str:
    ends = ((">=", start_including), (">", start_excluding), ("<", end_excluding), ("<=", end_including))
    return ", ".join(f"{operator} {version}" for operator, version in ends if version)
