"""What comes of two cases when one goes on in the other, before anybody does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from postmarket.cases.models import Case, CaseVersion, StartEvent, Task


@dataclass(frozen=True, slots=True)
class Together:
    """
    What `case` brings into `into`: how many versions it does not have yet, reports, open tasks.

    `starts` are the events that count then, the earliest of each kind; all others stay beside them.
    """

    versions: int
    reports: int
    tasks: int
    starts: Sequence[StartEvent]


def together(case: Case, into: Case) -> Together:
    """Four queries. Ask with cases that the reader may see."""
    there = CaseVersion.objects.filter(case=into, removed_at=None).values("version")
    return Together(
        versions=CaseVersion.objects.filter(case=case, removed_at=None).exclude(version__in=there).count(),
        reports=case.reports.count(),
        tasks=Task.objects.filter(case=case, done_at=None).count(),
        starts=starts_of(case, into),
    )


def starts_of(*cases: Case) -> list[StartEvent]:
    """The start events that count: of each kind the earliest that is not void."""
    first: dict[str, StartEvent] = {}
    events = StartEvent.objects.filter(case__in=cases, voided_at=None).select_related("case").order_by("at", "pk")
    for event in events:
        first.setdefault(event.basis, event)
    return list(first.values())
