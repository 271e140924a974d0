"""Start events are noted, corrected and declared void; none is ever changed."""

from __future__ import annotations

from datetime import UTC, datetime

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases import hooks
from postmarket.cases.errors import CaseNotFound, InvalidEvent
from postmarket.cases.hooks import CaseEvent, Happened
from postmarket.cases.models import Case, StartEvent
from postmarket.cases.rules.events import check_event
from postmarket.cases.services.clocks import count_clocks
from postmarket.cases.services.holding import held, words
from postmarket.cases.snapshots import event_snapshot
from postmarket.cases.words import EmployeeClass
from postmarket.intake.models import Report
from postmarket.intake.services.reports import File
from postmarket.inventory.services.reasons import reason
from postmarket.policy.interface import StartBasis
from postmarket.records import act
from postmarket.records import evidence as evidence_kept
from postmarket.records.models import Evidence
from postmarket.records.trail import Act

LONGEST_PERSON = 200


def note_start_event(
    *,
    by: Person,
    case: Case,
    basis: StartBasis,
    at: datetime,
    person: str,
    employee_class: EmployeeClass | None = None,
    shown_by: File | None = None,
    why: str,
    now: datetime,
) -> StartEvent:
    """
    Something happened at `at` that clocks may start from; `person` says who it was, `shown_by` is what shows it.

    Its clocks start at `at`, however late it is noted. Raises CaseNotFound, NotAllowed, NoReason, InvalidEvent.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(case, by=by, permission=Permission.CASES_STEER)
        check_event(basis, at, person=person, employee_class=employee_class, now=now)
        row = keep_event(
            doing,
            case,
            basis=basis,
            at=at,
            person=words("person", person, most=LONGEST_PERSON),
            employee_class=employee_class,
            evidence=_kept(doing, case, shown_by),
            why=why,
            now=now,
        )
        count_clocks(doing, case, now=now)
        hooks.tell(CaseEvent(Happened.START_EVENT, case, now))
    return row


def correct_start_event(
    *,
    by: Person,
    event: StartEvent,
    at: datetime,
    person: str = "",
    employee_class: EmployeeClass | None = None,
    shown_by: File | None = None,
    why: str,
    now: datetime,
) -> StartEvent:
    """
    It was otherwise: the old one is declared void and stays to be read, with the dates that rested on it.

    What is not given stays as it was. Raises CaseNotFound, NotAllowed, NoReason, InvalidEvent.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(event.case, by=by, permission=Permission.CASES_STEER, ended=True)
        old = _living(event)
        basis = StartBasis(old.basis)
        known = EmployeeClass(old.employee_class) if old.employee_class else None
        check_event(basis, at, person=person or old.person, employee_class=employee_class or known, now=now)
        _void(doing, old, why=f"Corrected: {reason(why)}", now=now)
        row = keep_event(
            doing,
            case,
            basis=basis,
            at=at,
            person=words("person", person or old.person, most=LONGEST_PERSON),
            employee_class=employee_class or known,
            evidence=_kept(doing, case, shown_by) or old.evidence,
            report=old.report,
            corrects=old,
            why=why,
            now=now,
        )
        count_clocks(doing, case, now=now)
        hooks.tell(CaseEvent(Happened.START_EVENT, case, now))
    return row


def void_start_event(*, by: Person, event: StartEvent, why: str, now: datetime) -> StartEvent:
    """
    It did not happen: it starts nothing any more. It stays to be read, with the dates that rested on it.

    Raises CaseNotFound, NotAllowed, NoReason, InvalidEvent.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(event.case, by=by, permission=Permission.CASES_STEER, ended=True)
        row = _living(event)
        _void(doing, row, why=reason(why), now=now)
        count_clocks(doing, case, now=now)
        hooks.tell(CaseEvent(Happened.START_EVENT, case, now))
    return row


def keep_event(
    doing: Act,
    case: Case,
    *,
    basis: StartBasis,
    at: datetime,
    person: str,
    employee_class: EmployeeClass | None = None,
    evidence: Evidence | None = None,
    report: Report | None = None,
    by_system: bool = False,
    corrects: StartEvent | None = None,
    why: str,
    now: datetime,
) -> StartEvent:
    """A start event, kept and recorded. For this room and later ones; call inside an act, then count the clocks."""
    row = StartEvent.objects.create(
        case=case,
        basis=basis.value,
        at=at.astimezone(UTC),
        person=person[:LONGEST_PERSON],
        employee_class="" if employee_class is None else employee_class.value,
        evidence=evidence,
        report=report,
        by_system=by_system,
        why=why,
        noted_at=now,
        corrects=corrects,
    )
    doing.note("start-event.noted", subject=row, before=None, after=event_snapshot(row))
    return row


def _void(doing: Act, row: StartEvent, *, why: str, now: datetime) -> None:
    before = event_snapshot(row)
    row.voided_at, row.voided_why = now, why
    row.save(update_fields=["voided_at", "voided_why"])
    doing.note("start-event.voided", subject=row, before=before, after=event_snapshot(row))


def _living(event: StartEvent) -> StartEvent:
    row = StartEvent.objects.select_for_update(of=("self",)).select_related("case").filter(pk=event.pk).first()
    if row is None:
        raise CaseNotFound("There is no such start event")
    if row.voided_at is not None:
        raise InvalidEvent("This start event is void already", next_step="Correct the one that counts instead.")
    return row


def _kept(doing: Act, case: Case, file: File | None) -> Evidence | None:
    if file is None:
        return None
    return evidence_kept.keep(
        doing,
        file.content,
        media_type=file.media_type,
        source=f"shows a start event of {case.number}: {file.name}",
        about=case,
    )
