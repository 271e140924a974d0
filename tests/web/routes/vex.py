"""Suppliers' VEX."""

from __future__ import annotations

from collections.abc import Mapping

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.roles import Role
from postmarket.monitoring.models import SupplierStatement, SupplierVex
from tests.accounts.builders import person
from tests.monitoring.feeds.given import NOW
from tests.web.routes.feeds import kept
from tests.web.routes.interface import Route, Routes, holders

READ = holders(Permission.CONTENT_READ)
TRIAGE = holders(Permission.FINDINGS_TRIAGE)
BOTH = ("GET", "POST")


def a_document(who: Person | None) -> Mapping[str, object]:
    """A document with a line about nothing of ours."""
    receiver = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    document = SupplierVex.objects.create(
        evidence=kept(), file_name="quellmar.openvex.json", received_at=NOW, received_by=receiver
    )
    SupplierStatement.objects.create(
        document=document,
        position=0,
        vulnerability="CVE-2024-5535",
        product="Quellmar RTOS",
        status="not_affected",
        justification="vulnerable_code_not_present",
        content=b"",
        outcome="skipped",
        why="quellmar.openvex.json statements[0]: CVE-2024-5535 Quellmar RTOS: no row of this scan is about it",
    )
    return {"pk": document.pk}


ROUTES: Routes = {
    "supplier-vex": Route(allowed=READ),
    "supplier-vex-receive": Route(allowed=TRIAGE, methods=BOTH),
    "supplier-vex-one": Route(allowed=READ, kwargs=a_document),
    "supplier-vex-withdraw": Route(allowed=TRIAGE, methods=BOTH, kwargs=a_document),
}
