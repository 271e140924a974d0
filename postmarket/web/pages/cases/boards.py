"""The board of cases: a column for each state; a card moves by the page of the step, which says what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from postmarket.accounts.authority import ANYWHERE, may
from postmarket.accounts.permissions import Permission
from postmarket.cases.queries.board import BoardColumn, board
from postmarket.cases.queries.listing import Asked, CaseRow, case_counts
from postmarket.cases.words import WAY, CaseState
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components import dates
from postmarket.web.components.tags import Meaning
from postmarket.web.pages.cases import filters
from postmarket.web.pages.cases.lists import heading
from postmarket.web.pages.cases.ways import ways
from postmarket.web.pages.cases.words import STATES
from postmarket.web.pages.findings.words import PRIORITIES

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

SOON: Final = timedelta(days=7)
MOST_DEVICES: Final = 2
LONGEST_SEARCH: Final = 200


@dataclass(frozen=True, slots=True)
class Card:
    """
    One case on the board. `priority` is None where nothing ranks it; `due` says in words when its next clock ends.

    `to` is the state that comes next, `move` the page of that step.
    """

    row: CaseRow
    priority: tuple[str, Meaning] | None
    due: str
    meaning: Meaning
    devices: str
    to: str
    move: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One column; `more` leads to the others in the list."""

    column: BoardColumn
    name: str
    cards: Sequence[Card]
    more: str


@require_safe
def cases_board(request: HttpRequest) -> HttpResponse:
    """Open cases by where they stand."""
    by, now = reader(request), clock.now()
    owners, devices = filters.owners(by), filters.devices(by)
    owner, device = _chosen(request, "owner", owners), _chosen(request, "device", devices)
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    asked = Asked(
        owners=(int(owner),) if owner else (), devices=(int(device),) if device else (), text=text.replace("\0", "")
    )
    kept = {key: value for key, value in (("q", text), ("owner", owner), ("device", device)) if value}
    lanes = [_lane(one, kept, now) for one in board(by=by, asked=asked, now=now)]
    counts = case_counts(by=by, now=now)
    context = {
        "lanes": lanes,
        "shown": sum(one.column.count for one in lanes),
        "some": counts.open > 0,
        "heading": heading(counts, some=True) if counts.open else "No case is open.",
        "ways": ways(request, "case-board"),
        "owners": owners,
        "devices": devices,
        "owner": owner,
        "device": device,
        "q": text,
        "filtered": bool(kept),
        "steers": may(by, Permission.CASES_STEER, on=ANYWHERE),
    }
    return render(request, "cases/board.html", context)


def _chosen(request: HttpRequest, key: str, options: filters.Options) -> str:
    value = request.GET.get(key, "")
    return value if any(value == option for option, _ in options) else ""


def _lane(column: BoardColumn, kept: dict[str, str], now: datetime) -> Lane:
    more = f"{reverse('cases')}?{urlencode({**kept, 'state': column.state.value})}"
    return Lane(column, STATES[column.state], [_card(row, now) for row in column.rows], more)


def _card(row: CaseRow, now: datetime) -> Card:
    state = CaseState(row.case.state)
    to = WAY[WAY.index(state) + 1]
    due, meaning = _due(row, now)
    more = f" and {len(row.devices) - MOST_DEVICES} more" if len(row.devices) > MOST_DEVICES else ""
    return Card(
        row=row,
        priority=None if row.priority is None else PRIORITIES[row.priority],
        due=due,
        meaning=meaning,
        devices=", ".join(row.devices[:MOST_DEVICES]) + more,
        to=STATES[to].lower(),
        move=reverse("case-move", args=[row.case.number, to.value]),
    )


def _due(row: CaseRow, now: datetime) -> tuple[str, Meaning]:
    if row.next is None or row.next.until is None:
        return "", Meaning.UNKNOWN
    when = dates.in_words(row.next.day or row.next.until)
    if row.late:
        return f"{when}, has passed", Meaning.HARM
    return when, Meaning.SOON if row.next.until - now <= SOON else Meaning.PLAIN
