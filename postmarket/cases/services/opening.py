"""A case is opened for a vulnerability or for a report, over every shipped device version it hits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from postmarket.accounts.authority import ANYWHERE, may, require
from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.permissions import Permission
from postmarket.cases import hooks
from postmarket.cases.errors import CaseExists, CaseNotFound, InvalidCase, NothingToOpen
from postmarket.cases.hooks import CaseEvent, Happened
from postmarket.cases.models import Case, CaseReport, Member
from postmarket.cases.queries.hits import Hits, hits, lead_of
from postmarket.cases.queries.visible import cases
from postmarket.cases.services.clocks import count_clocks
from postmarket.cases.services.holding import held, words
from postmarket.cases.services.putting import learned_by_system, named_in, put_report, put_versions
from postmarket.cases.snapshots import case_snapshot
from postmarket.cases.words import CaseState
from postmarket.intake.models import Report
from postmarket.intake.queries.visible import visible_to as visible_reports
from postmarket.intake.services.numbering import next_number
from postmarket.inventory.services.reasons import reason
from postmarket.monitoring.policy import pack_in_force
from postmarket.records import act
from postmarket.records.trail import Act

SERIES = "PSIRT"
LONGEST_TITLE = 300


def open_case(
    *,
    by: Person,
    vulnerability: str,
    title: str,
    owner: Person | None = None,
    restricted: bool = False,
    why: str,
    now: datetime,
) -> Case:
    """
    A case for a vulnerability, under any of its names, over every shipped device version it hits.

    `title` is the patient risk in one sentence; the owner is `by` unless another is named. The firm has learned of it
    when the system first matched a shipped version, unless a person corrects that. Raises NotAllowed, NoReason,
    InvalidCase, NothingToOpen, CaseExists.
    """
    lead = lead_of(vulnerability)
    found = hits(lead)
    if not found.versions:
        raise NothingToOpen(
            f"{vulnerability.strip()[:60]} hits no shipped device version",
            why="versions in development have findings, but no case and no clock",
            next_step="Mark the version as shipped, or enter a report that names the devices.",
        )
    _may_open(by, [hit.version.device.line for hit in found.versions])
    with act(actor=by.actor, at=now, why=reason(why), policy=pack_in_force().version) as doing:
        case = _new(
            by=by, owner=owner, title=title, vulnerability=vulnerability, lead=lead, restricted=restricted, now=now
        )
        put_versions(case, found, named=(), now=now)
        learned_by_system(doing, case, found, now=now)
        _opened(doing, case, found, now=now)
    return case


def open_case_for_report(
    *,
    by: Person,
    report: Report,
    title: str,
    owner: Person | None = None,
    restricted: bool = False,
    why: str,
    now: datetime,
) -> Case:
    """
    A case for a report, over the shipped versions of the devices it names and those its vulnerability hits.

    The firm has learned of it when anybody in it first knew of the report, or when the system matched it, if that was
    earlier. Raises NotAllowed, NoReason, InvalidCase, CaseNotFound, and CaseExists when an open case is about the
    report, or its vulnerability: then the report is added to that one (`add_report`).
    """
    lead = lead_of(report.vulnerability)
    found = hits(lead)
    named = named_in(report)
    _may_open(by, [one.device.line for one in named] + [hit.version.device.line for hit in found.versions])
    with act(actor=by.actor, at=now, why=reason(why), policy=pack_in_force().version) as doing:
        report = _report(report, by=by)
        case = _new(
            by=by,
            owner=owner,
            title=title,
            vulnerability=report.vulnerability,
            lead=lead,
            restricted=restricted,
            now=now,
        )
        put_versions(case, found, named=named, now=now)
        learned_by_system(doing, case, found, now=now)
        put_report(doing, case, report, now=now)
        _opened(doing, case, found, now=now)
    return case


def add_report(*, by: Person, case: Case, report: Report, why: str, now: datetime) -> Case:
    """
    Another report about the same: its devices and dates come into the case, and the earliest dates count.

    Raises NotAllowed, NoReason, CaseNotFound, CaseExists.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(case, by=by, permission=Permission.CASES_STEER, whole=False)
        report = _report(report, by=by)
        before = case_snapshot(case)
        put_versions(case, hits(None), named=named_in(report), now=now)
        put_report(doing, case, report, now=now)
        doing.note("case.report-added", subject=case, before=before, after=case_snapshot(case))
        count_clocks(doing, case, now=now)
        hooks.tell(CaseEvent(Happened.VERSIONS, case, now))
    return case


def check_owner(owner: Person) -> Person:
    """Who is to own a case, as they are now. Raises InvalidCase unless they work here and may work on cases."""
    found = Person.objects.filter(pk=owner.pk, is_active=True).first()
    if found is None or not may(found, Permission.CASES_WORK, on=ANYWHERE):
        raise InvalidCase(f"{owner.name} does not work on cases", where="owner", next_step="Choose somebody who does.")
    return found


def _may_open(by: Person, on: Collection[DeviceLine | None]) -> None:
    """Enough for one of the lines: the case is there sooner, and what decides in it asks for all of them."""
    if not on:
        require(by, Permission.CASES_OPEN, on=ANYWHERE)
    elif not any(may(by, Permission.CASES_OPEN, on=line) for line in on):
        require(by, Permission.CASES_OPEN, on=next(iter(on)))


def _new(
    *,
    by: Person,
    owner: Person | None,
    title: str,
    vulnerability: str,
    lead: int | None,
    restricted: bool,
    now: datetime,
) -> Case:
    """Raises CaseExists when an open case, not restricted, is about the vulnerability."""
    case = Case(
        number=next_number(SERIES, now=now),
        title=words("title", " ".join(title.split()), most=LONGEST_TITLE),
        vulnerability=vulnerability.strip(),
        lead=lead,
        owner=check_owner(owner or by),
        restricted=restricted,
        opened_at=now,
        state_since=now,
    )
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError:
        raise _exists(case, by) from None
    if restricted:
        for one in {by.pk: by, case.owner_id: case.owner}.values():
            Member.objects.create(case=case, person=one, added_at=now)
    return case


def _exists(case: Case, by: Person) -> CaseExists:
    other = Case.objects.filter(lead=case.lead, restricted=False, part=False).exclude(
        state__in=[CaseState.CLOSED.value, CaseState.MERGED.value]
    )
    number = other.filter(pk__in=cases(by).values("pk")).values_list("number", flat=True).first()
    return CaseExists(
        f"An open case is about {case.vulnerability} already",
        number=number or "",
        next_step="Go on in that one; a report is added to it.",
    )


def _report(report: Report, *, by: Person) -> Report:
    """The report, locked. Raises CaseNotFound, CaseExists."""
    seen = Report.objects.filter(visible_reports(by)).values("pk")
    found = Report.objects.select_for_update().filter(pk=report.pk, pk__in=seen).first()
    if found is None:
        raise CaseNotFound("There is no such report", where=report.number, next_step="Look at the list again.")
    within = CaseReport.objects.filter(report=found).select_related("case").first()
    if within is not None:
        raise CaseExists(
            f"{found.number} is in a case already", number=within.case.number, next_step="Go on in that one."
        )
    return found


def _opened(doing: Act, case: Case, found: Hits, *, now: datetime) -> None:
    case.priority, case.priority_reason = found.priority, found.reason
    case.save(update_fields=["priority", "priority_reason"])
    doing.note("case.opened", subject=case, before=None, after=case_snapshot(case))
    count_clocks(doing, case, now=now)
    hooks.tell(CaseEvent(Happened.OPENED, case, now))
