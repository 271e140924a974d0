"""Which subjects of records belong to which cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Cast

from postmarket.assessment.isolation import KIND as ISOLATION_KIND
from postmarket.assessment.models import Assessment, Incident, IsolationApproval, LeadSignature
from postmarket.assessment.signing import CLINICAL_KIND, TECHNICAL_KIND
from postmarket.cases.models import Case


def subjects_of(cases: QuerySet[Case]) -> Iterable[tuple[str, QuerySet[Any, Any]]]:
    """Kinds of subjects, each with a query of their ids as text."""
    wanted = cases.values("pk")
    assessments = _keys(Assessment.objects.filter(case__in=wanted))
    yield "assessment", assessments
    yield TECHNICAL_KIND, assessments
    yield CLINICAL_KIND, assessments
    yield "lead-signature", _keys(LeadSignature.objects.filter(assessment__case__in=wanted))
    incidents = Incident.objects.filter(case__in=wanted).order_by().annotate(key=F("number")).values("key")
    yield "incident", incidents
    yield ISOLATION_KIND, incidents
    yield "isolation-approval", _keys(IsolationApproval.objects.filter(incident__case__in=wanted))


def _keys(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = rows.order_by().annotate(key=Cast("pk", CharField())).values("key")
    return found
