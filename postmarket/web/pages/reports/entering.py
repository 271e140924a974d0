"""A report is entered by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.permissions import Permission
from postmarket.intake.models import Report
from postmarket.intake.rules.fields import Reporter, ReportFields
from postmarket.intake.services.reports import (
    enter_report,
)
from postmarket.intake.words import ReporterKind
from postmarket.inventory.models import Device
from postmarket.inventory.queries.scope import readable
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.pages.cases.common import attempt, given
from postmarket.web.pages.reports.forms import ReportForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from postmarket.accounts.models import Person
    from postmarket.web.pages.cases.forms import Choices


@require_http_methods(["GET", "POST"])
def report_enter(request: HttpRequest) -> HttpResponse:
    """Write down what somebody told the firm."""
    by = reader(request)
    require(by, Permission.REPORTS_ENTER, on=ANYWHERE)
    form = ReportForm(request.POST or None, request.FILES or None, devices=_choices(by))
    made = attempt(form, lambda data: _enter(by, data))
    if made is not None:
        messages.success(request, f"{made.number} is kept.")
        return HttpResponseRedirect(reverse("report", args=[made.number]))
    return render(request, "reports/enter.html", {"form": form}, status=400 if form.errors else 200)


def _choices(by: Person) -> Choices:
    found = Device.objects.filter(readable(by, permission=Permission.REPORTS_ENTER)).order_by("name", "pk")
    return [(str(one.pk), one.name) for one in found]


def _enter(by: Person, data: dict[str, Any]) -> Report:
    file = given(data["file"])
    return enter_report(
        by=by,
        fields=ReportFields(
            title=data["title"],
            text=data["report"],
            known_since=data["known_since"],
            kind=ReporterKind(data["kind"]),
            organisation=data["organisation"],
            reporter=Reporter(data["reporter"], data["way_to_answer"]),
            vulnerability=data["vulnerability"],
            harm_reported={"yes": True, "no": False}.get(data["harm"]),
        ),
        devices=list(Device.objects.filter(pk__in=data["devices"])),
        files=[] if file is None else [file],
        now=clock.now(),
    )
