"""Reports: the list, entering one, and one with what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from postmarket.accounts.authority import ANYWHERE, may, require
from postmarket.accounts.permissions import Permission
from postmarket.cases.models import Case
from postmarket.cases.queries.visible import cases as visible_cases
from postmarket.intake.models import Report
from postmarket.intake.queries import reports as asked
from postmarket.intake.rules.fields import Reporter, ReportFields
from postmarket.intake.services.reports import (
    acknowledge,
    close_without_case,
    enter_report,
    reporter_of,
    say_harm,
)
from postmarket.intake.words import ReporterKind, ReportState
from postmarket.inventory.models import Device
from postmarket.inventory.queries.scope import readable
from postmarket.monitoring.policy import pack_in_force
from postmarket.web import clock
from postmarket.web.components.tags import badge, unknown
from postmarket.web.components.text import counted_words
from postmarket.web.pages.cases.common import attempt, given, reader, report_lines
from postmarket.web.pages.cases.forms import AcknowledgeForm, HarmForm, ReportForm, WhyForm
from postmarket.web.pages.cases.words import REPORT_STATES, REPORTERS
from postmarket.web.table import Choice, Column, Search, Table

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from postmarket.accounts.models import Person
    from postmarket.web.pages.cases.forms import Choices


def _named(row: Report) -> str:
    return format_html(
        '<a href="{}">{}</a><div class="small quiet mono">{}</div>',
        reverse("report", args=[row.number]),
        row.title,
        row.number,
    )


def _state(row: Report) -> str:
    words, meaning = REPORT_STATES[ReportState(row.state)]
    return badge(meaning, words)


def _harm(row: Report) -> str:
    if row.harm_reported is None:
        return unknown("nobody asked")
    return badge("harm", "yes") if row.harm_reported else "no"


def _devices(row: Report) -> str:
    return ", ".join(one.name for one in row.devices.all())


REPORTS = Table(
    name="reports",
    caption="Reports",
    columns=(
        Column[Report](
            key="title", label="Report", value=lambda row: row.title, show=_named, order="title", heads=True
        ),
        Column[Report](key="number", label="Number", value=lambda row: row.number, export_only=True),
        Column[Report](key="state", label="State", value=lambda row: row.state, show=_state, order="state"),
        Column[Report](
            key="kind",
            label="From",
            value=lambda row: row.organisation or REPORTERS[ReporterKind(row.kind)],
            order="kind",
            wide_only=True,
        ),
        Column[Report](
            key="devices",
            label="Devices",
            value=_devices,
            show=lambda row: _devices(row) or unknown("none named"),
            wide_only=True,
        ),
        Column[Report](
            key="harm",
            label="Harm",
            value=lambda row: row.harm_reported,
            show=_harm,
            order="harm_reported",
            wide_only=True,
        ),
        Column[Report](
            key="since", label="Known since", value=lambda row: row.known_since, order="known_since", descends=True
        ),
    ),
    filters=(
        Search(
            label="Find a report",
            narrow=lambda rows, text: rows.filter(
                Q(number__icontains=text)
                | Q(title__icontains=text)
                | Q(organisation__icontains=text)
                | Q(vulnerability__icontains=text)
            ),
        ),
        Choice(
            key="state",
            label="State",
            options=tuple((state.value, words) for state, (words, _) in REPORT_STATES.items()),
            narrow=lambda rows, value: rows.filter(state=value),
        ),
    ),
    sort="-since",
    empty="cases/no_reports.html",
)


@require_safe
def reports(request: HttpRequest) -> HttpResponseBase:
    """What was told to the firm, the newest first."""
    by = reader(request)
    found = asked.reports(by=by)
    table = REPORTS.bind(request, found)
    context = {
        "table": table,
        "heading": heading(found),
        "enters": may(by, Permission.REPORTS_ENTER, on=ANYWHERE),
    }
    return table.export() or render(request, "cases/reports.html", context)


def heading(found: QuerySet[Report]) -> str:
    """What the list says."""
    waiting = found.filter(state=ReportState.RECEIVED.value).exclude(kind=ReporterKind.OUR_OWN.value).count()
    if waiting:
        verb = "waits" if waiting == 1 else "wait"
        return f"{counted_words(waiting, 'report')} {verb} for an acknowledgement."
    undecided = found.filter(state__in=[one.value for one in asked.OPEN]).count()
    if undecided:
        return f"{counted_words(undecided, 'report')} {'waits' if undecided == 1 else 'wait'} for a case, or a reason."
    return "Every report is answered." if found.exists() else "Nobody has reported anything yet."


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
    return render(request, "cases/report_enter.html", {"form": form}, status=400 if form.errors else 200)


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


def _handled(request: HttpRequest, number: str) -> tuple[Person, Report]:
    by = reader(request)
    row = asked.report(number, by=by)
    on = report_lines(row)
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
    on = report_lines(row)
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
    return render(request, "cases/report.html", context, status=400 if wrong else 200)
