"""The list of incidents at all hospitals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from postmarket.assessment.models import Incident
from postmarket.assessment.queries import incidents as queries
from postmarket.assessment.queries.incidents import NOT_OVER, IncidentCounts, incident_counts, standing_of
from postmarket.assessment.rules.incident import Standing
from postmarket.assessment.words import ExploitationHere
from postmarket.inventory.models import Device
from postmarket.web.asking import reader
from postmarket.web.components.tags import badge, unknown
from postmarket.web.components.text import counted_words, plural
from postmarket.web.pages.incidents.common import address_of
from postmarket.web.pages.incidents.words import EXPLOITATION, STANDINGS
from postmarket.web.table import Choice, Column, Search, Table

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

Rows = QuerySet[Incident, Any]


def _named(row: Incident) -> str:
    return format_html(
        '<a href="{}">{}</a>'
        '<div class="small quiet"><span class="mono">{}</span> in <a class="mono" href="{}">{}</a></div>'
        '<div class="small fw-normal">{}</div>',
        address_of(row),
        row.site.name,
        row.number,
        reverse("case", args=[row.case.number]),
        row.case.number,
        row.what,
    )


def _standing(row: Incident) -> str:
    words, meaning = STANDINGS[standing_of(row)]
    kind, colour = EXPLOITATION[ExploitationHere(row.exploitation)]
    secret = badge("secret", "Restricted") if row.case.restricted else ""
    return format_html('<span class="tags">{}{}{}</span>', badge(meaning, words), badge(colour, kind), secret)


def _device(row: Incident) -> str:
    count = len(row.units.all())
    units = plural(count, "unit") if count else unknown("units not named")
    return format_html('{}<div class="small quiet">{}</div>', row.version, units)


def _found(rows: Rows, text: str) -> Rows:
    for word in text.split():
        rows = rows.filter(queries.speaks_of(word) | Q(case__number__icontains=word))
    return rows


def _in_state(rows: Rows, value: str) -> Rows:
    return rows.filter(NOT_OVER if value == "open" else queries.STANDINGS[Standing(value)])


def incidents_table(seen: Rows) -> Table:
    """The table, with the devices of these incidents to choose from."""
    devices = (
        Device.objects.filter(versions__incidents__in=seen.order_by().values("pk")).distinct().order_by("name", "pk")
    )
    return Table(
        name="incidents",
        caption="Incidents",
        columns=(
            Column[Incident](
                key="site",
                label="Hospital",
                value=lambda row: row.site.name,
                show=_named,
                order="site__name",
                heads=True,
            ),
            Column[Incident](key="number", label="Number", value=lambda row: row.number, export_only=True),
            Column[Incident](
                key="state", label="State", value=lambda row: standing_of(row).value, show=_standing, sortable=False
            ),
            Column[Incident](
                key="exploitation", label="Exploitation", value=lambda row: row.exploitation, export_only=True
            ),
            Column[Incident](
                key="device",
                label="Device",
                value=lambda row: str(row.version),
                show=_device,
                order="version__device__name version__label",
            ),
            Column[Incident](
                key="units",
                label="UDIs",
                value=lambda row: " ".join(map(str, row.units.all())) or None,
                export_only=True,
            ),
            Column[Incident](key="case", label="Case", value=lambda row: row.case.number, export_only=True),
            Column[Incident](
                key="known", label="Known since", value=lambda row: row.known_at, order="known_at", descends=True
            ),
            Column[Incident](key="isolated", label="Isolated", value=lambda row: row.isolated_at, export_only=True),
            Column[Incident](key="restored", label="Restored", value=lambda row: row.restored_at, export_only=True),
        ),
        filters=(
            Search(label="Find a hospital, device, UDI or number", narrow=_found),
            Choice(
                key="state",
                label="State",
                options=(("open", "Not over"), *((one.value, words) for one, (words, _) in STANDINGS.items())),
                narrow=_in_state,
            ),
            Choice(
                key="exploitation",
                label="Exploitation",
                options=tuple((one.value, words) for one, (words, _) in EXPLOITATION.items()),
                narrow=lambda rows, value: rows.filter(exploitation=value),
            ),
            Choice(
                key="device",
                label="Device",
                options=tuple((str(one.pk), one.name) for one in devices),
                narrow=lambda rows, value: rows.filter(version__device=int(value)),
            ),
        ),
        empty="incidents/none.html",
    )


@require_safe
def incidents(request: HttpRequest) -> HttpResponseBase:
    """All that this person may see, newest first."""
    by = reader(request)
    rows = queries.incidents(by)
    table = incidents_table(rows).bind(request, rows)
    context = {"table": table, "heading": heading(incident_counts(by=by))}
    return table.export() or render(request, "incidents/incidents.html", context)


def heading(counts: IncidentCounts) -> str:
    """What matters most about all of them."""
    if not counts.all:
        return "No incident has been opened yet."
    if not counts.open:
        return "No incident is open."
    over = f"{counted_words(counts.open, 'incident')} {'is' if counts.open == 1 else 'are'} not over"
    if not counts.waiting:
        return f"{over}."
    plans = "one plan waits" if counts.waiting == 1 else f"{counts.waiting} plans wait"
    return f"{over}; {plans} for a clinical safety lead."
