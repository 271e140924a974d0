"""One device: what it is, where it stands, its versions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from postmarket.accounts.authority import may
from postmarket.accounts.permissions import Permission
from postmarket.inventory.queries.devices import DeviceDetail
from postmarket.inventory.queries.standing import State
from postmarket.inventory.queries.versions import VersionRow
from postmarket.inventory.rules.kept import profile_read, roles_read
from postmarket.inventory.words import SupportStage
from postmarket.web.asking import reader
from postmarket.web.components.dates import said
from postmarket.web.components.tags import badge
from postmarket.web.components.text import plural
from postmarket.web.pages.devices.common import device_or_404, version_link
from postmarket.web.pages.devices.lists import units_shown
from postmarket.web.pages.devices.words import (
    feature_words,
    platform_words,
    stage_words,
    standing_tag,
    support_tag,
    support_words,
)
from postmarket.web.table import Choice, Column, Table


def _version(row: VersionRow, *, edits: bool) -> str:
    if not edits:
        return version_link(row.version)
    change = format_html(
        '<div class="small"><a href="{}" aria-label="Change {}">Change</a></div>',
        reverse("version-edit", args=[row.version.pk]),
        row.version.label,
    )
    return format_html("{}{}", version_link(row.version), change)


def _released(row: VersionRow) -> str:
    is_open = row.version.released_on is None and not row.version.is_shipped
    return "not yet" if is_open else said(row.version.released_on)


def _state(row: VersionRow) -> str:
    if row.version.is_shipped:
        return format_html(
            '{} <div class="small quiet">{}</div>', badge("safe", "Shipped"), said(row.version.shipped_at)
        )
    return badge("plain", "Development", "No case and no clock before a person marks it shipped")


def _units(row: VersionRow) -> str:
    if not row.version.is_shipped:
        return "not in the field"
    address = reverse("version-units", args=[row.version.pk])
    return format_html('<a href="{}">{}</a>', address, units_shown(row.units, 0 if row.units is not None else 1))


def versions_table(*, edits: bool) -> Table:
    """The versions of a device, for somebody who may change them or not."""
    return Table(
        name="versions",
        caption="Versions",
        columns=(
            Column[VersionRow](
                key="version",
                label="Version",
                value=lambda row: row.version.label,
                show=lambda row: _version(row, edits=edits),
                heads=True,
            ),
            Column[VersionRow](
                key="state", label="State", value=lambda row: row.version.state, show=_state, wide_only=True
            ),
            Column[VersionRow](
                key="released",
                label="Released",
                value=lambda row: row.version.released_on,
                show=_released,
                wide_only=True,
                descends=True,
            ),
            Column[VersionRow](
                key="support",
                label="Support",
                value=lambda row: support_words(row.support),
                show=lambda row: support_tag(row.support),
            ),
            Column[VersionRow](
                key="units",
                label="Units",
                value=lambda row: row.units if row.version.is_shipped else 0,
                show=_units,
                numeric=True,
                descends=True,
            ),
        ),
        filters=(
            Choice(
                key="state",
                label="State",
                options=(("shipped", "Shipped"), ("development", "Development")),
                narrow=lambda rows, value: [row for row in rows if row.version.state == value],
            ),
        ),
        empty="devices/no_versions.html",
    )


@require_safe
def device(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The page."""
    by = reader(request)
    found = device_or_404(by, pk)
    line = found.device.line
    edits = may(by, Permission.DEVICES_EDIT, on=line)
    table = versions_table(edits=edits).bind(request, found.versions)
    profile = profile_read(found.device.profile)
    context = {
        "found": found,
        "device": found.device,
        "table": table,
        "headline": headline(found),
        "standing_tag": standing_tag(found.standing),
        "roles": roles_read(found.device.roles),
        "profile": profile,
        "stage": stage_words(SupportStage(found.device.support_stage)),
        "platforms": [platform_words(one) for one in profile.operating_systems],
        "switched": [(feature_words(name), on) for name, on in profile.features.items()],
        "edits": edits,
        "determines": may(by, Permission.DEVICES_DETERMINE, on=line),
        "signs": may(by, Permission.SIGN, on=line),
    }
    return table.export() or render(request, "devices/device.html", context)


def headline(found: DeviceDetail) -> str:
    """What matters most about it, as the page's title."""
    name, shipped = found.device.name, found.shipped
    if found.ended:
        of = f"{len(found.ended):,} of {plural(len(shipped), 'version')}"
        verb = "is" if len(found.ended) == 1 else "are"
        return f"{name}: {of} in the field {verb} no longer supported."
    if found.standing.state is State.DRAFT:
        return f"{name}: its determination waits for a signature."
    if found.standing.state is State.OUTDATED:
        return f"{name}: its determination no longer fits its submission."
    if found.standing.state is State.NONE:
        return f"{name}: nobody has determined whether it is a cyber device."
    if not shipped:
        return f"{name} is not in the field yet."
    units = [row.units for row in shipped if row.units is not None]
    if len(units) < len(shipped):
        return f"{name}: nobody counted the units of {plural(len(shipped) - len(units), 'version')}."
    return f"{name}: {plural(sum(units), 'unit')} of {plural(len(shipped), 'version')} in the field."
