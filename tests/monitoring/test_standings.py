"""No finding leaves a list while the projection has not come by yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from postmarket.accounts.roles import Role
from postmarket.inventory.services.devices import edit_device, fields_of
from postmarket.monitoring.queries.findings import findings
from postmarket.monitoring.queries.findings.rows import FindingRow
from postmarket.policy.interface import ClinicalRole, Criticality, Priority
from postmarket.worklist.interface import RoleRule
from tests.accounts.builders import person
from tests.builders import Tell
from tests.monitoring.builders import keep_device, keep_version
from tests.monitoring.given import LATER, OPENSSL, told

pytestmark = pytest.mark.django_db


def shown() -> list[FindingRow]:
    """What an analyst sees."""
    return list(findings(by=person("Ana Reed", Role.PSIRT_ANALYST)).every())


@pytest.mark.parametrize(
    ("change", "priority"),
    [
        ({"device_type": Criticality.LIFE_SUSTAINING.value}, Priority.URGENT),
        ({"roles": (RoleRule("openssl", ClinicalRole.ADMINISTRATIVE, "Service shell only."),)}, Priority.WATCH),
    ],
)
def test_a_change_of_type_or_role_ranks_a_finding_anew_with_the_change_itself(
    change: dict[str, object], priority: Priority, tell: Tell, bring_up: Callable[..., object]
) -> None:
    """A billing gateway turns out to be a ventilator: no worker has come by, and its findings are there, ranked."""
    device = keep_device(device_type=Criticality.ADMINISTRATIVE.value)
    keep_version(device, "3.2", [OPENSSL])
    tell(told())
    bring_up()
    (before,) = shown()

    edit_device(
        by=person("Mara Lind", Role.PSIRT_MANAGER),
        device=device,
        fields=replace(fields_of(device), **change),  # type: ignore[arg-type]
        line=None,
        why="The clinical lead corrects it.",
        now=LATER,
    )

    (after,) = shown()
    assert before.facts == after.facts
    assert (after.standing.device_type, after.role) != (before.standing.device_type, before.role)
    assert after.priority is priority
