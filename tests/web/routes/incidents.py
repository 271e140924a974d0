"""Incidents at hospitals."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.roles import Role
from postmarket.assessment.models import Incident
from postmarket.cases.models import CaseVersion
from postmarket.inventory.models import Customer
from tests.accounts.builders import person
from tests.monitoring.builders import NOW
from tests.web.routes.cases import kept, shipped
from tests.web.routes.interface import Route, Routes, holders

BOTH = ("GET", "POST")
READ = holders(Permission.CONTENT_READ)
HANDLE = holders(Permission.INCIDENTS_HANDLE)
_numbers = count(1)


def a_case(who: Person | None) -> Mapping[str, object]:
    """A case about a version in the field."""
    case = kept()
    CaseVersion.objects.create(case=case, version=shipped(), added_at=NOW)
    return {"number": case.number}


def an_incident(who: Person | None) -> Mapping[str, object]:
    """An incident whose plan somebody else has made."""
    case, number = kept(), next(_numbers)
    row = CaseVersion.objects.create(case=case, version=shipped(), added_at=NOW)
    other = person("Ada Plans", Role.PSIRT_ANALYST)
    made = Incident.objects.create(
        number=f"INC-2026-{number:04d}",
        case=case,
        site=Customer.objects.create(name=f"St. Brigid {number}", created_at=NOW),
        version=row.version,
        exploitation="active",
        what="Two pumps restart by themselves.",
        known_at=NOW,
        opened_by=other,
        opened_at=NOW,
        isolation="Selective isolation.",
        isolation_origin="own words",
        workaround="A nurse counts the drops.",
        planned_by=other,
        planned_at=NOW,
    )
    return {"number": case.number, "pk": made.pk}


ROUTES: Routes = {
    "incidents": Route(allowed=READ),
    "incident-open": Route(allowed=HANDLE, methods=BOTH, kwargs=a_case),
    "incident": Route(allowed=READ, kwargs=an_incident),
    "incident-describe": Route(allowed=HANDLE, methods=BOTH, kwargs=an_incident),
    "incident-plan": Route(allowed=HANDLE, methods=BOTH, kwargs=an_incident),
    "incident-approve": Route(allowed=holders(Permission.ISOLATION_APPROVE), methods=BOTH, kwargs=an_incident),
    "incident-isolate": Route(allowed=HANDLE, methods=BOTH, kwargs=an_incident),
    "incident-restore": Route(allowed=HANDLE, methods=BOTH, kwargs=an_incident),
    "incident-rule-out": Route(allowed=HANDLE, methods=BOTH, kwargs=an_incident),
    "incident-sheet": Route(allowed=READ, kwargs=an_incident),
}
