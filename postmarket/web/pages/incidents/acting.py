"""What is noted of an incident: what is known, the plan, its approval, the isolation, that it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from postmarket.accounts.permissions import Permission
from postmarket.assessment.errors import ChangedMeanwhile
from postmarket.assessment.services.approving import begin_approval
from postmarket.assessment.services.incidents import (
    describe_incident,
    note_isolated,
    note_restored,
    plan_isolation,
    said_of,
)
from postmarket.assessment.services.incidents import rule_out as rule_out_incident
from postmarket.assessment.words import ExploitationHere, IsolatedBy
from postmarket.web import clock
from postmarket.web.pages.accounts.sign import address_of as signed_at
from postmarket.web.pages.cases.common import attempt
from postmarket.web.pages.cases.forms import WhyForm
from postmarket.web.pages.incidents import steps
from postmarket.web.pages.incidents.common import act_in, act_page, address_of, incident_for, same_minute
from postmarket.web.pages.incidents.forms import DescribeForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from postmarket.assessment.models import Incident

BOTH = ["GET", "POST"]
HANDLE = Permission.INCIDENTS_HANDLE


@require_http_methods(BOTH)
def describe(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Other units, another description, a suspicion that became certain."""
    by, row = incident_for(request, number, pk, HANDLE)
    units, seen = "\n".join(map(str, row.units.all())), said_of(row)
    known = {"exploitation": row.exploitation, "description": row.what, "units": units, "seen": seen}
    form = DescribeForm(request.POST or None, initial=known)

    def write(data: dict[str, Any]) -> Incident:
        try:
            return describe_incident(
                by=by,
                incident=row,
                exploitation=ExploitationHere(data["exploitation"]),
                what=data["description"],
                units=data["units"],
                why=data["why"],
                now=clock.now(),
                seen=data["seen"],
            )
        except ChangedMeanwhile:
            again = request.POST.copy()
            again["seen"] = seen
            form.data = again  # they have read now what it says: saved again, theirs counts
            raise

    return act_in(request, row, form, write, steps.DESCRIBE)


@require_http_methods(BOTH)
def plan(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """How to isolate, and how to care for patients meanwhile."""
    by, row = incident_for(request, number, pk, HANDLE)
    return act_in(
        request,
        row,
        steps.plan_form(row, request.POST or None),
        lambda data: plan_isolation(
            by=by,
            incident=row,
            step=data["isolation_step"],
            workaround=data["clinical_workaround"],
            residual_risk=data["residual_risk"],
            now=clock.now(),
        ),
        steps.planning(row),
    )


@require_http_methods(BOTH)
def approve(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The plan is put before the clinical safety lead, to be signed."""
    by, row = incident_for(request, number, pk, Permission.ISOLATION_APPROVE)
    form = steps.approve_form(request.POST if request.method == "POST" else None)
    begun = attempt(
        form,
        lambda data: begin_approval(by=by, incident=row, why=data["why"], back_to=address_of(row), now=clock.now()),
    )
    if begun is not None:
        return HttpResponseRedirect(signed_at(begun))
    return act_page(request, row, form, steps.approving(row))


@require_http_methods(BOTH)
def isolate(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The devices are isolated: by our decision only as approved; or the site did it by itself."""
    by, row = incident_for(request, number, pk, HANDLE)
    return act_in(
        request,
        row,
        steps.isolate_form(row, request.POST or None),
        lambda data: note_isolated(
            by=by,
            incident=row,
            at=same_minute(data["time_of_isolation"], steps.approved_at(row)),
            isolated_by=IsolatedBy(data["isolated_by"]),
            why=data["why"],
            now=clock.now(),
        ),
        steps.isolating(row),
    )


@require_http_methods(BOTH)
def restore(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The devices are back in normal use."""
    by, row = incident_for(request, number, pk, HANDLE)
    return act_in(
        request,
        row,
        steps.restore_form(request.POST or None),
        lambda data: note_restored(
            by=by,
            incident=row,
            at=same_minute(data["time_of_restoration"], row.isolated_at),
            how=data["way_of_restoring"],
            now=clock.now(),
        ),
        steps.RESTORE,
    )


@require_http_methods(BOTH)
def rule_out(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It was no exploitation."""
    by, row = incident_for(request, number, pk, HANDLE)
    return act_in(
        request,
        row,
        WhyForm(request.POST or None),
        lambda data: rule_out_incident(by=by, incident=row, why=data["why"], now=clock.now()),
        steps.RULE_OUT,
    )
