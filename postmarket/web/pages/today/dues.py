"""What is late and what is due, for the picture of time: each day once, with how much falls on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from postmarket.policy.timeline import timeline
from postmarket.web.components import dates
from postmarket.web.components.charts import Due
from postmarket.web.components.tags import Meaning
from postmarket.web.components.text import plural

if TYPE_CHECKING:
    from postmarket.monitoring.queries.findings.dues import Running
    from postmarket.policy.pack import Pack

DAYS: Final = 30
SOON: Final = timedelta(days=3)


@dataclass
class _Falls:
    at: datetime
    rows: int = 0
    devices: set[str] = field(default_factory=set)
    """Names; one of them empty when some are of several."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The marks of the picture, how many findings are past a date, and the next date with how many fall on it."""

    dues: tuple[Due, ...]
    late: int
    next: datetime | None
    on_next: int


def due_dates(running: Iterable[Running], *, pack: Pack, now: datetime, url: str) -> Dates:
    """The article's dates of all that runs; `url` opens what a mark stands for."""
    days: dict[tuple[date, str], _Falls] = {}
    late: dict[str, int] = defaultdict(int)
    for one in running:
        run = timeline(one.score, aware=one.aware, pack=pack)
        at, what = (run.mitigate_by, "Mitigate") if run.mitigate_by else (run.patch_target, "Patch")
        hard = run.mitigate_by or run.patch_limit
        if at is None:
            continue
        if hard is not None and hard < now:
            late[what] += one.rows
            at = hard
        falls = days.setdefault((dates.local(at).date(), what), _Falls(at))
        falls.at = min(falls.at, at)
        falls.rows += one.rows
        falls.devices.add(one.device)
    ordered = sorted(days.items())
    coming = [falls for _, falls in ordered if falls.at >= now]
    return Dates(
        dues=tuple(Due(falls.at, what, _of(falls), _meaning(falls.at, now), url) for (_, what), falls in ordered),
        late=sum(late.values()),
        next=coming[0].at if coming else None,
        on_next=coming[0].rows if coming else 0,
    )


def _of(falls: _Falls) -> str:
    found = plural(falls.rows, "finding")
    device = next(iter(falls.devices)) if len(falls.devices) == 1 else ""
    return f"{found}, {device}" if device else found


def _meaning(at: datetime, now: datetime) -> Meaning:
    if at < now:
        return Meaning.HARM
    return Meaning.SOON if at - now <= SOON else Meaning.ACT
