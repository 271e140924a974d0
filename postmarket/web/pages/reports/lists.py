"""The list of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from postmarket.accounts.authority import ANYWHERE, may
from postmarket.accounts.permissions import Permission
from postmarket.intake.models import Report
from postmarket.intake.queries import reports as asked
from postmarket.intake.words import ReporterKind, ReportState
from postmarket.web.asking import reader
from postmarket.web.components.tags import badge, unknown
from postmarket.web.components.text import counted_words
from postmarket.web.pages.reports.words import REPORT_STATES, REPORTERS
from postmarket.web.table import Choice, Column, Search, Table

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponseBase


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
    empty="reports/no_reports.html",
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
    return table.export() or render(request, "reports/reports.html", context)


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
