"""One case with everything its page shows, in a number of queries that does not grow with what is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from postmarket.accounts.authority import Caller
from postmarket.accounts.models import Person
from postmarket.cases import hooks
from postmarket.cases.hooks import Judged, Question
from postmarket.cases.models import (
    Attachment,
    Case,
    CaseVersion,
    Comment,
    Link,
    Member,
    PriorityOverride,
    StartEvent,
    Task,
    Watcher,
)
from postmarket.cases.queries.clocks import ClockRow, clocks_of
from postmarket.cases.queries.inside import versions_of
from postmarket.cases.queries.questions import next_question, questions
from postmarket.cases.queries.standing import Step, steps
from postmarket.cases.queries.visible import cases, not_found, visible_to
from postmarket.cases.words import WAY, CaseState
from postmarket.intake.models import Report
from postmarket.inventory.models import FieldedUnits
from postmarket.monitoring.models import Finding, VulnerabilityFacts
from postmarket.policy.interface import Priority, StartBasis
from postmarket.records.queries import entries_about


@dataclass(frozen=True, slots=True)
class VersionInCase:
    """
    A device version of a case. `units` in the field, None when nobody counted; `customer_ids` who has them.

    `finding` is what was decided of the vulnerability in it; None: nothing yet.
    """

    row: CaseVersion
    units: int | None
    customer_ids: frozenset[int]
    finding: Finding | None

    @property
    def customers(self) -> int:
        """How many customers have it, as far as it is known who."""
        return len(self.customer_ids)


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """
    A case and all that belongs to it.

    `learned` is the start event that says when the firm knew; `entered` when each state of the way was last entered;
    `versions` are those it is about, `left_out` those that were; `links` go both ways, to cases the reader may see.
    `priority` is a person's where one set it (`overrides`, newest first), else the rule's; None is unknown.
    """

    case: Case
    priority: Priority | None
    judged: Judged
    learned: StartEvent | None
    facts: VulnerabilityFacts | None
    entered: Mapping[CaseState, datetime]
    steps: Sequence[Step]
    questions: Sequence[Question]
    clocks: Sequence[ClockRow]
    start_events: Sequence[StartEvent]
    versions: Sequence[VersionInCase]
    left_out: Sequence[VersionInCase]
    reports: Sequence[Report]
    overrides: Sequence[PriorityOverride]
    comments: Sequence[Comment]
    tasks: Sequence[Task]
    attachments: Sequence[Attachment]
    links: Sequence[Link]
    members: Sequence[Member]
    watchers: Sequence[Watcher]
    records: int
    """How many entries of the records are about the case itself."""

    @property
    def next_question(self) -> Question | None:
        """The first that nobody has answered."""
        return next_question(self.questions)

    @property
    def units(self) -> int | None:
        """Units in the field of all its versions; None when none of them was counted."""
        known = [one.units for one in self.versions if one.units is not None]
        return sum(known) if known else None

    @property
    def customers(self) -> int:
        """How many customers have any of its versions, each once."""
        return len(frozenset[int]().union(*(one.customer_ids for one in self.versions)))


def find_case(number: str, *, by: Caller) -> Case:
    """One case. Raises CaseNotFound, also for one that is not for `by`."""
    found = cases(by).filter(number=number).select_related("owner").first()
    if found is None:
        raise not_found(number)
    return found


def case_detail(number: str, *, by: Person, now: datetime) -> CaseDetail:
    """One case with everything. Raises CaseNotFound."""
    case = find_case(number, by=by)
    events = list(
        StartEvent.objects.filter(case=case).select_related("evidence", "report", "corrects").order_by("at", "pk")
    )
    overrides = list(case.priority_overrides.select_related("by"))
    inside = _versions(case)
    ranked = overrides[0].priority if overrides else case.priority
    return CaseDetail(
        case=case,
        priority=None if ranked is None else Priority(ranked),
        judged=hooks.judged([case.pk])[case.pk],
        learned=_learned(events),
        facts=None if case.lead is None else VulnerabilityFacts.objects.filter(lead=case.lead).first(),
        entered=_entered(case),
        steps=steps(case, now=now),
        questions=questions(case, by=by, now=now),
        clocks=clocks_of(case, now=now),
        start_events=events,
        versions=[one for one in inside if one.row.removed_at is None],
        left_out=[one for one in inside if one.row.removed_at is not None],
        reports=list(Report.objects.filter(in_case__case=case).select_related("body").prefetch_related("files")),
        overrides=overrides,
        comments=list(case.comments.select_related("by")),
        tasks=list(case.tasks.select_related("assignee", "done_by")),
        attachments=list(case.attachments.select_related("evidence", "added_by")),
        links=_links(case, by),
        members=list(case.members.select_related("person")),
        watchers=list(case.watchers.select_related("person")),
        records=entries_about(case).count(),
    )


def _learned(events: Sequence[StartEvent]) -> StartEvent | None:
    living = [one for one in events if one.voided_at is None and one.basis == StartBasis.VULNERABILITY_LEARNED.value]
    return min(living, key=lambda one: (one.at, one.pk), default=None)


def _versions(case: Case) -> list[VersionInCase]:
    inside = CaseVersion.objects.filter(case=case).values("version")  # hundreds of keys are slow to write into a query
    units: dict[int, int] = {}
    customers: dict[int, set[int]] = {}
    for version, customer, count in FieldedUnits.objects.filter(version__in=inside).values_list(
        "version", "customer", "units"
    ):
        units[version] = units.get(version, 0) + count
        if customer is not None:
            customers.setdefault(version, set()).add(customer)
    found = Finding.objects.filter(version__in=inside, lead=case.lead) if case.lead is not None else ()
    findings = {one.version_id: one for one in found}
    return [
        VersionInCase(
            row, units.get(row.version_id), frozenset(customers.get(row.version_id, ())), findings.get(row.version_id)
        )
        for row in versions_of(case)
    ]


def _links(case: Case, by: Person) -> list[Link]:
    there = Link.objects.filter(visible_to(by, "other"), case=case)
    here = Link.objects.filter(visible_to(by, "case"), other=case)
    return [*there.select_related("case", "other"), *here.select_related("case", "other")]


def _entered(case: Case) -> Mapping[CaseState, datetime]:
    """From the records: the last time each state was entered; what a later step back undid is left out."""
    found: dict[CaseState, datetime] = {}
    for entry in entries_about(case).filter(kind__in=("case.opened", "case.moved", "case.reopened")).order_by("number"):
        said = entry.said
        after = said.after if said is not None and isinstance(said.after, dict) else {}
        state = after.get("state")
        if said is not None and isinstance(state, str):
            found[CaseState(state)] = said.at
    here = CaseState(case.state)
    come = WAY[: WAY.index(here)] if here in WAY else WAY
    return {state: found[state] for state in come if state in found} | {here: case.state_since}
