"""Which of a vulnerability's ratings its severity band stands on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from postmarket.scoring import cvss
from postmarket.scoring.bands import VERSIONS, band
from postmarket.scoring.errors import ScoringError
from postmarket.scoring.interface import Chosen, Score, Severity
from postmarket.scoring.vectors import parse
from postmarket.sources.interface import Rating

_NO_SCORE = "no usable CVSS score: severity unknown, not low"
_GROUP = {"4.0": 3, "3.1": 2, "3.0": 2, "2.0": 1}


class _Candidate(NamedTuple):
    """A usable rating; compares as it is preferred. No two have the same place, so the fields after it never count."""

    group: int
    complete: bool
    primary: bool
    value: float
    version: str
    place: int
    rating: Rating
    vector: str
    nomenclature: str

    def score(self) -> Score:
        severity = band(self.value, self.version)
        return Score(self.version, self.vector, self.value, severity, self.nomenclature, self.rating.by)


def choose(ratings: Sequence[Rating]) -> Chosen:
    """
    The rating to band a vulnerability by: CVSS 4.0 (BTE, else what it gives), else 3.1 or 3.0, else 2.0.

    Among those of the same standing a primary rating goes before a secondary one, then the higher score wins (unknown
    is never low, nor is a second opinion a discount), then the newer version, then the first given. Anything but a
    CVSS-BTE is flagged: the seed's table is written for version 4.0 (reference §5.3).

    A source's own number is used when its vector gives base metrics only; with threat or environmental metrics the
    score is computed, since sources print the base score beside them. A rating without a readable vector counts by
    its own number, and one without either is named in `unusable`. Never raises for what a source wrote.
    """
    candidates: list[_Candidate] = []
    unusable: list[str] = []
    for place, rating in enumerate(ratings):
        try:
            candidates.append(_candidate(rating, place))
        except ScoringError as error:
            unusable.append(f"{_who(rating)}: {error.line()}")
    if not candidates:
        return Chosen(None, None, Severity.UNKNOWN, _NO_SCORE, _NO_SCORE, False, tuple(ratings), tuple(unusable))
    best = max(candidates)
    score = best.score()
    return Chosen(
        rating=best.rating,
        score=score,
        severity=score.severity,
        why=_why(best, score, len(candidates)),
        flag=_flag(score),
        substitute=score.version != "4.0",
        others=tuple(rating for place, rating in enumerate(ratings) if place != -best.place),
        unusable=tuple(unusable),
    )


def _candidate(rating: Rating, place: int) -> _Candidate:
    """`rating` with its number. Raises ScoringError when it gives neither a readable vector nor a usable number."""
    own = rating.score if rating.score is not None and 0.0 <= rating.score <= 10.0 else None
    try:
        parsed = parse(rating.vector)
    except ScoringError:
        if own is None or rating.version not in VERSIONS:
            raise
        version, vector, name = rating.version, "", "CVSS-B" if rating.version == "4.0" else "Base"
    else:
        version, vector, name = parsed.version, parsed.vector, cvss.nomenclature(parsed)
        if own is None or parsed.threat or parsed.environmental:
            own = cvss.score(vector).value
    return _Candidate(_GROUP[version], name == "CVSS-BTE", rating.primary, own, version, -place, rating, vector, name)


def _why(best: _Candidate, score: Score, usable: int) -> str:
    chosen = f"{score.label}, {'primary' if best.primary else 'secondary'}, by {_who(best.rating)}"
    if usable == 1:
        return f"the only usable rating: {chosen}"
    return f"{chosen}: first of {usable} by version, then primary, then highest score"


def _flag(score: Score) -> str:
    """What the person must know about the number; empty for a CVSS-BTE."""
    if score.version == "2.0":
        flag = "no CVSS v4, v3.1 or v3.0; v2 used instead, which has no critical band"
    elif score.version != "4.0":
        flag = f"no CVSS v4; v{score.version} used instead"
    elif score.nomenclature == "CVSS-BTE":
        return ""
    else:
        flag = f"no CVSS-BTE; {score.nomenclature} used instead"
    return flag if score.vector else f"{flag}; its vector cannot be read, so the source's own number stands"


def _who(rating: Rating) -> str:
    return rating.by or "an unnamed source"
