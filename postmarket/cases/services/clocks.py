"""The clocks of a case are held against its start events and the policy, and what changed is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q

from postmarket.cases import hooks
from postmarket.cases.counting import counting, stamp
from postmarket.cases.models import Case, Clock, Pause, StartEvent
from postmarket.cases.rules.events import Event
from postmarket.cases.rules.plan import Begin, Counting, Kept, Plan, plan, shifted
from postmarket.cases.rules.which_clocks import Facts
from postmarket.cases.words import ClockState, EmployeeClass
from postmarket.monitoring.models import VulnerabilityFacts
from postmarket.policy.interface import StartBasis
from postmarket.policy.pack import Pack
from postmarket.records.interface import Snapshot, Value, instant
from postmarket.records.trail import Act

ACKNOWLEDGE = "CVD-ACK"
ACKNOWLEDGED = "The report was acknowledged."


def count_clocks(doing: Act, case: Case, *, now: datetime, pack: Pack | None = None) -> bool:
    """
    Bring the clocks of a case up to its start events, to what is known of it, and to the policy (that in force when
    none is given); whether any changed. Call inside an act, with the case locked.
    """
    how = counting(pack)
    rows = list(Clock.objects.filter(case=case).exclude(state=ClockState.VOID.value).prefetch_related("pauses"))
    found = plan([kept_of(row) for row in rows], events_of(case), facts_of(case), how)
    if not case.is_open:
        found = replace(found, begin=tuple(one for one in found.begin if one.takes_over is not None))
    changed = _carry_out(doing, case, found, {row.pk: row for row in rows}, how, now=now)
    case.counted_at, case.counted_under = now, stamp(how)
    case.save(update_fields=["counted_at", "counted_under"])
    return changed


def events_of(case: Case) -> list[Event]:
    """Its start events as the rules see them."""
    return [event_of(row) for row in StartEvent.objects.filter(case=case)]


def event_of(row: StartEvent) -> Event:
    """A start event as the rules see it."""
    return Event(
        id=row.pk,
        basis=StartBasis(row.basis),
        at=row.at,
        employee_class=EmployeeClass(row.employee_class) if row.employee_class else None,
        void=row.voided_at is not None,
    )


def facts_of(case: Case) -> Facts:
    """
    What is known of it: the signed assessment first, the sources' score where that gives none.

    What was signed and is open again takes back no caution: a higher score of it still counts. No score stays none,
    which is the most urgent row.
    """
    judged = hooks.judged([case.pk])[case.pk]
    score = judged.score
    if score is None and case.lead is not None:
        score = VulnerabilityFacts.objects.filter(lead=case.lead).values_list("score", flat=True).first()
    if score is not None and judged.doubted is not None:
        score = max(score, judged.doubted)
    return Facts(judged.determination, score, judged.band)


def kept_of(row: Clock) -> Kept:
    """A clock as the rules see it."""
    ended = [pause for pause in row.pauses.all() if pause.ended_at is not None]
    return Kept(
        id=row.pk,
        clock=row.clock,
        event=row.start_id,
        started_at=row.started_at,
        state=ClockState(row.state),
        authority=row.authority,
        words=row.words,
        until=row.until,
        target_day=row.target_day,
        stood=sum((pause.ended_at - pause.began_at for pause in ended if pause.ended_at), timedelta()),
        series=row.series,
    )


def begin_clock(case: Case, one: Begin, how: Counting, *, stood: timedelta = timedelta()) -> Clock:
    """A clock that runs, not yet kept in the database."""
    clock, due = one.wanted.clock, one.due
    target_day, day, until = shifted(due, stood)
    return Clock(
        case=case,
        clock=clock.id,
        duty=clock.duty,
        each=clock.each,
        title=clock.title,
        stops_on=clock.stops_on,
        start_id=one.wanted.event.id,
        policy=how.pack.version,
        authority=clock.citation.authority.value,
        citation=clock.citation.text,
        flags=list(clock.citation.flags),
        zone=due.zone,
        conservative=how.conservative,
        started_at=due.started_at,
        target_day=target_day,
        day=day,
        until=until,
        words=clock.words,
        provisional=one.wanted.provisional,
    )


def void_running(doing: Act, case: Case, *, which: Q, why: str, now: datetime) -> int:
    """Declare running and paused clocks void; how many. Call inside an act, with the case locked."""
    on = Clock.objects.filter(which, case=case, state__in=[ClockState.RUNNING.value, ClockState.PAUSED.value])
    rows = list(on.distinct())
    if rows:
        Pause.objects.filter(clock__in=rows, ended_at=None).update(ended_at=now)
        Clock.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=ClockState.VOID.value, ended_at=now, ended_why=why
        )
        doing.note("case.clocks-counted", subject=case, detail={"void": [_said(row) | {"why": why} for row in rows]})
    return len(rows)


def _carry_out(doing: Act, case: Case, found: Plan, rows: dict[int, Clock], how: Counting, *, now: datetime) -> bool:
    for one in found.void:
        row = rows[one.kept.id]
        Pause.objects.filter(clock=row, ended_at=None).update(ended_at=now)
        stopped = f" It was stopped {instant(row.ended_at)}: {row.ended_why}" if row.ended_at is not None else ""
        Clock.objects.filter(pk=row.pk).update(
            state=ClockState.VOID.value, ended_at=now, ended_why=f"{one.why}{stopped}"
        )
    began = [_begin(case, one, rows, how, now=now) for one in found.begin]
    for kept, provisional in found.same:
        row = rows[kept.id]
        now_so = (provisional, how.pack.version, how.conservative)
        if kept.is_on and (row.provisional, row.policy, row.conservative) != now_so:
            Clock.objects.filter(pk=row.pk).update(
                provisional=provisional, policy=how.pack.version, conservative=how.conservative
            )
    if not (began or found.void):
        return False
    detail: Snapshot = {
        "began": [_said(row) for row in began],
        "void": [_said(rows[one.kept.id]) | {"why": one.why} for one in found.void],
    }
    doing.note("case.clocks-counted", subject=case, detail=detail)
    return True


def _begin(case: Case, one: Begin, rows: dict[int, Clock], how: Counting, *, now: datetime) -> Clock:
    """A clock that runs, or that takes over that another was stopped, with its pauses."""
    old = rows[one.takes_over.id] if one.takes_over is not None else None
    pauses = list(old.pauses.all()) if old is not None else []
    row = begin_clock(case, one, how, stood=one.takes_over.stood if one.takes_over is not None else timedelta())
    if old is not None:
        row.series = old.series
        row.state, row.ended_at, row.ended_why = old.state, old.ended_at, old.ended_why
        row.evidence_id = old.evidence_id
    elif one.wanted.clock.id == ACKNOWLEDGE:
        at = _acknowledged(one.wanted.event)
        if at is not None:
            row.state, row.ended_at, row.ended_why = ClockState.STOPPED.value, at, ACKNOWLEDGED
    row.save()
    paused = row.state == ClockState.PAUSED.value
    Pause.objects.bulk_create(
        Pause(clock=row, began_at=pause.began_at, ended_at=pause.ended_at, why=pause.why)
        for pause in pauses
        if pause.ended_at is not None or paused
    )
    return row


def _acknowledged(event: Event) -> datetime | None:
    """When the report that this event received was acknowledged."""
    return StartEvent.objects.filter(pk=event.id).values_list("report__acknowledged_at", flat=True).first()


def _said(row: Clock) -> dict[str, Value]:
    return {
        "clock": row.clock,
        "start": str(row.start_id),
        "day": None if row.day is None else row.day.isoformat(),
        "until": None if row.until is None else instant(row.until),
        "state": row.state,
    }


def running(case: Case) -> Sequence[Clock]:
    """Its clocks that have not ended, soonest first."""
    return list(
        Clock.objects.filter(case=case, state__in=[ClockState.RUNNING.value, ClockState.PAUSED.value]).select_related(
            "start"
        )
    )
