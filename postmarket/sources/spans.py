"""
A range of versions that still knows its words.

`Range` holds bytes only; a `Span` also holds the versions its ends were made of, so that the criterion can say
`>= 1.0.2, < 1.0.2zf`, and so that a later room can key the same words in another scheme (`read_span`).

    words    = "any" | exact | wildcard | end | lower ", " upper
    exact    = "= 1.2.3"        wildcard = "= 5.10.*"
    lower    = ">= 1.2" | "> 1.2"       upper = "< 1.2" | "<= 1.2"      (an end may be a wildcard: "<= 5.10.*")
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from postmarket.versions.errors import UnknownVersion, VersionsError
from postmarket.versions.interface import HIGHEST, LOWEST, Range, Scheme
from postmarket.versions.ranges import complement, everything, exactly, wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ANY = "any"
"""The words of a span without ends."""
NO_VERSION = "-"
"""The words of a CPE whose version is `-`: "not applicable", as good as no version at all."""

_WILDCARD = re.compile(r"[vV]?[0-9]+(?:\.[0-9]+)*(?:\.[*xX])+")
_STARS = frozenset("*xX")
_WORDS = re.compile(r"(?:(?P<lower>>=?) (?P<from>[^,]+))?(?:, )?(?:(?P<upper><=?) (?P<to>[^,]+))?")


class Edge(NamedTuple):
    """One end of a span: its key, the version as written, and whether it lies just after that version."""

    key: bytes
    words: str
    after: bool


class Span(NamedTuple):
    """The versions of `scheme` from `lower` to before `upper`; None leaves that end open."""

    scheme: Scheme
    lower: Edge | None
    upper: Edge | None

    @property
    def range(self) -> Range:
        """The span as keys."""
        return Range(self.scheme, self.lower.key if self.lower else LOWEST, self.upper.key if self.upper else HIGHEST)

    @property
    def words(self) -> str:
        """The span in the fixed form above."""
        lower, upper = self.lower, self.upper
        if lower and upper and lower.words == upper.words and upper.after and not lower.after:
            return f"= {lower.words}"
        ends = []
        if lower:
            ends.append(f"{'>' if lower.after else '>='} {lower.words}")
        if upper:
            ends.append(f"{'<=' if upper.after else '<'} {upper.words}")
        return ", ".join(ends) or ANY

    @property
    def fixed(self) -> str:
        """The first version after the span, when it is stated as such (`< 1.2.3`)."""
        return self.upper.words if self.upper and not self.upper.after else ""


def whole(scheme: Scheme) -> Span:
    """Every version."""
    return Span(scheme, None, None)


def edge(scheme: Scheme, version: str, *, after: bool) -> Edge:
    """The end just before or just after `version`, which may be a wildcard (`5.10.*`). Raises UnknownVersion."""
    version = version.strip()
    if version.endswith("*") and version[-2:-1].isdigit():
        version = f"{version[:-1]}.*"  # Juniper and HPE write 20.3*
    found = (
        wildcard(scheme, version)
        if version[-1:] in _STARS and _WILDCARD.fullmatch(version)
        else exactly(scheme, version)
    )
    return Edge(found.hi if after else found.lo, version, after)


def span(
    scheme: Scheme,
    *,
    lower: str | None = None,
    lower_inclusive: bool = True,
    upper: str | None = None,
    upper_inclusive: bool = False,
) -> Span:
    """
    From `lower` to `upper`, each a version or a wildcard; None leaves that end open.

    Raises UnknownVersion when an end has no key, VersionsError when nothing lies between the ends, or when the scheme
    has no order and the two are not one commit.
    """
    low = edge(scheme, lower, after=not lower_inclusive) if lower is not None else None
    high = edge(scheme, upper, after=upper_inclusive) if upper is not None else None
    made = Span(scheme, low, high)
    if scheme is Scheme.GIT and not (low and high and low.words == high.words):
        raise VersionsError(f"{made.words} is a range of commits, which have no order")
    if low and high and low.key >= high.key:
        raise VersionsError(f"{made.words} holds no version")
    return made


def exact(scheme: Scheme, version: str) -> Span:
    """One version and its equals, or all that a wildcard stands for. Raises UnknownVersion."""
    return span(scheme, lower=version, upper=version, upper_inclusive=True)


def rest(scheme: Scheme, spans: Sequence[Span]) -> list[Span]:
    """Every version of `scheme` that is in none of `spans`, which are all of that scheme."""
    if not spans:
        return [whole(scheme)]
    edges = {end.key: end for item in spans for end in (item.lower, item.upper) if end}
    return [Span(scheme, edges.get(hole.lo), edges.get(hole.hi)) for hole in complement([item.range for item in spans])]


def covers(spans: Iterable[Span], inner: Span) -> bool:
    """Whether one of `spans` holds all of `inner`."""
    wanted = inner.range
    return any(outer.range.lo <= wanted.lo and wanted.hi <= outer.range.hi for outer in spans)


def read_span(words: str, scheme: Scheme) -> Range:
    """
    `Criterion.text`, in the form above, keyed in another scheme; for products whose versions need one of their own.

    Raises UnknownVersion when the text is not of that form, says `-`, or names a version the scheme cannot key, and
    VersionsError when nothing lies between its ends.
    """
    if words == ANY:
        return everything(scheme)
    if words.startswith("= "):
        return exact(scheme, words[2:]).range
    found = _WORDS.fullmatch(words)
    if not found or not words:
        raise UnknownVersion(f"{words[:80]!r} is no range in the fixed form", next_step="It stays possible.")
    return span(
        scheme,
        lower=found["from"],
        lower_inclusive=found["lower"] == ">=",
        upper=found["to"],
        upper_inclusive=found["upper"] == "<=",
    ).range
