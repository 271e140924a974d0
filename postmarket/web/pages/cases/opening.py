"""A case is opened, for a vulnerability or a report; what it will cause stands beside the button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from postmarket.accounts.authority import ANYWHERE, may, people_with, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.errors import CaseExists
from postmarket.cases.queries.hits import hits, lead_of
from postmarket.cases.queries.visible import cases
from postmarket.cases.services.opening import add_report, open_case, open_case_for_report
from postmarket.cases.words import CaseState
from postmarket.intake.queries.reports import report as find_report
from postmarket.inventory.models import Device, DeviceVersion
from postmarket.inventory.words import VersionState
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components import dates
from postmarket.web.components.text import plural
from postmarket.web.pages.cases.common import attempt
from postmarket.web.pages.cases.forms import OpenForm, WhyForm, named

NAMED = "named in the report"
"""How a version of a device that the report names comes in."""

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from postmarket.cases.models import Case
    from postmarket.intake.models import Report


@dataclass(frozen=True, slots=True)
class Over:
    """A version the case will be about, and how it comes in."""

    version: DeviceVersion
    how: str


@dataclass(frozen=True, slots=True)
class About:
    """What the case would be about: `report` or a vulnerability; `since` is when the firm learned of it (UTC)."""

    name: str
    report: Report | None
    versions: Sequence[Over]
    since: datetime | None
    existing: Case | None
    lead: int | None


@require_http_methods(["GET", "POST"])
def case_open(request: HttpRequest) -> HttpResponse:
    """
    The form: `?report=REP-2026-0001` or `?vulnerability=CVE-2025-0001`.

    Where an open case is about it already, it leads there; a report is then added to that one.
    """
    by = reader(request)
    require(by, Permission.CASES_OPEN, on=ANYWHERE)
    about = _about(request, by)
    if about.existing is not None and about.report is None:
        return HttpResponseRedirect(reverse("case", args=[about.existing.number]))
    if about.existing is not None and about.report is not None:
        return _add(request, by, about.report, about.existing)
    owners = named(people_with(Permission.CASES_WORK, on=ANYWHERE))
    form = OpenForm(request.POST or None, owners=owners, initial={"owner": str(by.pk), "why": _why(about)})
    made = attempt(form, lambda data: _open(by, about, data))
    if made is not None:
        messages.success(request, f"{made.number} is open.")
        return HttpResponseRedirect(reverse("case", args=[made.number]))
    seen = [one for one in about.versions if may(by, Permission.CONTENT_READ, on=one.version.device.line)]
    context = {
        "form": form,
        "about": about.name,
        "back": _back(about),
        "heading": f"Open a case for {about.name}?",
        "lead": "One case over every shipped version; it says what can happen to a patient, and by when what is due.",
        "causes": causes(about),
        "versions": seen,
        "more": len(about.versions) - len(seen),
    }
    return render(request, "cases/open.html", context, status=400 if form.errors else 200)


def _why(about: About) -> str:
    """The reason that is there already; whoever opens the case may say another."""
    if about.report is not None:
        return f"{about.name} came in."
    return f"Monitoring matches it in {plural(len(about.versions), 'shipped version')}." if about.versions else ""


def causes(about: About) -> list[str]:
    """What opening it causes, line by line."""
    found = ["It gets a number, and stands in the lists of everybody who may read its devices, unless restricted."]
    if about.since is not None:
        found.append(f"Its clocks run from {dates.in_words(about.since)}, when the firm first knew, not from today.")
    if about.versions:
        found.append(f"It is about {plural(len(about.versions), 'shipped version')}; new ones come in by themselves.")
    found.append("What is only possible is in it too, until somebody leaves it out with a reason.")
    found.append("Nothing leaves the firm by it.")
    return found


def _about(request: HttpRequest, by: Person) -> About:
    number, name = request.GET.get("report", ""), request.GET.get("vulnerability", "").strip()
    if number:
        row = find_report(number, by=by)
        return _of(row.vulnerability, by, row)
    if not name:
        raise Http404
    return _of(name, by, None)


def _of(name: str, by: Person, report: Report | None) -> About:
    lead = lead_of(name)
    found = hits(lead)
    over = {hit.version.pk: Over(hit.version, hit.how) for hit in found.versions}
    since = [hit.since for hit in found.versions]
    if report is not None:
        since.append(report.known_since)
        named_in = DeviceVersion.objects.filter(
            device__in=Device.objects.filter(reports=report), state=VersionState.SHIPPED.value
        )
        for version in named_in.select_related("device__line"):
            over.setdefault(version.pk, Over(version, NAMED))
    ended = [CaseState.CLOSED.value, CaseState.MERGED.value]
    open_ = cases(by).exclude(state__in=ended)
    existing = open_.filter(reports__report=report).first() if report is not None else None
    if existing is None and lead is not None:
        existing = open_.filter(lead=lead, restricted=False, part=False).first()
    return About(
        report.number if report is not None else name,
        report,
        tuple(over.values()),
        min(since, default=None),
        existing,
        lead,
    )


def _open(by: Person, about: About, data: dict[str, Any]) -> Case:
    said: dict[str, Any] = {
        "by": by,
        "title": data["title"],
        "owner": Person.objects.get(pk=data["owner"]),
        "restricted": data["restricted"],
        "why": data["why"],
        "now": clock.now(),
    }
    if about.report is not None:
        return open_case_for_report(report=about.report, **said)
    return open_case(vulnerability=about.name, **said)


def _add(request: HttpRequest, by: Person, report: Report, case: Case) -> HttpResponse:
    """The report is about what an open case is about: it is added there."""
    back = reverse("case", args=[case.number])
    if report.state == "in a case":
        return HttpResponseRedirect(back)
    form = WhyForm(request.POST or None)
    try:
        made = attempt(form, lambda data: add_report(by=by, case=case, report=report, why=data["why"], now=clock.now()))
    except CaseExists as error:
        return HttpResponseRedirect(reverse("case", args=[error.number]) if error.number else back)
    if made is not None:
        messages.success(request, f"{report.number} is in {case.number}.")
        return HttpResponseRedirect(back)
    context = {
        "form": form,
        "about": report.number,
        "back": reverse("report", args=[report.number]),
        "heading": f"{case.number} is about this already. Add {report.number} to it?",
        "lead": case.title,
        "causes": [
            "The devices it names come into the case.",
            "The earlier date counts of what both say: clocks may end sooner.",
        ],
        "versions": (),
        "more": 0,
    }
    return render(request, "cases/open.html", context, status=400 if form.errors else 200)


def _back(about: About) -> str:
    if about.report is not None:
        return reverse("report", args=[about.report.number])
    return reverse("vulnerability", args=[about.name])
