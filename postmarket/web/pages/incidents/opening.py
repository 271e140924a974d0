"""An incident is opened: which hospital, which devices, what happens there, since when we know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.permissions import Permission
from postmarket.assessment.queries.assessments import of_case
from postmarket.assessment.queries.incidents import incidents_of, standing_of
from postmarket.assessment.rules.incident import OVER
from postmarket.assessment.services.incidents import open_incident
from postmarket.assessment.words import ExploitationHere
from postmarket.cases.queries.case import find_case
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.queries.versions import customers
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.pages.cases.common import attempt
from postmarket.web.pages.incidents.common import address_of
from postmarket.web.pages.incidents.forms import OpenForm
from postmarket.web.pages.incidents.incident import response_of
from postmarket.web.pages.incidents.words import finding

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from postmarket.assessment.models import Incident


@require_http_methods(["GET", "POST"])
def incident_open(request: HttpRequest, number: str) -> HttpResponse:
    """The form; what it causes and what the article says for these devices stand beside it."""
    by = reader(request)
    case = find_case(number, by=by)
    require(by, Permission.INCIDENTS_HANDLE, on=ANYWHERE)
    versions = {str(row.version.pk): row.version for row in of_case(by=by, case=case)}
    form = OpenForm(
        request.POST or None,
        versions=[(key, str(version)) for key, version in versions.items()],
        initial={"time_it_became_known": clock.now()},
    )

    def write(data: dict[str, Any]) -> Incident:
        return open_incident(
            by=by,
            case=case,
            site=data["site"],
            version=versions[data["version"]],
            exploitation=ExploitationHere(data["exploitation"]),
            what=data["description"],
            known_at=data["time_it_became_known"],
            units=data["units"],
            now=clock.now(),
        )

    made = attempt(form, write)
    if made is not None:
        messages.success(request, f"{made.number} is open. Next: what is done to the devices?")
        return HttpResponseRedirect(address_of(made))
    context = {
        "case": case,
        "form": form,
        "sites": customers(by),
        "responses": [(name, response_of(kind, ExploitationHere.SUSPECTED)) for name, kind in _types(versions)],
        "others": [(row, finding(row)) for row in incidents_of(by=by, case=case) if standing_of(row) not in OVER],
        "versions": versions,
    }
    return render(request, "incidents/open.html", context, status=400 if form.errors else 200)


def _types(versions: dict[str, DeviceVersion]) -> list[tuple[str, str]]:
    """Each device of the case with its type, once."""
    return list(dict.fromkeys((one.device.name, one.device.device_type) for one in versions.values()))
