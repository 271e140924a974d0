"""An assessment to be written: found, locked, and for somebody who may."""

from __future__ import annotations

from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.assessment.errors import NotFound, NotPossible
from postmarket.assessment.models import Assessment
from postmarket.cases.models import Case, CaseVersion
from postmarket.cases.queries.visible import cases, visible_to
from postmarket.inventory.models import DeviceVersion

WITH = ("case", "version__device__line", "origin")


def held_case(case: Case, *, by: Person) -> Case:
    """
    The case, locked: whoever changes anything of a case's assessments waits here. Call inside a transaction.

    Raises NotFound, also for one they may not see, and NotPossible for one that has ended.
    """
    found = Case.objects.select_for_update().filter(pk__in=cases(by).values("pk")).filter(pk=case.pk).first()
    if found is None:
        raise NotFound("There is no such case", where=case.number, next_step="Look at the list again.")
    if not found.is_open:
        raise NotPossible(f"{found.number} is {found.state}", next_step="Re-open it first, or go on in the other case.")
    return found


def held(assessment: Assessment, *, by: Person, permission: Permission = Permission.ASSESSMENTS_EDIT) -> Assessment:
    """
    The assessment as it is now, locked with its case. Call inside a transaction.

    Raises NotFound, NotAllowed, and NotPossible for one that can no longer be written.
    """
    seen = Assessment.objects.filter(visible_to(by, "case"), pk=assessment.pk).first()
    if seen is None:
        raise NotFound("There is no such assessment", next_step="Look at the case again.")
    held_case(seen.case, by=by)
    row = Assessment.objects.select_for_update(of=("self",)).select_related(*WITH).get(pk=seen.pk)
    require(by, permission, on=row.version.device.line)
    if not row.is_open:
        raise NotPossible(
            f"Revision {row.revision} is {row.state}, and is not written any more",
            where=f"{row.case.number}, {row.version}",
            next_step="Begin a new revision of it.",
        )
    return row


def in_case(case: Case, version: DeviceVersion) -> DeviceVersion:
    """The version, when the case is about it. Raises NotFound."""
    there = CaseVersion.objects.filter(case=case, version=version, removed_at=None)
    found = there.select_related("version__device__line").first()
    if found is None:
        raise NotFound(
            f"{case.number} is not about {version}", where=str(version), next_step="Add the version to the case first."
        )
    return found.version
