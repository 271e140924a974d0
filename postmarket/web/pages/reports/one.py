"""One report, and what is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from postmarket.accounts.authority import ANYWHERE, On, may, require
from postmarket.accounts.permissions import Permission
from postmarket.cases.models import Case
from postmarket.cases.queries.visible import cases as visible_cases
from postmarket.intake.models import Report
from postmarket.intake.queries import reports as asked
from postmarket.intake.services.reports import (
    acknowledge,
    close_without_case,
    reporter_of,
    say_harm,
)
from postmarket.intake.words import ReporterKind, ReportState
from postmarket.monitoring.policy import pack_in_force
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.pages.cases.common import attempt
from postmarket.web.pages.cases.forms import WhyForm
from postmarket.web.pages.reports.forms import AcknowledgeForm, HarmForm
from postmarket.web.pages.reports.words import REPORT_STATES, REPORTERS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from postmarket.accounts.models import Person


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """One report, and what is next."""
    by = reader(request)
    return _page(request, by, asked.report(number, by=by))


@require_http_methods(["POST"])
def report_acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    """The reporter was told."""
    by, row = _handled(request, number)
    form = AcknowledgeForm(request.POST)
    made = attempt(
        form,
        lambda data: acknowledge(by=by, report=row, at=data["acknowledged_at"], why=data["why"], now=clock.now()),
    )
    if made is None:
        return _page(request, by, row, acknowledging=form)
    messages.success(request, f"{number} is acknowledged.")
    return HttpResponseRedirect(reverse("report", args=[number]))


@require_http_methods(["POST"])
def report_harm(request: HttpRequest, number: str) -> HttpResponse:
    """Whether it tells of harm."""
    by, row = _handled(request, number)
    form = HarmForm(request.POST)
    made = attempt(
        form,
        lambda data: say_harm(by=by, report=row, harmed=data["harm"] == "yes", why=data["why"], now=clock.now()),
    )
    if made is None:
        return _page(request, by, row, harm=form)
    messages.success(request, "Said, and on record.")
    return HttpResponseRedirect(reverse("report", args=[number]))


@require_http_methods(["POST"])
def report_close(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing follows from it, because."""
    by, row = _handled(request, number)
    form = WhyForm(request.POST)
    made = attempt(form, lambda data: close_without_case(by=by, report=row, why=data["why"], now=clock.now()))
    if made is None:
        return _page(request, by, row, closing=form)
    messages.success(request, f"{number} is closed without a case.")
    return HttpResponseRedirect(reverse("report", args=[number]))


def _lines(report: Report) -> list[On]:
    """The device lines that authority over a report is asked for: one of them is enough."""
    return [one.line for one in report.devices.all()] or [ANYWHERE]


def _handled(request: HttpRequest, number: str) -> tuple[Person, Report]:
    by = reader(request)
    row = asked.report(number, by=by)
    on = _lines(row)
    if not any(may(by, Permission.REPORTS_HANDLE, on=line) for line in on):
        require(by, Permission.REPORTS_HANDLE, on=on[0])
    return by, row


def _page(
    request: HttpRequest,
    by: Person,
    row: Report,
    *,
    acknowledging: AcknowledgeForm | None = None,
    harm: HarmForm | None = None,
    closing: WhyForm | None = None,
) -> HttpResponse:
    now = clock.now()
    on = _lines(row)
    handles = any(may(by, Permission.REPORTS_HANDLE, on=line) for line in on)
    state_words, meaning = REPORT_STATES[ReportState(row.state)]
    case = Case.objects.filter(pk__in=visible_cases(by).values("pk"), reports__report=row).first()
    wrong = any(form is not None for form in (acknowledging, harm, closing))
    context = {
        "report": row,
        "case": case,
        "state": state_words,
        "meaning": meaning,
        "kind": REPORTERS[ReporterKind(row.kind)],
        "own": row.kind == ReporterKind.OUR_OWN.value,
        "due": asked.acknowledging(row, pack=pack_in_force(), now=now),
        "reporter": reporter_of(row, by=by) if handles else None,
        "handles": handles,
        "reads_records": may(by, Permission.RECORDS_READ, on=None),
        "opens": row.state in [one.value for one in asked.OPEN] and may(by, Permission.CASES_OPEN, on=ANYWHERE),
        "acknowledging": acknowledging or AcknowledgeForm(initial={"acknowledged_at": now}, auto_id="ack_%s"),
        "harm": harm or HarmForm(auto_id="harm_%s"),
        "closing": closing or WhyForm(auto_id="close_%s"),
        "may_close": row.state == ReportState.ACKNOWLEDGED.value,
    }
    return render(request, "reports/report.html", context, status=400 if wrong else 200)
