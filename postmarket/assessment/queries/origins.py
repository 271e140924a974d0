"""What a new revision begins with."""

from __future__ import annotations

from postmarket.assessment.models import Assessment
from postmarket.assessment.models.assessment import OPEN_STATES, STANDING_STATES
from postmarket.cases.models import Case
from postmarket.inventory.models import DeviceVersion


def origin_of(case: Case, version: DeviceVersion) -> Assessment | None:
    """What stands for the version; else what a sibling has, signed before written, newest first."""
    rows = Assessment.objects.filter(case=case, state__in=[*OPEN_STATES, *STANDING_STATES])
    rows = rows.select_related("version__device", "case", "drafted_by")
    own = rows.filter(version=version, state__in=STANDING_STATES).first()
    if own is not None:
        return own
    siblings = list(rows.filter(version__device=version.device_id).order_by("-changed_at", "-pk"))
    return min(siblings, key=lambda row: row.state not in STANDING_STATES, default=None)
