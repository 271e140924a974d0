"""One incident on one page: what is touched, where it stands, one next step, what the article says, who did what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from postmarket.accounts.permissions import Permission
from postmarket.assessment.queries.incidents import standing_of
from postmarket.assessment.queries.sheets import sheet
from postmarket.assessment.rules.incident import Standing
from postmarket.assessment.rules.pathway import sentence
from postmarket.assessment.rules.playbook import Playbook, playbook
from postmarket.assessment.words import ExploitationHere, IsolatedBy
from postmarket.monitoring.policy import pack_in_force
from postmarket.web.components.actions import Phase
from postmarket.web.pages.cases.common import may_in
from postmarket.web.pages.incidents.common import address_of, handles, incident_for
from postmarket.web.pages.incidents.steps import approved_at, next_step
from postmarket.web.pages.incidents.words import EXPLOITATION, finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from postmarket.assessment.models import Incident


@dataclass(frozen=True, slots=True)
class Response:
    """What the article says for the device type, for both kinds; `here` is the one that this incident is."""

    of: Playbook
    suspected: str
    active: str
    here: ExploitationHere


@require_safe
def incident(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The page."""
    by, row = incident_for(request, number, pk)
    found = sheet(by=by, number=row.number)
    words, meaning = EXPLOITATION[ExploitationHere(row.exploitation)]
    does = handles(by, row)
    context = {
        "incident": row,
        "case": row.case,
        "sheet": found,
        "heading": finding(row),
        "exploitation": words,
        "meaning": meaning,
        "phases": phases(row),
        "next": next_step(row, by),
        "response": response(row),
        "pathway": sentence(found.pathway),
        "units": [unit.udi for unit in row.units.all()],
        "by_site": row.isolated_by == IsolatedBy.SITE.value,
        "changes": changes(row) if does else (),
        "reads_records": may_in(by, Permission.RECORDS_READ, row.case, whole=False),
    }
    return render(request, "incidents/incident.html", context)


def phases(row: Incident) -> Sequence[Phase]:
    """Its way; what a hospital did by itself has neither plan nor approval on it."""
    here, approved = standing_of(row), approved_at(row)
    first = Phase(
        "Actively exploited" if row.exploitation == ExploitationHere.ACTIVE.value else "Suspected", row.known_at
    )
    if here is Standing.RULED_OUT:
        return [first, Phase("Ruled out", row.ruled_out_at, now=True)]
    isolated = Phase("Isolated", row.isolated_at)
    way = [first, Phase("Planned", row.planned_at), Phase("Approved", approved), isolated]
    if row.isolated_by == IsolatedBy.SITE.value:
        way = [first, Phase("Isolated by the hospital", row.isolated_at)]
    elif here is Standing.RESTORED:
        way = [phase for phase in way if phase.at is not None]
    way.append(Phase("Restored", row.restored_at))
    last = max(place for place, phase in enumerate(way) if phase.at is not None)
    return [Phase(phase.name, phase.at, now=place == last) for place, phase in enumerate(way)]


def response(row: Incident) -> Response:
    """Both steps of the article's row, side by side."""
    return response_of(row.version.device.device_type, ExploitationHere(row.exploitation))


def response_of(device_type: str, here: ExploitationHere) -> Response:
    """The same for any device type."""
    pack = pack_in_force()
    both = {kind: playbook(device_type, kind, pack) for kind in ExploitationHere}
    return Response(both[here], both[ExploitationHere.SUSPECTED].step, both[ExploitationHere.ACTIVE].step, here)


def changes(row: Incident) -> Sequence[tuple[str, str]]:
    """What else can be noted, and where."""
    found = [("What is known of it", address_of(row, "incident-describe"))]
    if row.isolated_at is None:
        if row.planned_at is not None:
            found.append(("The plan", address_of(row, "incident-plan")))
        if approved_at(row) is None:
            found.append(("The hospital has isolated by itself", address_of(row, "incident-isolate")))
        found += [
            ("The devices are back in use without isolation", address_of(row, "incident-restore")),
            ("It was no exploitation", address_of(row, "incident-rule-out")),
        ]
    return found
