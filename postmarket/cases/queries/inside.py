"""The device versions a case is about, with their devices."""

from __future__ import annotations

from collections.abc import Sequence

from postmarket.cases.models import Case, CaseVersion
from postmarket.cases.queries.once import once
from postmarket.inventory.models import Device, DeviceVersion


def versions_of(case: Case) -> Sequence[CaseVersion]:
    """
    Every version the case is or was about, left out ones too, in the order of the inventory; once inside `read_once`.

    Each with its device and line, and of those what names and ranks them. A case may hold hundreds: versions of one
    device share it, since making a row costs more than reading it.
    """
    return once(("versions", case.pk), lambda: _read(case))


def _read(case: Case) -> Sequence[CaseVersion]:
    # The rows first: what somebody puts into the case meanwhile is in the later answers, and never only in the first.
    rows = list(CaseVersion.objects.filter(case=case).order_by("version__device__name", "version_id"))
    versions = DeviceVersion.objects.filter(cases__case=case).only("label", "device_id").in_bulk()
    devices = Device.objects.filter(versions__cases__case=case).distinct().select_related("line")
    by_key = devices.only("name", "device_type", "line__name", "line__key").in_bulk()
    for row in rows:
        row.version = versions[row.version_id]
        row.version.device = by_key[row.version.device_id]
    return rows
