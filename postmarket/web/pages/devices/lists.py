"""The devices of the portfolio."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from postmarket.accounts.authority import ANYWHERE, may
from postmarket.accounts.permissions import Permission
from postmarket.inventory.queries.devices import DeviceRow, list_devices
from postmarket.inventory.queries.standing import State
from postmarket.inventory.queries.versions import VersionRow, support_forecast
from postmarket.inventory.rules.support import Ending
from postmarket.policy.interface import Criticality
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components.tags import unknown
from postmarket.web.components.text import counted, plural
from postmarket.web.pages.devices.beginning import beginning
from postmarket.web.pages.devices.common import device_link, version_link
from postmarket.web.pages.devices.words import (
    STAGES,
    stage_words,
    standing_tag,
    standing_words,
    support_tag,
    support_words,
)
from postmarket.web.table import Choice, Column, Search, Table


def _named(row: DeviceRow) -> str:
    device = row.device
    under = ", ".join(part for part in (device.line.name if device.line else "", *device.model_numbers[:3]) if part)
    return format_html('{}<div class="small quiet">{}</div>', device_link(device), under)


def _versions(row: DeviceRow) -> str:
    if not row.versions:
        return unknown("none yet")
    return f"{row.versions:,}, {row.shipped:,} shipped" if row.shipped else f"{row.versions:,}, none shipped"


def units_shown(units: int | None, uncounted: int) -> str:
    """Units in the field; what nobody counted is hatched, beside what is known."""
    if units is None:
        return unknown("not counted") if uncounted else "0"
    return format_html("{}{}", counted(units), format_html(" {}", unknown("and more")) if uncounted else "")


def _found(rows: Sequence[DeviceRow], words: str) -> list[DeviceRow]:
    asked = words.casefold()
    return [row for row in rows if asked in _searched(row)]


def _searched(row: DeviceRow) -> str:
    device = row.device
    return "\n".join((device.name, device.product_code, *device.model_numbers, *row.udi_dis)).casefold()


DEVICES = Table(
    name="devices",
    caption="Devices",
    columns=(
        Column[DeviceRow](key="name", label="Device", value=lambda row: row.device.name, show=_named, heads=True),
        Column[DeviceRow](
            key="type",
            label="Device type",
            value=lambda row: None if row.device.device_type == Criticality.UNKNOWN else row.device.device_type,
            wide_only=True,
        ),
        Column[DeviceRow](
            key="determination",
            label="Cyber device?",
            value=lambda row: standing_words(row.standing),
            show=lambda row: standing_tag(row.standing),
        ),
        Column[DeviceRow](
            key="support",
            label="Support",
            value=lambda row: stage_words(row.stage),
            show=lambda row: stage_words(row.stage) or unknown(STAGES[row.stage]),
            wide_only=True,
        ),
        Column[DeviceRow](key="ends", label="Ends on", value=lambda row: row.ends_on, wide_only=True),
        Column[DeviceRow](
            key="versions",
            label="Versions",
            value=lambda row: row.versions,
            show=_versions,
            descends=True,
            numeric=True,
            wide_only=True,
        ),
        Column[DeviceRow](
            key="units",
            label="Units",
            value=lambda row: row.units,
            show=lambda row: units_shown(row.units, row.uncounted),
            descends=True,
            numeric=True,
        ),
    ),
    filters=(
        Search(label="Find a name, model or UDI-DI", narrow=_found),
        Choice(
            key="determination",
            label="Cyber device?",
            options=(
                ("signed", "Determined and signed"),
                ("draft", "Draft waits"),
                ("outdated", "Outdated"),
                ("none", "Not determined"),
            ),
            narrow=lambda rows, value: [row for row in rows if row.standing.state.value == value],
        ),
        Choice(
            key="support",
            label="Support",
            options=tuple((stage.value, words) for stage, words in STAGES.items()),
            narrow=lambda rows, value: [row for row in rows if row.stage.value == value],
        ),
    ),
    sort="name",
    empty="devices/no_devices.html",
)
FORECAST = Table(
    name="end-of-support",
    caption="Versions whose support ends",
    columns=(
        Column[VersionRow](
            key="version",
            label="Version",
            value=lambda row: str(row.version),
            show=lambda row: format_html("{} {}", device_link(row.version.device), version_link(row.version)),
            heads=True,
        ),
        Column[VersionRow](
            key="support",
            label="Support",
            value=lambda row: support_words(row.support),
            show=lambda row: support_tag(row.support),
            sortable=False,
        ),
        Column[VersionRow](key="ends", label="Ends on", value=lambda row: row.support.ends_on, wide_only=True),
        Column[VersionRow](
            key="units",
            label="Units",
            value=lambda row: row.units,
            show=lambda row: units_shown(row.units, int(row.units is None)),
            descends=True,
            numeric=True,
        ),
    ),
    filters=(
        Search(
            label="Find a device or version",
            narrow=lambda rows, words: [row for row in rows if words.casefold() in str(row.version).casefold()],
        ),
        Choice(
            key="ending",
            label="Ends",
            options=(("passed", "Has passed"), ("soon", "Within what policy looks ahead"), ("unknown", "Nobody said")),
            narrow=lambda rows, value: [row for row in rows if row.support.ending.value == value],
        ),
    ),
    empty="devices/no_forecast.html",
)


@require_safe
def devices(request: HttpRequest) -> HttpResponseBase:
    """The list."""
    by = reader(request)
    found = list_devices(by)
    table = DEVICES.bind(request, found.rows)
    context = {
        "table": table,
        "headline": headline(found.rows),
        "proposals": found.open_proposals,
        "edits": may(by, Permission.DEVICES_EDIT, on=ANYWHERE),
        "beginning": None if found.rows else beginning(by),
    }
    return table.export() or render(request, "devices/devices.html", context)


@require_safe
def forecast(request: HttpRequest) -> HttpResponseBase:
    """Versions in the field whose support ends."""
    rows = support_forecast(reader(request), now=clock.now())
    table = FORECAST.bind(request, rows)
    passed = [row for row in rows if row.support.ending is Ending.PASSED]
    context = {
        "table": table,
        "passed": len(passed),
        "soon": sum(row.support.ending is Ending.SOON for row in rows),
        "unknown": sum(row.support.ending is Ending.UNKNOWN for row in rows),
        "units": sum(row.units or 0 for row in passed),
    }
    return table.export() or render(request, "devices/forecast.html", context)


def headline(rows: Sequence[DeviceRow]) -> str:
    """What matters most about all devices, as the page's title."""
    if not rows:
        return "No device is in the inventory yet."
    undetermined = sum(row.standing.state is not State.SIGNED for row in rows)
    uncounted = sum(row.uncounted for row in rows)
    if undetermined:
        verb = "has" if undetermined == 1 else "have"
        return f"{undetermined:,} of {plural(len(rows), 'device')} {verb} no determination that counts."
    if uncounted:
        return f"Nobody counted the units of {plural(uncounted, 'shipped version')}."
    return f"{plural(len(rows), 'device')}, all determined, all units counted."
