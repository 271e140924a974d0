"""What the trail keeps of cases, their start events, clocks and tasks: whole."""

from __future__ import annotations

from datetime import date, datetime

from postmarket.cases.models import Case, Clock, StartEvent, Task
from postmarket.records.interface import Snapshot, instant


def case_snapshot(case: Case) -> Snapshot:
    """A case with its versions, reports and members; three queries."""
    return {
        "name": case.title,
        "vulnerability": case.vulnerability,
        "state": case.state,
        "owner": str(case.owner_id),
        "exploitation": None if case.exploitation_said_at is None else case.exploitation,
        "restricted": case.restricted,
        "embargo_until": _when(case.embargo_until),
        "opened_at": instant(case.opened_at),
        "closed_at": _when(case.closed_at),
        "outcome": case.outcome,
        "reopened_because": case.reopened_because,
        "versions": sorted(str(pk) for pk in case.versions.filter(removed_at=None).values_list("version", flat=True)),
        "reports": sorted(case.reports.values_list("report__number", flat=True)),
        "members": sorted(str(pk) for pk in case.members.values_list("person", flat=True)),
    }


def event_snapshot(event: StartEvent) -> Snapshot:
    """A start event."""
    return {
        "case": event.case.number,
        "basis": event.basis,
        "at": instant(event.at),
        "person": event.person,
        "employee_class": event.employee_class,
        "evidence": event.evidence_id,
        "report": None if event.report_id is None else str(event.report_id),
        "by_system": event.by_system,
        "why": event.why,
        "noted_at": instant(event.noted_at),
        "corrects": None if event.corrects_id is None else str(event.corrects_id),
        "voided_at": _when(event.voided_at),
        "voided_why": event.voided_why,
    }


def clock_snapshot(clock: Clock) -> Snapshot:
    """A clock."""
    return {
        "name": clock.title,
        "case": clock.case.number,
        "clock": clock.clock,
        "start": str(clock.start_id),
        "policy": clock.policy,
        "authority": clock.authority,
        "zone": clock.zone,
        "conservative": clock.conservative,
        "started_at": instant(clock.started_at),
        "target_day": _day(clock.target_day),
        "day": _day(clock.day),
        "until": _when(clock.until),
        "state": clock.state,
        "ended_at": _when(clock.ended_at),
        "ended_why": clock.ended_why,
        "evidence": clock.evidence_id,
    }


def task_snapshot(task: Task) -> Snapshot:
    """A task of a case."""
    return {
        "name": task.what,
        "case": task.case.number,
        "assignee": str(task.assignee_id),
        "due_on": _day(task.due_on),
        "done_at": _when(task.done_at),
        "done_by": None if task.done_by_id is None else str(task.done_by_id),
    }


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _when(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
