"""Clocks are stopped by what stops them, and stand still where their authority lets them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.actor import CASES
from postmarket.cases.counting import counting
from postmarket.cases.errors import CaseNotFound, WrongClock
from postmarket.cases.models import Case, Clock, Pause
from postmarket.cases.rules.plan import MOMENT, Begin
from postmarket.cases.rules.which_clocks import Wanted
from postmarket.cases.services.clocks import ACKNOWLEDGE, ACKNOWLEDGED, begin_clock, event_of
from postmarket.cases.services.holding import held
from postmarket.cases.snapshots import clock_snapshot
from postmarket.cases.words import ClockState
from postmarket.intake.models import Report
from postmarket.intake.services.reports import File
from postmarket.inventory.services.reasons import reason
from postmarket.records import act
from postmarket.records import evidence as evidence_kept
from postmarket.records.models import Evidence
from postmarket.records.trail import Act

ON = (ClockState.RUNNING.value, ClockState.PAUSED.value)


def stop_clock(
    *,
    by: Person,
    clock: Clock,
    at: datetime,
    shown_by: File | None = None,
    ends_series: bool = False,
    why: str,
    now: datetime,
) -> Clock:
    """
    What stops it happened at `at`; `why` says what, `shown_by` is what shows it.

    Others of the case that stop on the same act stop with it, unless each start has its own. One of a series starts the
    next, unless this `ends_series`. Raises CaseNotFound, NotAllowed, NoReason, WrongClock.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(clock.case, by=by, permission=Permission.CASES_STEER, ended=True)
        row = _on(clock)
        if at.tzinfo is None or not row.started_at <= at <= now:
            raise WrongClock(
                f"“{row.title}” cannot have been stopped then",
                why="that is before it started, or after now",
                next_step="Give the time at which it was done.",
            )
        shown = None
        if shown_by is not None:
            shown = evidence_kept.keep(
                doing,
                shown_by.content,
                media_type=shown_by.media_type,
                source=f"shows what stopped “{row.title}” of {case.number}: {shown_by.name}",
                about=case,
            )
        at = at.astimezone(UTC)
        for one in (row, *_stop_together(row)):
            _stop(doing, one, at=at, why=reason(why), shown=shown, now=now)
            _follow(one, at=at, ends_series=ends_series)
    return row


def pause_clock(*, by: Person, clock: Clock, why: str, now: datetime) -> Clock:
    """
    It stands still from now on. Only a clock of the article or the firm may.

    Raises CaseNotFound, NotAllowed, NoReason, and WrongClock for one of the law, guidance or a standard.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        held(clock.case, by=by, permission=Permission.CASES_STEER)
        row = _on(clock)
        if not row.pausable:
            raise WrongClock(
                f"“{row.title}” cannot be paused",
                why=f"it is a clock by {row.authority} ({row.citation}), and stops on its own event only",
                next_step=f"It stops on: {row.stops_on}. If its start was wrong, correct the start event.",
            )
        if row.state == ClockState.PAUSED.value:
            raise WrongClock(f"“{row.title}” is paused already", next_step="There is nothing to do.")
        before = clock_snapshot(row)
        row.state = ClockState.PAUSED.value
        row.save(update_fields=["state"])
        Pause.objects.create(clock=row, began_at=now, why=reason(why))
        doing.note("clock.paused", subject=row, before=before, after=clock_snapshot(row))
    return row


def resume_clock(*, by: Person, clock: Clock, why: str, now: datetime) -> Clock:
    """
    It runs on, and ends later by as long as it stood still.

    Raises CaseNotFound, NotAllowed, NoReason, WrongClock.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        held(clock.case, by=by, permission=Permission.CASES_STEER)
        row = _on(clock)
        if row.state != ClockState.PAUSED.value:
            raise WrongClock(f"“{row.title}” is not paused", next_step="There is nothing to do.")
        before = clock_snapshot(row)
        _resume(row, now=now)
        row.save(update_fields=["state", "day", "target_day", "until"])
        doing.note("clock.resumed", subject=row, before=before, after=clock_snapshot(row))
    return row


def stop_for_report(report: Report, *, now: datetime) -> None:
    """The report was acknowledged: the clock that asks for it stops. Call inside the act that says so."""
    rows = Clock.objects.filter(clock=ACKNOWLEDGE, start__report=report, state__in=ON)
    if report.acknowledged_at is None or not rows.exists():
        return
    with act(actor=CASES, at=now, why=f"{report.number} was acknowledged.") as doing:
        case = Case.objects.select_for_update().get(reports__report=report)
        for row in rows.filter(case=case).select_for_update(of=("self",)).select_related("case", "start"):
            _stop(doing, row, at=report.acknowledged_at, why=ACKNOWLEDGED, shown=None, now=now)


def _stop(doing: Act, row: Clock, *, at: datetime, why: str, shown: Evidence | None, now: datetime) -> None:
    before = clock_snapshot(row)
    if row.state == ClockState.PAUSED.value:
        _resume(row, now=min(at, now))
    row.state, row.ended_at, row.ended_why, row.evidence = ClockState.STOPPED.value, at, why, shown
    row.save(update_fields=["state", "ended_at", "ended_why", "evidence", "day", "target_day", "until"])
    doing.note("clock.stopped", subject=row, before=before, after=clock_snapshot(row))


def _resume(row: Clock, *, now: datetime) -> None:
    pause = row.pauses.get(ended_at=None)
    pause.ended_at = max(now, pause.began_at)
    pause.save(update_fields=["ended_at"])
    stood = pause.ended_at - pause.began_at
    row.state = ClockState.RUNNING.value
    if row.until is not None:
        row.until += stood
        day = (row.until - MOMENT).astimezone(ZoneInfo(row.zone)).date()
        if row.target_day is not None and row.day is not None:
            row.target_day += day - row.day
        row.day = day


def _stop_together(row: Clock) -> list[Clock]:
    """The other clocks of the case that the same act stops: those that share it by the policy's words."""
    if row.each:
        return []
    same = Clock.objects.filter(case=row.case_id, stops_on=row.stops_on, each=False, state__in=ON).exclude(pk=row.pk)
    return list(same.select_for_update(of=("self",)).select_related("case", "start"))


def _follow(row: Clock, *, at: datetime, ends_series: bool) -> None:
    """The next of a series, from when this one was done."""
    how = counting()
    clock = how.pack.clocks.get(row.clock)
    if clock is None or not clock.repeats or ends_series:
        return
    wanted = Wanted(clock, event_of(row.start))
    following = begin_clock(row.case, Begin(wanted, how.due(wanted, at)), how)
    following.series = True
    following.save()


def _on(clock: Clock) -> Clock:
    row = Clock.objects.select_for_update(of=("self",)).select_related("case", "start").filter(pk=clock.pk).first()
    if row is None:
        raise CaseNotFound("There is no such clock")
    if row.state not in ON:
        raise WrongClock(f"“{row.title}” has ended: it is {row.state}", next_step="There is nothing to do.")
    return row
