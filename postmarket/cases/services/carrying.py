"""Start events and ends of clocks are carried from one case to another: for merging and splitting."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from postmarket.cases.models import Case, Clock, StartEvent
from postmarket.cases.rules.joining import Ended, joined
from postmarket.cases.services.clocks import count_clocks
from postmarket.cases.services.events import keep_event
from postmarket.cases.words import ClockState, EmployeeClass
from postmarket.policy.interface import StartBasis
from postmarket.records.trail import Act

Key = tuple[str, int]
"""A clock's id in the policy, and the start event of those of which each start has its own (0 for all others)."""


def ends_of(case: Case) -> Mapping[Key, Ended | None]:
    """How each of its clocks ended that are not void; None while it is on."""
    found: dict[Key, Ended | None] = {}
    rows = Clock.objects.filter(case=case).exclude(state=ClockState.VOID.value).order_by("started_at", "pk")
    for row in rows:
        stopped = row.state == ClockState.STOPPED.value
        found[_key(row)] = None
        if stopped and row.ended_at is not None:
            found[_key(row)] = Ended(row.ended_at, row.ended_why, row.evidence_id or "")
    return found


def _key(row: Clock) -> Key:
    return row.clock, row.start_id if row.each else 0


def moved(key: Key, copies: Mapping[int, int]) -> Key:
    """The same clock in the other case: its start event is a copy there (`copies`: from old to new id)."""
    clock, event = key
    return clock, copies.get(event, event)


def count_joined(
    doing: Act, into: Case, here: Mapping[Key, Ended | None], there: Mapping[Key, Ended | None], *, now: datetime
) -> None:
    """Count the clocks of `into`, and have those ended that have ended on both sides, and no other."""
    ends = joined(here, there)
    on_again = [
        row for row in Clock.objects.filter(case=into, state=ClockState.STOPPED.value) if ends[_key(row)] is None
    ]
    Clock.objects.filter(pk__in=[row.pk for row in on_again]).update(
        state=ClockState.VOID.value, ended_why="The case merged with this one still waits for it."
    )
    count_clocks(doing, into, now=now)
    for row in Clock.objects.filter(case=into).exclude(state=ClockState.VOID.value):
        end = ends.get(_key(row))
        if end is not None:
            row.state, row.ended_at, row.ended_why = ClockState.STOPPED.value, end.at, end.why
            row.evidence_id = end.evidence or None
            row.save(update_fields=["state", "ended_at", "ended_why", "evidence"])


def copy_events(doing: Act, case: Case, into: Case, *, leave_out: Collection[str], now: datetime) -> Mapping[int, int]:
    """The living start events of `case` in `into`, unless it has the same; from old to new id."""
    known = {
        (row.basis, row.at, row.person, row.report_id): row.pk
        for row in StartEvent.objects.filter(case=into, voided_at=None)
    }
    copies = {}
    events = StartEvent.objects.filter(case=case, voided_at=None).select_related("evidence", "report")
    for row in events.exclude(basis__in=leave_out):
        same = known.get((row.basis, row.at, row.person, row.report_id))
        copies[row.pk] = (
            same
            or keep_event(
                doing,
                into,
                basis=StartBasis(row.basis),
                at=row.at,
                person=row.person,
                employee_class=EmployeeClass(row.employee_class) if row.employee_class else None,
                evidence=row.evidence,
                report=row.report,
                by_system=row.by_system,
                why=f"From {case.number}: {row.why}",
                now=now,
            ).pk
        )
    return copies
