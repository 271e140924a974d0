"""The list of cases: one per vulnerability or report, over all its devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from postmarket.accounts.authority import ANYWHERE, may
from postmarket.accounts.permissions import Permission
from postmarket.cases.queries.listing import CaseCounts, CaseRow, case_counts, list_cases
from postmarket.cases.words import CaseState
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components.dates import said
from postmarket.web.components.tags import badge, unknown
from postmarket.web.components.text import counted_words, plural
from postmarket.web.pages.cases import filters
from postmarket.web.pages.cases.ways import ways
from postmarket.web.pages.cases.words import DETERMINATIONS, STATE_MEANINGS, STATES
from postmarket.web.pages.findings.words import PRIORITIES
from postmarket.web.table import Choice, Column, Search, Table

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from postmarket.accounts.models import Person

MOST_DEVICES = 3


def _box(row: CaseRow) -> str:
    return format_html(
        '<input type="checkbox" name="number" value="{}" form="several" aria-label="Choose {}">',
        row.case.number,
        row.case.number,
    )


PICK = Column[CaseRow](
    key="pick", label="Choose", value=lambda row: row.case.number, show=_box, sortable=False, page_only=True
)


def _named(row: CaseRow) -> str:
    case = row.case
    return format_html(
        '<a href="{}">{}</a><div class="small quiet"><span class="mono">{}</span> · {}</div>',
        reverse("case", args=[case.number]),
        case.title,
        case.vulnerability or "from a report",
        case.number,
    )


def _state(row: CaseRow) -> str:
    state = CaseState(row.case.state)
    tags = [badge(STATE_MEANINGS[state], STATES[state])]
    if row.judged.determination is not None:
        words, meaning = DETERMINATIONS[row.judged.determination]
        tags.append(badge(meaning, words))
    if row.case.restricted:
        tags.append(badge("secret", "Restricted"))
    return format_html('<span class="tags">{}</span>', format_html("{}" * len(tags), *tags))


def _priority(row: CaseRow) -> str:
    if row.priority is None:
        return unknown("not ranked")
    words, meaning = PRIORITIES[row.priority]
    return badge(meaning, words, "Set by a person" if row.overridden else row.case.priority_reason)


def _devices(row: CaseRow) -> str:
    if not row.devices:
        return unknown("none yet")
    shown = ", ".join(row.devices[:MOST_DEVICES])
    more = f" and {len(row.devices) - MOST_DEVICES} more" if len(row.devices) > MOST_DEVICES else ""
    return format_html('{}{}<div class="small quiet">{}</div>', shown, more, plural(row.versions, "version"))


def due(row: CaseRow) -> str:
    """When the next clock of a case ends, and which it is."""
    if row.next is None or row.next.until is None:
        return "no clock runs" if not row.case.is_open else unknown("no date")
    at = row.next.day or row.next.until
    return format_html(
        '<span class="due {}">{}</span><div class="small quiet">{}</div>',
        "harm" if row.late else "plain",
        said(at),
        f"{row.next.name}, late" if row.late else row.next.name,
    )


def cases_table(by: Person, *, picks: bool = False) -> Table:
    """The table, with the owners and devices that this person may choose from; with `picks` a box in each row."""
    return Table(
        name="cases",
        caption="Cases",
        columns=(
            *((PICK,) if picks else ()),
            Column[CaseRow](
                key="title", label="Case", value=lambda row: row.case.title, show=_named, order="title", heads=True
            ),
            Column[CaseRow](key="number", label="Number", value=lambda row: row.case.number, export_only=True),
            Column[CaseRow](
                key="vulnerability",
                label="Vulnerability",
                value=lambda row: row.case.vulnerability or "from a report",
                export_only=True,
            ),
            Column[CaseRow](
                key="priority",
                label="Priority",
                value=lambda row: PRIORITIES[row.priority][0] if row.priority else None,
                show=_priority,
                order="priority",
            ),
            Column[CaseRow](key="state", label="State", value=lambda row: row.case.state, show=_state, order="state"),
            Column[CaseRow](
                key="devices",
                label="Devices",
                value=lambda row: ", ".join(row.devices),
                show=_devices,
                wide_only=True,
            ),
            Column[CaseRow](
                key="due",
                label="Next date",
                value=lambda row: row.next.until if row.next else None,
                show=due,
                order="due",
            ),
            Column[CaseRow](
                key="owner",
                label="Owner",
                value=lambda row: row.case.owner.name,
                order="owner",
                wide_only=True,
            ),
            Column[CaseRow](
                key="opened",
                label="Opened",
                value=lambda row: row.case.opened_at,
                order="opened",
                descends=True,
                wide_only=True,
            ),
        ),
        filters=(
            Search(label="Find a number, CVE or words", narrow=filters.found),
            Choice(
                key="state",
                label="State",
                options=(("open", "Open"), *((state.value, words) for state, words in STATES.items())),
                narrow=filters.in_state,
            ),
            Choice(key="owner", label="Owner", options=filters.owners(by), narrow=filters.of_owner),
            Choice(key="device", label="Device", options=filters.devices(by), narrow=filters.on_device),
            Choice(
                key="overdue", label="Overdue", options=(("yes", "Overdue"), ("no", "Not overdue")), narrow=filters.late
            ),
        ),
        empty="cases/no_cases.html",
    )


@require_safe
def cases(request: HttpRequest) -> HttpResponseBase:
    """Cases, the most pressing first."""
    by, now = reader(request), clock.now()
    found = list_cases(by=by, now=now)
    table = cases_table(by, picks=True).bind(request, found)
    context = {
        "table": table,
        "ways": ways(request, "cases"),
        "steers": may(by, Permission.CASES_STEER, on=ANYWHERE),
        "heading": heading(case_counts(by=by, now=now), some=bool(found.count())),
        "enters": may(by, Permission.REPORTS_ENTER, on=ANYWHERE),
    }
    return table.export() or render(request, "cases/cases.html", context)


def heading(counts: CaseCounts, *, some: bool) -> str:
    """What matters most about all of them."""
    clocks = counts.clocks
    late = f"{counted_words(clocks.late, 'clock')} {'has' if clocks.late == 1 else 'have'} passed"
    soon = f"{counted_words(clocks.soon, 'clock')} {'ends' if clocks.soon == 1 else 'end'} within a week"
    if clocks.late and clocks.soon:
        return f"{late}, and {soon[0].lower()}{soon[1:]}."
    if clocks.late:
        return f"{late} and nothing stopped {'it' if clocks.late == 1 else 'them'}."
    if clocks.soon:
        return f"{soon}."
    if counts.open:
        return f"{counted_words(counts.open, 'case')} {'is' if counts.open == 1 else 'are'} open; no clock ends soon."
    return "Every case is closed." if some else "No case has been opened yet."
