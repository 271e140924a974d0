"""The pages of the daily work: Today, triage, device versions, vulnerabilities, search."""

from __future__ import annotations

from collections.abc import Mapping

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import Device, DeviceVersion
from tests.monitoring.builders import NOW
from tests.web.routes.interface import Route, Routes, holders

READERS = holders(Permission.CONTENT_READ)


def a_version(who: Person | None) -> Mapping[str, object]:
    """A version that is there."""
    device = Device.objects.create(name="Corvid ventilator", created_at=NOW)
    return {"pk": DeviceVersion.objects.create(device=device, label="3.2", created_at=NOW).pk}


ROUTES: Routes = {
    "today": Route(allowed=READERS),
    "triage": Route(allowed=READERS),
    "triage-answer": Route(allowed=READERS, methods=("GET", "POST"), answers=frozenset({404})),
    "triage-undo": Route(allowed=READERS, methods=("POST",)),
    "triage-sign": Route(allowed=READERS, methods=("POST",), answers=frozenset({302, 400})),
    "search": Route(allowed=READERS),
    "device-version": Route(allowed=READERS, kwargs=a_version),
    "vulnerabilities": Route(allowed=READERS),
    "vulnerability": Route(allowed=READERS, kwargs=lambda who: {"name": "CVE-2025-0001"}, answers=frozenset({404})),
}
