"""Where a case stands: what the next steps are judged by, and what is missing for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from postmarket.cases import hooks
from postmarket.cases.hooks import Missing
from postmarket.cases.models import Case, CaseVersion, Clock, StartEvent
from postmarket.cases.rules import states
from postmarket.cases.rules.states import Standing
from postmarket.cases.words import CaseState, ClockState
from postmarket.documents.vex.interface import Status
from postmarket.intake.models import Report
from postmarket.intake.words import ReporterKind
from postmarket.monitoring.models import Finding
from postmarket.policy.interface import StartBasis

UNAFFECTED = (Status.NOT_AFFECTED.value, Status.FIXED.value)
OF_NOT_AFFECTED = (
    StartBasis.VULNERABILITY_LEARNED,
    StartBasis.CRITICAL_VULNERABILITY,
    StartBasis.UNCONTROLLED_SIGNED,
    StartBasis.CERT_CONTACT,
)
"""What started a clock that has no object where no device is affected; a reporter is still to be answered."""


@dataclass(frozen=True, slots=True)
class Step:
    """
    A step the case can take, what is missing for it (nothing: it can be taken), and whether it leads back.

    `through` are the steps before it that are taken with it: for none of them is anything missing either.
    """

    to: CaseState
    missing: Sequence[Missing]
    back: bool
    through: Sequence[CaseState] = ()

    @property
    def is_open(self) -> bool:
        """Whether it can be taken now."""
        return not self.missing


def standing(case: Case) -> Standing:
    """What the steps of a case are judged by; a fixed number of queries."""
    versions = list(
        CaseVersion.objects.filter(case=case, removed_at=None)
        .order_by("pk")
        .values_list("version_id", "version__device__name", "version__label")
    )
    reports = list(Report.objects.filter(in_case__case=case).order_by("pk"))
    running = list(
        Clock.objects.filter(case=case, state__in=[ClockState.RUNNING.value, ClockState.PAUSED.value]).select_related(
            "start"
        )
    )
    waived = {basis.value for basis in OF_NOT_AFFECTED}
    unaffected = _unaffected(case)
    return Standing(
        state=CaseState(case.state),
        versions=len(versions),
        unacknowledged=[
            one.number for one in reports if one.acknowledged_at is None and one.kind != ReporterKind.OUR_OWN.value
        ],
        harm_unknown=[one.number for one in reports if one.harm_reported is None],
        learned=StartEvent.objects.filter(
            case=case, basis=StartBasis.VULNERABILITY_LEARNED.value, voided_at=None
        ).exists(),
        exploitation_said=case.exploitation_said_at is not None,
        determination=hooks.judged([case.pk])[case.pk].determination,
        undecided=[f"{device} {label}" for pk, device, label in versions if pk not in unaffected],
        open_tasks=case.tasks.filter(done_at=None).count(),
        running=[row.title for row in running],
        of_not_affected=[row.title for row in running if row.start.basis in waived],
    )


def steps(case: Case, *, now: datetime) -> Sequence[Step]:
    """
    Every step from where the case stands, with what is missing for it: built-in needs first, then later rooms'.

    The next first, then those further on that can be taken with it, then one back.
    """
    found = standing(case)

    def step(to: CaseState, through: Sequence[CaseState] = ()) -> Step:
        return Step(to, [*states.missing(found, to), *hooks.missing(case, to, now=now)], back=False, through=through)

    forward = [step(to) for to in states.FORWARD[found.state]]
    further: list[Step] = []
    for to in states.AT_ONCE:
        way = states.between(found.state, to)
        if way and all(one.is_open for one in [*forward, *further]):
            further.append(step(to, way))
    at_once = [one for one in further if one.is_open]
    return [*forward, *at_once, *(Step(to, [], back=True) for to in states.back(found.state))]


def _unaffected(case: Case) -> set[int]:
    """Versions that a signed decision, not re-opened, says are not affected or fixed."""
    if case.lead is None:
        return set()
    rows = Finding.objects.filter(version__cases__case=case, lead=case.lead, status__in=UNAFFECTED)
    return {row.version_id for row in rows if not row.reopened_because}
