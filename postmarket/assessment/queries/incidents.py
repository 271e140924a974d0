"""Incidents of cases that somebody may see."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from postmarket.accounts.authority import Caller, may
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.assessment.errors import NotFound
from postmarket.assessment.models import Incident, IsolationApproval
from postmarket.cases.models import Case
from postmarket.cases.queries.visible import visible_to
from postmarket.inventory.queries.scope import readable

WITH = ("case", "site", "version__device__line", "opened_by", "planned_by", "restored_by")


def incidents(by: Caller) -> QuerySet[Incident]:
    """All that they may see, newest first, with what a list shows."""
    seen = Incident.objects.filter(visible_to(by, "case"), readable(by, "version__device__line"))
    return seen.select_related(*WITH).prefetch_related("units")


def incidents_of(*, by: Caller, case: Case) -> Sequence[Incident]:
    """Those of one case, newest first."""
    return list(incidents(by).filter(case=case))


def incident_numbered(*, by: Caller, number: str) -> Incident:
    """The incident of that number. Raises NotFound, also for what is not theirs to see."""
    row = incidents(by).filter(number=number).first()
    if row is None:
        raise NotFound("There is no such incident", where=number[:20], next_step="Look at the case again.")
    return row


def waiting_for_approval(*, by: Person) -> Sequence[Incident]:
    """Plans to isolate that this person could approve, what became known first first."""
    approved = IsolationApproval.objects.filter(incident=OuterRef("pk"), voided_at=None)
    rows = incidents(by).filter(
        ~Exists(approved), isolated_at=None, restored_at=None, ruled_out_at=None, planned_at__isnull=False
    )
    return [
        row
        for row in rows.exclude(planned_by=by).order_by("known_at", "pk")
        if may(by, Permission.ISOLATION_APPROVE, on=row.version.device.line)
    ]
