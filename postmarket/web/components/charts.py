"""Pictures that answer the question written above them: shares of a whole, a part of a way, clocks in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from postmarket.web.components import dates
from postmarket.web.components.tags import Meaning

SMALLEST_PERCENT = 1.5
AXIS_WIDTH, AXIS_START, AXIS_END, AXIS_Y = 1160, 40, 1120, 92
ROWS_Y = (14, 50)
LABEL_WIDTH = 132


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
    x: int
    y: int
    anchor: str

    @property
    def stem_y(self) -> int:
        return self.y + 22


@dataclass(frozen=True)
class _Tick:
    x: int
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
    """`{% timeline clocks 30 %}`: clocks of the next `days` days; on a phone a list."""
    today = dates.today()
    soon = sorted(
        (due for due in dues if 0 <= (_day(due) - today).days <= days), key=lambda due: (_day(due), due.what, due.of)
    )
    names = "; ".join(f"{due.what}, {due.of}, {dates.in_words(due.at)}" for due in soon)
    return render_to_string(
        "web/components/timeline.html",
        {
            "marks": _marks(soon, today, days),
            "ticks": _ticks(today, days),
            "label": f"Clocks due in the next {days} days: {names or 'none'}",
        },
    )


def _day(due: Due) -> date:
    return dates.local(due.at).date() if isinstance(due.at, datetime) else due.at


def _x(day: date, today: date, days: int) -> int:
    return AXIS_START + round((AXIS_END - AXIS_START) * (day - today).days / days)


def _marks(dues: Sequence[Due], today: date, days: int) -> list[_Mark]:
    """Labels on two rows, each where it covers no other; what finds no room keeps its dot and its place in the list."""
    free_from = [-LABEL_WIDTH] * len(ROWS_Y)
    marks = []
    for due in dues:
        x = _x(_day(due), today, days)
        at_start, at_end = x < LABEL_WIDTH / 2, x > AXIS_WIDTH - LABEL_WIDTH / 2
        left = x - (8 if at_start else LABEL_WIDTH if at_end else LABEL_WIDTH // 2)
        row = next((n for n, free in enumerate(free_from) if left >= free), None)
        if row is None:
            marks.append(_Mark(due, x, 0, ""))
            continue
        free_from[row] = left + LABEL_WIDTH
        marks.append(_Mark(due, x, ROWS_Y[row], "start" if at_start else "end" if at_end else "middle"))
    return marks


def _ticks(today: date, days: int) -> list[_Tick]:
    step = max(days // 6, 1)
    ticks, month = [_Tick(_x(today, today, days), "Today")], today.month
    for n in range(step, days + 1, step):
        day = today + timedelta(days=n)
        ticks.append(_Tick(_x(day, today, days), f"{day:%a} {day.day}" + (f" {day:%b}" if day.month != month else "")))
        month = day.month
    return ticks


def furnish(register: Library) -> None:
    """Put the tags into a library."""
    register.simple_tag(share)
    register.simple_tag(meter)
    register.simple_tag(timeline)
