"""Incidents of cases that somebody may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from postmarket.accounts.authority import Caller, may, people_with
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.assessment.errors import NotFound
from postmarket.assessment.models import Incident, IsolationApproval
from postmarket.assessment.rules.incident import Standing, standing
from postmarket.cases.models import Case
from postmarket.cases.queries.visible import cases, visible_to
from postmarket.inventory.queries.scope import readable

WITH = ("case", "site", "version__device__line", "opened_by", "planned_by", "restored_by")
NOT_OVER = Q(restored_at=None, ruled_out_at=None)
APPROVAL = IsolationApproval.objects.filter(incident=OuterRef("pk"), voided_at=None)
"""The one that counts."""
STANDINGS = {
    Standing.UNPLANNED: NOT_OVER & Q(isolated_at=None, approved_at=None, planned_at=None),
    Standing.PLANNED: NOT_OVER & Q(isolated_at=None, approved_at=None, planned_at__isnull=False),
    Standing.APPROVED: NOT_OVER & Q(isolated_at=None, approved_at__isnull=False),
    Standing.ISOLATED: NOT_OVER & Q(isolated_at__isnull=False),
    Standing.RESTORED: Q(restored_at__isnull=False, ruled_out_at=None),
    Standing.RULED_OUT: Q(ruled_out_at__isnull=False),
}
"""Filters on `incidents`: the same as `rules.incident.standing`, for the database."""


@dataclass(frozen=True, slots=True)
class IncidentCounts:
    """How many there are, are not over, and wait for a clinical safety lead's approval."""

    all: int
    open: int
    waiting: int


def speaks_of(word: str) -> Q:
    """A filter on `incidents`: by number, site, device, what is seen there, or the UDI of a unit."""
    touched = Incident.objects.filter(units__udi__icontains=word).values("pk")
    return (
        Q(number__icontains=word)
        | Q(site__name__icontains=word)
        | Q(version__device__name__icontains=word)
        | Q(what__icontains=word)
        | Q(pk__in=touched)
    )


def incidents(by: Caller) -> QuerySet[Incident]:
    """All that they may see, newest first, with what a list shows; `approved_at` is of the approval that counts."""
    seen = Incident.objects.filter(visible_to(by, "case"), readable(by, "version__device__line"))
    seen = seen.annotate(approved_at=Subquery(APPROVAL.values("approved_at")[:1]))
    return seen.select_related(*WITH).prefetch_related("units")


def standing_of(row: Incident) -> Standing:
    """How far an incident of `incidents` is."""
    return standing(
        planned_at=row.planned_at,
        approved_at=row.approved_at,  # type: ignore[attr-defined]  # annotated
        isolated_at=row.isolated_at,
        restored_at=row.restored_at,
        ruled_out_at=row.ruled_out_at,
    )


def incident_counts(*, by: Caller) -> IncidentCounts:
    """Over all that they may see."""
    rows = incidents(by).order_by()
    return IncidentCounts(
        all=rows.count(),
        open=rows.filter(NOT_OVER).count(),
        waiting=rows.filter(STANDINGS[Standing.PLANNED]).count(),
    )


def incident_keyed(*, by: Caller, key: int) -> Incident:
    """The incident with that key. Raises NotFound, also for what is not theirs to see."""
    row = incidents(by).filter(pk=key).first()
    if row is None:
        raise NotFound("There is no such incident", next_step="Look at the case again.")
    return row


def who_may_approve(row: Incident) -> Sequence[Person]:
    """Clinical safety leads of its line who may see the case and have not planned it, by name."""
    leads = people_with(Permission.ISOLATION_APPROVE, on=row.version.device.line)
    return [one for one in leads if one.pk != row.planned_by_id and cases(one).filter(pk=row.case_id).exists()]


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
    rows = incidents(by).filter(STANDINGS[Standing.PLANNED])
    return [
        row
        for row in rows.exclude(planned_by=by).order_by("known_at", "pk")
        if may(by, Permission.ISOLATION_APPROVE, on=row.version.device.line)
    ]
