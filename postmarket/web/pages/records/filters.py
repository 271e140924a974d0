"""What the trail can be narrowed to: subject, kind, person, time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from postmarket.accounts.models import Person
from postmarket.records.models import Entry
from postmarket.web.table import Choice, Search

LARGEST = 2**63 - 1
MOST_PEOPLE = 200
Rows = QuerySet[Entry]


def by_words(rows: Rows, text: str) -> Rows:
    """An entry's number, a kind ("device.changed", or its beginning), or a subject ("device", "device 42")."""
    if text.isascii() and text.isdecimal():
        return rows.filter(Q(number=min(int(text), LARGEST)) | Q(subject_id=text))
    kind, _, id_ = text.partition(" ")
    dotted = text.casefold().replace(" ", ".")
    return rows.filter(
        Q(kind__startswith=dotted)
        | Q(subject_kind=text.casefold().replace(" ", "-"))
        | Q(subject_id=text)
        | Q(subject_kind=kind, subject_id=id_)
    )


def by_person(rows: Rows, text: str) -> Rows:
    """Who acted, by a part of the name or the whole e-mail address; a machine by its id, such as "feeds"."""
    people = Person.objects.filter(Q(name__icontains=text) | Q(email__iexact=text))[:MOST_PEOPLE]
    return rows.filter(actor_id__in=[text, *(person.actor.id for person in people)])


def in_days(rows: Rows, text: str) -> Rows:
    """
    In a day, month or year ("2026-11"), or from one to another ("2026-11 to 2026-12-15"), in the reader's zone.

    Nothing when that is no time.
    """
    first, _, last = text.partition(" to ")
    span, end = _span(first.strip()), _span((last or first).strip())
    if span is None or end is None:
        return rows.none()
    return rows.filter(at__gte=_morning(span[0]), at__lt=_morning(end[1]))


FILTERS = (
    Search(key="q", label="Entry, kind, device 42", narrow=by_words),
    Search(key="who", label="Person", narrow=by_person),
    Choice(
        key="by",
        label="Done by",
        options=(("human", "People"), ("machine", "Machines")),
        narrow=lambda rows, kind: rows.filter(actor_kind=kind),
    ),
    Search(key="when", label="When: 2026-11-24", narrow=in_days),
)


def _span(text: str) -> tuple[date, date] | None:
    """The first day of a year, month or day, and the first one after it; None when it is none, or past the calendar."""
    parts = text.split("-")
    if not all(part.isascii() and part.isdecimal() for part in parts) or len(parts) > len(("year", "month", "day")):
        return None
    year, month, day = (*map(int, parts), 1, 1)[:3]
    try:
        first = date(year, month, day)
        match len(parts):
            case 1:
                return first, date(year + 1, 1, 1)
            case 2:
                return first, date(year + month // 12, month % 12 + 1, 1)
            case _:
                return first, first + timedelta(days=1)
    except (ValueError, OverflowError):
        return None


def _morning(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
