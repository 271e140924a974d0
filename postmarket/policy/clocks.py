"""
When a clock runs out.

Hour clocks run from the instant. Day clocks count from the day after the start, in local legal dates: the site's time
zone decides which day an event belongs to. Calendar deadlines do not roll over weekends or holidays.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import Authority, Citation, Clock, ClockUnit, Due
from postmarket.policy.working_days import ONE_DAY, add_working_days

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from postmarket.policy.pack import Pack
    from postmarket.policy.tables import ClockRow, ClocksTable

PAUSABLE = (Authority.ARTICLE, Authority.FIRM)


def clock(id_: str, pack: Pack) -> Clock:
    """The clock `id_` (`FDA-806`). Raises PolicyError when the pack has none of that id."""
    found = pack.clocks.get(id_)
    if found is None:
        raise PolicyError(
            f"there is no clock “{id_}”", where=pack.version, next_step=f"Use one of: {', '.join(pack.clocks)}."
        )
    return found


def due(clock: Clock, started_at: datetime, *, zone: ZoneInfo, conservative: bool = False) -> Due:
    """
    When `clock`, started by an event at `started_at`, runs out at a site in `zone`.

    `conservative` counts working days without holidays: the same or an earlier day. Raises PolicyError when
    `started_at` names no time zone, or the deadline lies beyond the calendar.
    """
    started = in_utc(started_at, what="the start of a clock")
    if clock.limit is None:
        return Due(clock, started, zone.key, None, None, None, clock.words)
    try:
        until = _until(clock, clock.limit, started, zone, conservative)
        target = None if clock.target is None else _until(clock, clock.target, started, zone, conservative)
        return Due(
            clock=clock,
            started_at=started,
            zone=zone.key,
            day=_last_day(until, zone, clock.unit),
            target_day=None if target is None else _last_day(target, zone, clock.unit),
            until=until,
            words=clock.words,
        )
    except (OverflowError, ValueError) as error:
        raise PolicyError("the deadline lies beyond the calendar", why=f"{clock.id} from {started}") from error


def in_utc(moment: datetime, *, what: str) -> datetime:
    """`moment` in UTC. Raises PolicyError when it names no time zone: a guessed zone moves a legal date."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise PolicyError(f"{what} names no time zone", where=moment.isoformat(), next_step="Give it in UTC.")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise PolicyError(f"{what} lies beyond the calendar", where=moment.isoformat()) from error


def read_clocks(tables: Iterable[ClocksTable]) -> dict[str, Clock]:
    """
    The clocks of all `tables` by id.

    Raises PolicyError for an id given twice, a clock with a unit but no number or the reverse, a target beyond its
    limit, and a pausable clock that is neither the article's nor the firm's: the law's clocks do not stop.
    """
    found: dict[str, Clock] = {}
    for table in tables:
        for row in table.clock:
            if row.id in found:
                raise _wrong(row, "it is given twice")
            found[row.id] = _clock(row, table)
    return found


def _clock(row: ClockRow, table: ClocksTable) -> Clock:
    authority = row.authority or table.authority
    if (row.limit is None) != (row.unit is ClockUnit.POLICY):
        raise _wrong(row, "a clock in hours or days needs a limit, one by policy has none")
    if row.target is not None and (row.limit is None or row.target > row.limit):
        raise _wrong(row, "its target lies beyond its limit")
    if row.pausable and authority not in PAUSABLE:
        raise _wrong(row, f"a clock by {authority} cannot be paused")
    return Clock(
        id=row.id,
        title=row.title,
        unit=row.unit,
        limit=row.limit,
        target=row.target,
        starts_on=row.starts_on,
        starts_when=row.starts_when,
        stops_on=row.stops_on,
        words=row.words,
        pausable=row.pausable,
        repeats=row.repeats,
        each=row.each,
        applies=row.applies,
        band=row.band,
        duty=row.duty or row.id,
        verified=row.verified,
        effective=row.effective or table.effective,
        sources=row.sources,
        citation=Citation(authority, row.citation or table.citation, table.flags if row.flags is None else row.flags),
    )


def _wrong(row: ClockRow, why: str) -> PolicyError:
    return PolicyError("the clock is wrong", where=f"clocks: {row.id}", why=why, next_step="Correct that row.")


def _until(clock: Clock, count: int, started: datetime, zone: ZoneInfo, conservative: bool) -> datetime:
    """The exclusive end in UTC of `count` units."""
    if clock.unit is ClockUnit.HOURS:
        return started + timedelta(hours=count)
    begun = started.astimezone(zone).date()
    if clock.unit is ClockUnit.WORKING_DAYS:
        last = add_working_days(begun, count, conservative=conservative)
    else:
        last = begun + timedelta(days=count)
    return _midnight(last + ONE_DAY, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _last_day(until: datetime, zone: ZoneInfo, unit: ClockUnit) -> date:
    """The local day of an hour clock's end; of a day clock's end, the day before that midnight."""
    local = until.astimezone(zone).date()
    return local if unit is ClockUnit.HOURS else local - ONE_DAY
