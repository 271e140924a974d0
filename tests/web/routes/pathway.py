"""Exploit impact pathways."""

from __future__ import annotations

from collections.abc import Mapping

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.assessment.models import Control
from postmarket.assessment.words import ControlKind
from postmarket.inventory.models import DeviceVersion
from tests.accounts.builders import person
from tests.monitoring.builders import NOW
from tests.web.routes.cases import BOTH, READ, a_version
from tests.web.routes.interface import Route, Routes, holders

EDIT = holders(Permission.ASSESSMENTS_EDIT)


def a_control(who: Person | None) -> Mapping[str, object]:
    """A case with a version whose device has a control."""
    at = a_version(who)
    device = DeviceVersion.objects.get(pk=int(str(at["pk"]))).device
    row = Control.objects.create(
        device=device,
        name="Firewall rule",
        kind=ControlKind.COMPENSATING.value,
        named_by=person("Nora Names"),
        named_at=NOW,
    )
    return {**at, "control": row.pk}


ROUTES: Routes = {
    "pathway": Route(allowed=READ, kwargs=a_version),
    "pathway-save": Route(allowed=EDIT, methods=("POST",), kwargs=a_version, answers=frozenset({200, 302, 400, 409})),
    "pathway-keep": Route(allowed=EDIT, methods=("POST",), kwargs=a_version),
    "control-withdraw": Route(allowed=EDIT, methods=BOTH, kwargs=a_control),
}
