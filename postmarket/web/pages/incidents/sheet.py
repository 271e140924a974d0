"""An incident as a sheet to print: what the article's template asks, and lines for what nobody has said yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from postmarket.assessment.isolation import KIND
from postmarket.assessment.queries.sheets import sheet
from postmarket.assessment.rules.pathway import HAZARD_CHAIN, missing
from postmarket.assessment.words import ExploitationHere, IsolatedBy
from postmarket.records import Subject
from postmarket.records.queries import chain_end, signed_on
from postmarket.web import clock
from postmarket.web.pages.incidents.common import incident_for
from postmarket.web.pages.incidents.incident import response
from postmarket.web.pages.incidents.words import EXPLOITATION, finding

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def incident_sheet(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The sheet."""
    by, row = incident_for(request, number, pk)
    found = sheet(by=by, number=row.number)
    hashes = {target.signature_id: target.sha256 for target in signed_on(Subject(KIND, row.number))}
    context = {
        "incident": row,
        "case": row.case,
        "restricted": row.case.restricted,
        "sheet": found,
        "heading": finding(row),
        "exploitation": EXPLOITATION[ExploitationHere(row.exploitation)][0],
        "steps": [(step, HAZARD_CHAIN[step.kind]) for step in found.pathway.steps],
        "steps_missing": [(kind, HAZARD_CHAIN[kind]) for kind in missing(found.pathway)],
        "approvals": [(one, hashes.get(one.signature_id, "")) for one in found.approvals],
        "response": response(row),
        "by_site": row.isolated_by == IsolatedBy.SITE.value,
        "now": clock.now(),
        "end": chain_end(),
    }
    return render(request, "incidents/sheet.html", context)
