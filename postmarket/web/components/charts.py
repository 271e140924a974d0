"""Pictures that answer the question written above them: shares of a whole, a part of a way, clocks in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from postmarket.web.components import dates
from postmarket.web.components.tags import Meaning

SMALLEST_PERCENT = 1.5
AXIS_START, AXIS_END = 4.0, 96.0
"""Where today and the last day stand, in per cent of the width."""
LATE_X, START_AFTER_LATE = 5.0, 17.0
"""What is late stands before today, together; then today moves to the right."""
NARROWEST = 610
"""Pixels: labels are laid out for the narrowest place that shows the picture; on wider ones they stand looser."""
ROW_HEIGHT, ROWS = 34, 3
LETTER, BETWEEN, EDGE = 7, 12, 6
"""Pixels of a letter at most, between two labels at least, and by which a label stands over its stem."""


@dataclass(frozen=True)
class Share:
    """One part of a whole: its meaning, its name, how many."""

    meaning: Meaning
    name: str
    count: int


@dataclass(frozen=True)
class Due:
    """One clock on the timeline: when (UTC or a day), what, of which case, and where a click goes."""

    at: datetime | date
    what: str
    of: str
    meaning: Meaning
    url: str = ""


@dataclass(frozen=True)
class _Slice:
    meaning: str
    x: float
    width: float


@dataclass(frozen=True)
class _Mark:
    due: Due
    x: float
    row: int | None
    """From above, 0 first; None: no room for a label."""
    anchor: str = "middle"
    whole: bool = True
    """Whether the label says also of what it is."""

    @property
    def y(self) -> int:
        return 14 + ROW_HEIGHT * (self.row or 0)

    @property
    def stem_y(self) -> int:
        return self.y + 21


@dataclass(frozen=True)
class _Tick:
    x: float
    text: str


def share(parts: Sequence[Share], label: str) -> SafeString:
    """`{% share coverage "Coverage" %}`: one bar; its figures are its text for those who don't see it."""
    total = sum(part.count for part in parts)
    text = ", ".join(f"{part.name} {part.count:,}" for part in parts)
    return render_to_string(
        "web/components/share.html", {"slices": _slices(parts, total), "label": f"{label}: {text}", "total": total}
    )


def _slices(parts: Sequence[Share], total: int) -> list[_Slice]:
    """Widths in per cent; a small part that is there stays visible, the others give way."""
    shown = [part for part in parts if part.count]
    raw = [max(100 * part.count / total, SMALLEST_PERCENT) for part in shown]
    scale = 100 / sum(raw) if raw else 1
    slices, x = [], 0.0
    for part, width in zip(shown, raw, strict=True):
        slices.append(_Slice(part.meaning.value, round(x, 2), round(width * scale, 2)))
        x += width * scale
    return slices


def meter(percent: float, meaning: str = "act") -> SafeString:
    """`{% meter 94 "harm" %}`: how much of a way is gone; the words beside it say it, so it is silent itself."""
    width = min(max(float(percent), 0), 100)
    return render_to_string("web/components/meter.html", {"width": width, "meaning": Meaning(meaning).value})


def timeline(dues: Iterable[Due], days: int = 30) -> SafeString:
    """`{% timeline clocks 30 %}`: what is late, and the clocks of the next `days` days; on a phone a list."""
    today = dates.today()
    near = sorted(
        (due for due in dues if (_day(due) - today).days <= days), key=lambda due: (_day(due), due.what, due.of)
    )
    late = [due for due in near if _day(due) < today]
    soon = near[len(late) :]
    start = START_AFTER_LATE if late else AXIS_START
    marks = _marks(late, soon, lambda day: start + (AXIS_END - start) * (day - today).days / days)
    axis = 14 + ROW_HEIGHT * (1 + max((mark.row or 0 for mark in marks), default=0)) + 18
    names = "; ".join(f"{due.what}, {due.of}, {dates.in_words(due.at)}" for due in near)
    return render_to_string(
        "web/components/timeline.html",
        {
            "marks": marks,
            "ticks": _ticks(today, days, start),
            "dues": near,
            "late": len(late),
            "late_x": LATE_X,
            "axis": axis,
            "start": start,
            "label": f"Clocks due in the next {days} days: {names or 'none'}",
        },
    )


def _day(due: Due) -> date:
    return dates.local(due.at).date() if isinstance(due.at, datetime) else due.at


def _marks(late: Sequence[Due], soon: Sequence[Due], place: Callable[[date], float]) -> list[_Mark]:
    """Labels in rows, each where it covers no other; what finds no room keeps its dot and its place in the list."""
    placed = [(due, place(_day(due))) for due in soon]
    if late:
        first = late[0]
        more = f"{first.of} and {len(late) - 1} more" if len(late) > 1 else first.of
        placed.insert(0, (Due(first.at, f"{first.what}, late", more, Meaning.HARM, first.url), LATE_X))
    free_from = [0.0] * ROWS
    marks = []
    for due, x in placed:
        label = _label(due, NARROWEST * x / 100, free_from)
        marks.append(_Mark(due, round(x, 2), *label) if label else _Mark(due, round(x, 2), None))
    return marks


def _label(due: Due, at: float, free_from: list[float]) -> tuple[int, str, bool] | None:
    """Row, anchor and whether it is whole of the first label that finds room at `at` pixels, which is then taken."""
    for whole in (True, False):
        width = max(len(due.what), len(due.of) if whole else 0) * LETTER + BETWEEN
        for anchor, left in (("middle", at - width / 2), ("start", at - EDGE), ("end", at + EDGE - width)):
            if left < 0 or left + width > NARROWEST + BETWEEN:
                continue
            row = next((number for number, free in enumerate(free_from) if left >= free), None)
            if row is None:
                continue
            free_from[row] = left + width
            # A stem goes down through the rows below: labels there must not stand in its way.
            for below in range(row + 1, ROWS):
                free_from[below] = max(free_from[below], at + EDGE)
            return row, anchor, whole
    return None


def _ticks(today: date, days: int, start: float) -> list[_Tick]:
    step = max(days // 6, 1)
    ticks, month = [_Tick(start, "Today")], today.month
    for n in range(step, days + 1, step):
        day = today + timedelta(days=n)
        x = round(start + (AXIS_END - start) * n / days, 2)
        ticks.append(_Tick(x, f"{day:%a} {day.day}" + (f" {day:%b}" if day.month != month else "")))
        month = day.month
    return ticks


def furnish(register: Library) -> None:
    """Put the tags into a library."""
    register.simple_tag(share)
    register.simple_tag(meter)
    register.simple_tag(timeline)
