"""
Which records somebody may not read although they read records: those of restricted cases they may not see.

It covers the case itself, its start events, clocks and tasks, its reports with who made them, its evidence, and what
later rooms say belongs to it. The chain still verifies: it is held by hashes, which say nothing.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from postmarket.accounts.authority import Caller
from postmarket.cases import hooks
from postmarket.cases.models import Attachment, Case, CaseReport, Clock, StartEvent, Task
from postmarket.cases.queries.visible import cases
from postmarket.intake.models import Report, ReportFile

Ids = QuerySet[Any, Any]
"""Of one column: ids as text."""


def hidden_entries(by: Caller) -> Q:
    """A filter on records.Entry: what is to be left out for `by`; it matches nothing when all is to be seen."""
    shut = Case.objects.filter(restricted=True).exclude(pk__in=cases(by).values("pk"))
    if not shut.exists():
        return Q(pk__in=())
    hidden = Q()
    for kind, ids in [*_own(shut), *hooks.belongings(shut)]:
        hidden |= Q(subject_kind=kind, subject_id__in=ids)
    return hidden


def _own(shut: QuerySet[Case]) -> list[tuple[str, Ids]]:
    within = shut.values("pk")
    reports = Report.objects.filter(pk__in=CaseReport.objects.filter(case__in=within).values("report"))
    files = ReportFile.objects.filter(report__in=reports.values("pk"))
    return [
        ("case", shut.values("number")),
        ("start-event", _keys(StartEvent.objects.filter(case__in=within))),
        ("clock", _keys(Clock.objects.filter(case__in=within))),
        ("case-task", _keys(Task.objects.filter(case__in=within))),
        ("report", reports.values("number")),
        ("private", reports.values("body")),
        ("private", reports.exclude(reporter=None).values("reporter")),
        ("evidence", Attachment.objects.filter(case__in=within).values("evidence")),
        ("evidence", files.values("evidence")),
        ("evidence", Clock.objects.filter(case__in=within).exclude(evidence=None).values("evidence")),
        ("evidence", StartEvent.objects.filter(case__in=within).exclude(evidence=None).values("evidence")),
    ]


def _keys(rows: QuerySet[Any, Any]) -> Ids:
    """Keys as records write them: text."""
    keys: Ids = rows.order_by().annotate(key=Cast("pk", CharField())).values("key")
    return keys
