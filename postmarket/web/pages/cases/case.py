"""One case on one page: where it stands, the next question, how it reaches the patient; the rest one fold away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from postmarket.accounts.permissions import Permission
from postmarket.cases.queries.case import CaseDetail, case_detail
from postmarket.cases.queries.once import read_once
from postmarket.cases.words import WAY, CaseState
from postmarket.policy.interface import StartBasis
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components.actions import Phase
from postmarket.web.pages.cases.clock_panel import clocks, row_of_timeline
from postmarket.web.pages.cases.common import may_in
from postmarket.web.pages.cases.panels.asking import asking
from postmarket.web.pages.cases.panels.assessed import assessed, reasons
from postmarket.web.pages.cases.panels.decided import decided
from postmarket.web.pages.cases.panels.hospitals import hospitals
from postmarket.web.pages.cases.panels.reaching import reaching
from postmarket.web.pages.cases.panels.reopening import reopening
from postmarket.web.pages.cases.panels.signing import signing
from postmarket.web.pages.cases.panels.tags import tags
from postmarket.web.pages.cases.panels.where import in_field, where
from postmarket.web.pages.cases.words import BASES, LINKS, STATES
from postmarket.web.pages.places import place

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from postmarket.cases.models import StartEvent


@dataclass(frozen=True, slots=True)
class Told:
    """A start event in words."""

    row: StartEvent
    name: str


@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The page."""
    by, now = reader(request), clock.now()
    with read_once():  # its questions rest on the same assessments
        found = case_detail(number, by=by, now=now)
        row = found.case
        of = assessed(row, by=by)
    steers = may_in(by, Permission.CASES_STEER, row)
    assesses = may_in(by, Permission.ASSESSMENTS_EDIT, row, whole=False)
    handles = row.is_open and may_in(by, Permission.INCIDENTS_HANDLE, row, whole=False)
    context = {
        "found": found,
        "case": row,
        "learned": found.learned,
        "tags": tags(found, of),
        "phases": phases(found),
        "asking": asking(found, of, steers=steers, assesses=assesses),
        "clocks": clocks(found.clocks, now=now),
        "row_of_timeline": row_of_timeline(found),
        "events": [Told(one, BASES[StartBasis(one.basis)]) for one in found.start_events],
        "decided": decided(found, of),
        "reaching": reaching(row, of),
        "in_field": in_field(found),
        "where": where(found, of, assesses=assesses, every=request.GET.get("versions") == "all"),
        "hospitals": hospitals(row, of),
        "incident_open": place("incident-open", number=row.number) if handles else "",
        "signing": signing(of),
        "reopened": reasons(of),
        "reopening": reopening(of),
        "links": [(LINKS[one.kind], one.other if one.case_id == row.pk else one.case, one.why) for one in found.links],
        "open_tasks": sum(one.done_at is None for one in found.tasks),
        "watches": any(one.person_id == by.pk for one in found.watchers),
        "steers": steers,
        "assesses": assesses,
        "works": may_in(by, Permission.CASES_WORK, row, whole=False),
        "restricts": may_in(by, Permission.CASES_RESTRICT, row),
        "reads_records": may_in(by, Permission.RECORDS_READ, row, whole=False),
        "is_open": row.is_open,
        "closed": row.state == CaseState.CLOSED.value,
    }
    return render(request, "cases/case.html", context)


def phases(found: CaseDetail) -> list[Phase]:
    """The way of a case, and where this one is on it."""
    here = CaseState(found.case.state)
    return [Phase(STATES[state], found.entered.get(state), now=state is here) for state in WAY]
