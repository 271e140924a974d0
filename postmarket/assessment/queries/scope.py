"""Which assessments a case still stands on."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from postmarket.cases.models import CaseVersion

STILL_IN_CASE = Exists(CaseVersion.objects.filter(case=OuterRef("case"), version=OuterRef("version"), removed_at=None))
"""A filter on Assessment: the case is still about its device version; what was left out or split off counts no more."""
