"""The clocks somebody may see, as a calendar for programs of their own: little leaves the site with it."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from postmarket.accounts.authority import Caller
from postmarket.cases.models import Clock
from postmarket.cases.queries.clocks import with_a_date
from postmarket.cases.queries.visible import visible_to
from postmarket.cases.rules.icalendar import Entry, calendar
from postmarket.policy.interface import Authority

NAME = "postmarket: clocks"


def calendar_of(by: Caller, *, mine: bool = False) -> str:
    """
    The running clocks with a date as iCalendar text; of their own cases with `mine`. One query.

    Of a restricted case it says the number and the clock, not what the case is about: calendars are copied to places
    nobody here looks after.
    """
    found = with_a_date().filter(visible_to(by, "case"))
    if mine:
        found = found.filter(case__owner=getattr(by, "pk", None))
    rows = found.select_related("case").order_by("until", "pk")
    return calendar((_entry(row) for row in rows), name=NAME)


def _entry(row: Clock) -> Entry:
    case = row.case
    summary = f"{case.number}: {row.name}" if case.restricted else f"{case.number}: {row.name} – {case.title}"
    authority = Authority(row.authority)
    said = [f"{row.words}, by {authority.value}: {row.citation}.", f"It stops on: {row.stops_on}."]
    if row.provisional:
        said.append(row.provisional)
    return Entry(
        uid=f"clock-{row.pk}@postmarket",
        summary=summary,
        description="\n".join(said),
        changed=case.counted_at or row.started_at,
        day=row.day or (row.until or row.started_at).date(),
        at=row.until if _ends_within_a_day(row) else None,
    )


def _ends_within_a_day(row: Clock) -> bool:
    """Whether it ends at an instant of its own (a clock in hours, one that stood still), not with a day."""
    return row.until is not None and row.until.astimezone(ZoneInfo(row.zone)).time() != time.min
