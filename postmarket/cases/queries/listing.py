"""Cases in lists: what a row shows, sorted and cut by the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from postmarket.accounts.authority import Caller
from postmarket.accounts.models import Person
from postmarket.cases import hooks
from postmarket.cases.hooks import Judged
from postmarket.cases.models import Case, Clock, PriorityOverride, Task
from postmarket.cases.queries.clocks import DueCounts, driving, due_counts
from postmarket.cases.queries.visible import cases, visible_to
from postmarket.cases.words import CaseState
from postmarket.intake.queries.reports import waiting
from postmarket.policy.interface import Priority

CHUNK = 200
ENDED = (CaseState.CLOSED, CaseState.MERGED)
ORDERS = {
    "number": ("number",),
    "vulnerability": ("vulnerability", "number"),
    "title": ("title",),
    "state": ("state", "-state_since"),
    "owner": ("owner__name", "number"),
    "opened": ("opened_at",),
    "due": ("next_until",),
    "priority": ("rank", "next_until"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """
    Which cases. Every field narrows; an empty one asks nothing.

    `open` True: those not closed or merged. `mine` those that the caller owns. `text` is looked for in number, title,
    vulnerability and reports' numbers, case aside. `devices` and `owners` are ids.
    """

    open: bool | None = None
    states: Collection[CaseState] = ()
    mine: bool = False
    owners: Collection[int] = ()
    watched: bool = False
    devices: Collection[int] = ()
    vulnerabilities: Collection[int] = ()
    late: bool = False
    text: str = ""


EVERYTHING = Asked()


@dataclass(frozen=True, slots=True)
class CaseRow:
    """
    A case in a list. `priority` is a person's where one set it, else the rule's; None where there is nothing to rank:
    unknown, not low. `next` is the clock that ends first of those that drive.
    """

    case: Case
    priority: Priority | None
    overridden: bool
    judged: Judged
    next: Clock | None
    versions: int
    devices: tuple[str, ...]
    open_tasks: int
    late: bool


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """What the navigation and Today say in numbers."""

    open: int
    mine: int
    my_tasks: int
    reports: int
    clocks: DueCounts


class Sorted(Protocol):
    """A column of a table; `order` is a key of ORDERS, or empty."""

    @property
    def order(self) -> str:
        """What it sorts by."""


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases that were asked for: what a table asks of its rows."""

    query: QuerySet[Case]
    now: datetime

    def count(self) -> int:
        """How many there are: one COUNT."""
        return self.query.count()

    def sorts(self, column: Sorted) -> bool:
        """Whether they can be sorted by a column."""
        return column.order in ORDERS

    def sorted(self, column: Sorted, *, descending: bool) -> Cases:
        """The same rows in that order, unknown last either way; then by number, so that pages never overlap."""
        names = [name.removeprefix("-") for name in ORDERS[column.order]]
        fields = [F(name) for name in names]
        order = [one.desc(nulls_last=True) if descending else one.asc(nulls_last=True) for one in fields]
        return Cases(self.query.order_by(*order, "pk"), self.now)

    def cut(self, start: int, end: int) -> list[CaseRow]:
        """The rows from `start` up to, not including, `end`: a fixed number of queries."""
        return case_rows(list(self.query[start:end]), now=self.now)

    def every(self) -> Iterator[CaseRow]:
        """All of them, without holding them all."""
        start = 0
        while found := self.cut(start, start + CHUNK):
            yield from found
            start += CHUNK


def list_cases(*, by: Caller, asked: Asked = EVERYTHING, now: datetime) -> Cases:
    """
    The cases that `by` may see and `asked` means: by priority, those without one first, then by what ends first.
    """
    found = narrowed(cases(by), by, asked, now=now).select_related("owner")
    newest = PriorityOverride.objects.filter(case=OuterRef("pk")).order_by("-at", "-pk").values("priority")[:1]
    ends = driving(now).filter(case=OuterRef("pk")).order_by("until").values("until")[:1]
    found = found.annotate(
        set_by_hand=Subquery(newest, output_field=IntegerField()),
        rank=Coalesce(Subquery(newest, output_field=IntegerField()), F("priority"), output_field=IntegerField()),
        next_until=Subquery(ends),
    )
    first = (F("rank").asc(nulls_first=True), F("next_until").asc(nulls_last=True), "pk")
    return Cases(found.order_by(*first), now)


def my_tasks(*, by: Person) -> QuerySet[Task]:
    """What `by` has to do in cases they may see, soonest first; tasks without a day last."""
    found = Task.objects.filter(visible_to(by, "case"), assignee=by, done_at=None).select_related("case")
    return found.order_by(F("due_on").asc(nulls_last=True), "pk")


def case_counts(*, by: Person, now: datetime) -> CaseCounts:
    """Counts for navigation; a fixed number of queries, whatever there is."""
    open_ = cases(by).exclude(state__in=[state.value for state in ENDED])
    found = open_.aggregate(every=Count("pk"), mine=Count("pk", filter=Q(owner=by)))
    return CaseCounts(
        open=found["every"],
        mine=found["mine"],
        my_tasks=my_tasks(by=by).count(),
        reports=waiting(by=by),
        clocks=due_counts(by=by, now=now),
    )


def narrowed(found: QuerySet[Case], by: Caller, asked: Asked, *, now: datetime) -> QuerySet[Case]:
    """Of these cases those that `asked` means."""
    ended = [state.value for state in ENDED]
    if asked.open is not None:
        found = found.exclude(state__in=ended) if asked.open else found.filter(state__in=ended)
    if asked.states:
        found = found.filter(state__in=[state.value for state in asked.states])
    own = by.pk if isinstance(by, Person) else None
    if asked.mine:
        found = found.filter(owner=own)
    if asked.owners:
        found = found.filter(owner__in=asked.owners)
    if asked.watched:
        found = found.filter(watchers__person=own)
    if asked.devices:
        found = found.filter(
            pk__in=Case.objects.filter(versions__removed_at=None, versions__version__device__in=asked.devices).values(
                "pk"
            )
        )
    if asked.vulnerabilities:
        found = found.filter(lead__in=asked.vulnerabilities)
    if asked.late:
        found = found.filter(pk__in=driving(now).filter(until__lte=now).values("case"))
    for word in asked.text.split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(vulnerability__icontains=word)
            | Q(pk__in=Case.objects.filter(reports__report__number__icontains=word).values("pk"))
        )
    return found


def case_rows(found: Sequence[Case], *, now: datetime) -> list[CaseRow]:
    """Cases that list_cases found as rows; a fixed number of queries."""
    ids = [case.pk for case in found]
    judged = hooks.judged(ids)
    ends: dict[int, Clock] = {}
    for clock in driving(now).filter(case__in=ids).order_by("until", "pk"):
        ends.setdefault(clock.case_id, clock)
    versions: dict[int, int] = dict.fromkeys(ids, 0)
    devices: dict[int, dict[str, None]] = {pk: {} for pk in ids}
    listed = Case.objects.filter(pk__in=ids, versions__removed_at=None).order_by("versions__version__device__name")
    for pk, name in listed.values_list("pk", "versions__version__device__name"):
        if name is not None:
            versions[pk] += 1
            devices[pk][name] = None
    tasks = dict(Task.objects.filter(case__in=ids, done_at=None).order_by().values_list("case").annotate(Count("pk")))
    return [
        CaseRow(
            case=case,
            priority=_priority(case),
            overridden=getattr(case, "set_by_hand", None) is not None,
            judged=judged[case.pk],
            next=ends.get(case.pk),
            versions=versions[case.pk],
            devices=tuple(devices[case.pk]),
            open_tasks=tasks.get(case.pk, 0),
            late=_is_late(ends.get(case.pk), now),
        )
        for case in found
    ]


def _priority(case: Case) -> Priority | None:
    rank: int | None = getattr(case, "rank", case.priority)
    return None if rank is None else Priority(rank)


def _is_late(clock: Clock | None, now: datetime) -> bool:
    return clock is not None and clock.until is not None and clock.until <= now
