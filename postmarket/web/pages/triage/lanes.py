"""The chips above the list: each a question with how many answer it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.policy.interface import Priority
from postmarket.web.pages.findings.words import LANES
from postmarket.web.pages.triage.filters import STATE_KEYS, Filters
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from postmarket.monitoring.queries.findings import Count


@dataclass(frozen=True, slots=True)
class Chip:
    """A link that narrows the list, with its count; None where nobody counted."""

    words: str
    count: int | None
    url: str
    here: bool


def chips(chosen: Filters, counted: Sequence[Count]) -> list[Chip]:
    """The lanes, and the questions asked most often of the worklist."""

    def chip(words: str, wanted: Filters, number: int) -> Chip:
        return Chip(words, number, wanted.url() or "?", chosen == wanted)

    shipped = [one for one in counted if one.shipped]

    def rows(lane: Lane, state: str = "") -> list[Count]:
        return [one for one in shipped if one.lane is lane and one.state in STATE_KEYS[state]]

    work = rows(Lane.WORKLIST)
    found = [
        chip("All", Filters(), _sum(work)),
        chip("Cannot wait", Filters(priority=Priority.NOW), _sum(one for one in work if one.priority is Priority.NOW)),
        chip("Exploited", Filters(kev=True), _sum(one for one in work if one.kev)),
    ]
    seldom = [
        (LANES[Lane.POSSIBLE], Filters(lane=Lane.POSSIBLE), rows(Lane.POSSIBLE)),
        (
            LANES[Lane.SUGGESTED_NOT_AFFECTED],
            Filters(lane=Lane.SUGGESTED_NOT_AFFECTED),
            rows(Lane.SUGGESTED_NOT_AFFECTED),
        ),
        (LANES[Lane.SUPPLIER_NOT_AFFECTED], Filters(lane=Lane.SUPPLIER_NOT_AFFECTED), rows(Lane.SUPPLIER_NOT_AFFECTED)),
        ("Re-opened", Filters(state="reopened"), rows(Lane.WORKLIST, "reopened")),
        ("To be signed", Filters(state="proposed"), [one for one in counted if one.state in STATE_KEYS["proposed"]]),
        ("Decided", Filters(state="decided"), rows(Lane.WORKLIST, "decided")),
        (
            "In development",
            Filters(development=True),
            [one for one in counted if not one.shipped and one.lane is Lane.WORKLIST and one.state in STATE_KEYS[""]],
        ),
    ]
    for words, wanted, held in seldom:
        if held or chosen == wanted:
            found.append(chip(words, wanted, _sum(held)))
    return found


def _sum(counted: Iterable[Count]) -> int:
    return sum(one.rows for one in counted)
