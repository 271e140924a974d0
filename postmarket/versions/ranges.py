"""Ranges of versions, and their complement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from postmarket.versions.errors import UnknownVersion, VersionsError
from postmarket.versions.interface import HIGHEST, LOWEST, Range, Scheme
from postmarket.versions.keys import key

_SUCCESSOR = b"\x00"
_WILDCARD = re.compile(r"[vV]?([0-9]+(?:\.[0-9]+)*)(?:\.[*xX])+")
_LOWEST_SUFFIX = {
    Scheme.APK: "_alpha",
    Scheme.DEB: "~",
    Scheme.GEM: ".A",
    Scheme.GENERIC: "-dev",
    Scheme.GO: "-0",
    Scheme.MAVEN: "-alpha",
    Scheme.NPM: "-0",
    Scheme.NUGET: "-0",
    Scheme.OPENSSL: "-dev",
    Scheme.PYPI: ".dev0",
    Scheme.RPM: "~",
    Scheme.SEMVER: "-0",
    Scheme.WINDOWS: ".0",
}
"""What the lowest version that begins with given numbers ends in: pre-releases belong to the release they precede."""


def exactly(scheme: Scheme, version: str) -> Range:
    """The range that holds `version` and its equals only. Raises UnknownVersion."""
    found = _known(scheme, version)
    return Range(scheme, found, found + _SUCCESSOR)


def between(
    scheme: Scheme,
    *,
    lower: str | None = None,
    lower_inclusive: bool = True,
    upper: str | None = None,
    upper_inclusive: bool = False,
) -> Range:
    """
    From `lower` to `upper`; None leaves that end open.

    Raises UnknownVersion when an end cannot be keyed, VersionsError when the range is empty (its ends are kept in the
    message) or the scheme has no order (git commits).
    """
    if scheme is Scheme.GIT:
        raise VersionsError(
            "No range of git commits", why="commits have no order", next_step="Compare exact commits instead."
        )
    lo, hi = LOWEST, HIGHEST
    if lower is not None:
        lo = _known(scheme, lower) + (b"" if lower_inclusive else _SUCCESSOR)
    if upper is not None:
        hi = _known(scheme, upper) + (_SUCCESSOR if upper_inclusive else b"")
    if lo >= hi:
        words = f"{'>=' if lower_inclusive else '>'} {lower}, {'<=' if upper_inclusive else '<'} {upper}"
        raise VersionsError(f"The range {words} is empty", why=f"its lower end is not below its upper end in {scheme}")
    return Range(scheme, lo, hi)


def everything(scheme: Scheme) -> Range:
    """Every version that has a key in the scheme."""
    return Range(scheme, LOWEST, HIGHEST)


def wildcard(scheme: Scheme, pattern: str) -> Range:
    """
    All versions that begin with the numbers of `5.10.*` (or `5.10.x`), pre-releases of 5.10 with them; `*` is all.

    Raises UnknownVersion for any other pattern, and for a scheme without such prefixes (dates, git).
    """
    pattern = pattern.strip()
    if pattern == "*":
        return everything(scheme)
    found = _WILDCARD.fullmatch(pattern)
    if not found or scheme not in _LOWEST_SUFFIX or len(pattern) > 256:
        raise UnknownVersion(
            f"The pattern {pattern[:80]!r} means no range of {scheme} versions",
            next_step="Write numbers and a final .* such as 5.10.*",
        )
    head, _, last = found[1].rpartition(".")
    following = f"{head}.{int(last) + 1}" if head else str(int(last) + 1)
    return Range(scheme, _floor(scheme, found[1]), _floor(scheme, following))


def complement(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """
    Everything of their one scheme that none of `ranges` holds, merged and in order.

    Raises VersionsError for no range at all, or for ranges of several schemes: neither has one complement.
    """
    ordered = sorted(ranges, key=lambda item: item.lo)
    schemes = {item.scheme for item in ordered}
    if len(schemes) != 1:
        why = f"they are of the schemes {', '.join(sorted(schemes))}" if schemes else "there are none"
        raise VersionsError("These ranges have no complement", why=why)
    (scheme,) = schemes
    ends = [(LOWEST, LOWEST), *_merged(ordered), (HIGHEST, HIGHEST)]
    return tuple(Range(scheme, before[1], after[0]) for before, after in pairwise(ends) if before[1] < after[0])


def _merged(ordered: list[Range]) -> list[tuple[bytes, bytes]]:
    merged: list[tuple[bytes, bytes]] = []
    for item in ordered:
        if merged and item.lo <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], item.hi))
        else:
            merged.append((item.lo, item.hi))
    return merged


def _floor(scheme: Scheme, numbers: str) -> bytes:
    lowest = _known(scheme, numbers + _LOWEST_SUFFIX[scheme])
    # In the generic scheme a pre-release can have pre-releases (5.10-dev-rc1): all begin as `5.10-dev` does.
    return lowest[:-1] if scheme is Scheme.GENERIC else lowest


def _known(scheme: Scheme, version: str) -> bytes:
    found = key(scheme, version)
    if found is None:
        raise UnknownVersion(
            f"The version {version[:80]!r} is unknown",
            why=f"it is not written as a {scheme} version",
            next_step="It is kept in the source's words and shown as possible.",
        )
    return found
