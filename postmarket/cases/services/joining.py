"""Two cases become one, or one becomes two; what started their clocks stays known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Q

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases import hooks
from postmarket.cases.errors import InvalidCase
from postmarket.cases.hooks import CaseEvent, Happened
from postmarket.cases.models import Case, CaseVersion, Clock, Link, Member, StartEvent, Task, Watcher
from postmarket.cases.notices import tell_watchers
from postmarket.cases.rules.joining import Ended, joined
from postmarket.cases.services.clocks import count_clocks, void_running
from postmarket.cases.services.events import keep_event
from postmarket.cases.services.holding import held, words
from postmarket.cases.services.opening import LONGEST_TITLE, SERIES
from postmarket.cases.snapshots import case_snapshot
from postmarket.cases.words import WAY, CaseState, ClockState, EmployeeClass, Exploitation, LinkKind, Outcome
from postmarket.intake.services.numbering import next_number
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.services.reasons import reason
from postmarket.policy.interface import StartBasis
from postmarket.records import act
from postmarket.records.trail import Act

Key = tuple[str, int]
"""A clock's id in the policy, and the start event of those of which each start has its own (0 for all others)."""
WORST = (Exploitation.NONE, Exploitation.SUSPECTED, Exploitation.ACTIVE)
OF_THE_REPORT = (StartBasis.REPORT_RECEIVED.value, StartBasis.CERT_CONTACT.value)
"""They stay with the report when a case is split: its reporter is answered once."""


def merge_case(
    *, by: Person, case: Case, into: Case, kind: LinkKind = LinkKind.MERGED_INTO, why: str, now: datetime
) -> Case:
    """
    What `case` is about goes on in `into`: versions, reports, open tasks, watchers, start events. `case` stays to be
    read. As DUPLICATE_OF it is the same with another word.

    The earliest start event of each basis counts; a clock has ended only where it had in both; pauses end, so that the
    earlier date stands. The same dates come of it whichever way round. Raises CaseNotFound, NotAllowed, NoReason,
    InvalidCase.
    """
    if kind not in (LinkKind.MERGED_INTO, LinkKind.DUPLICATE_OF):
        raise InvalidCase("This is no way of merging", where="kind")
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        first, second = sorted((case, into), key=lambda one: one.pk)
        locked = {one.pk: held(one, by=by, permission=Permission.CASES_STEER) for one in (first, second)}
        case, into = locked[case.pk], locked[into.pk]
        _can_merge(case, into)
        before = {one.pk: case_snapshot(one) for one in (case, into)}
        ends_here, ends_there = _ends(into), _ends(case)
        void_running(doing, into, which=Q(pauses__isnull=False), why=f"Merged with {case.number}.", now=now)
        _end(doing, case, why=f"It goes on in {into.number}.", now=now)
        copies = _copy_events(doing, case, into, leave_out=(), now=now)
        _move(case, into, now=now)
        into.save()
        _count_joined(doing, into, ends_here, {_moved(key, copies): end for key, end in ends_there.items()}, now=now)
        Link.objects.create(case=case, other=into, kind=kind.value, why=reason(why), added_at=now)
        doing.note("case.merged", subject=case, before=before[case.pk], after=case_snapshot(case))
        doing.note("case.took-over", subject=into, before=before[into.pk], after=case_snapshot(into))
        hooks.tell(CaseEvent(Happened.MERGED, case, now, other=into))
        tell_watchers(case, f"goes on in {into.number}", by=by, now=now)
    return into


def split_case(
    *, by: Person, case: Case, versions: Collection[DeviceVersion], title: str, why: str, now: datetime
) -> Case:
    """
    Some of its versions go on in a case of their own, with a copy of its start events, the dates that rest on them,
    and what has ended of them. Reports stay where they are.

    Raises CaseNotFound, NotAllowed, NoReason, InvalidCase unless some versions of the case go and some stay.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(case, by=by, permission=Permission.CASES_STEER)
        before = case_snapshot(case)
        going = CaseVersion.objects.filter(case=case, removed_at=None, version__in=[one.pk for one in versions])
        rows = list(going)
        if not rows or len(rows) != len({one.pk for one in versions}):
            raise InvalidCase("Not all of these versions are in the case", where="versions")
        if not CaseVersion.objects.filter(case=case, removed_at=None).exclude(pk__in=[row.pk for row in rows]).exists():
            raise InvalidCase(
                "No version would stay in the case", where="versions", next_step="Leave one of them here."
            )
        other = _part_of(case, title=title, now=now)
        CaseVersion.objects.bulk_create(
            CaseVersion(case=other, version_id=row.version_id, added_at=now, why=row.why) for row in rows
        )
        going.update(removed_at=now, why=f"It goes on in {other.number}.")
        copies = _copy_events(doing, case, other, leave_out=OF_THE_REPORT, now=now)
        ends = {_moved(key, copies): end for key, end in _ends(case).items()}
        _count_joined(doing, other, {}, ends, now=now)
        Link.objects.create(case=other, other=case, kind=LinkKind.SPLIT_FROM.value, why=reason(why), added_at=now)
        doing.note("case.split", subject=case, before=before, after=case_snapshot(case))
        doing.note("case.opened", subject=other, before=None, after=case_snapshot(other))
        count_clocks(doing, case, now=now)
        hooks.tell(CaseEvent(Happened.SPLIT, other, now, other=case))
    return other


def link_cases(*, by: Person, case: Case, other: Case, why: str, now: datetime) -> Link:
    """They have to do with each other. Raises CaseNotFound, NotAllowed, NoReason, InvalidCase for one and the same."""
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        first, second = sorted((case, other), key=lambda one: one.pk)
        locked = {
            one.pk: held(one, by=by, permission=Permission.CASES_WORK, whole=False, ended=True)
            for one in (first, second)
        }
        case, other = locked[case.pk], locked[other.pk]
        if case.pk == other.pk:
            raise InvalidCase("A case is not linked to itself", where="other")
        link, _ = Link.objects.get_or_create(
            case=case, other=other, kind=LinkKind.RELATED.value, defaults={"why": reason(why), "added_at": now}
        )
        # The record stands with the restricted one: the other's is read by people who do not know that it exists.
        about, named = (other, case) if other.restricted else (case, other)
        doing.note("case.linked", subject=about, detail={"to": named.number})
    return link


def _can_merge(case: Case, into: Case) -> None:
    if case.pk == into.pk:
        raise InvalidCase("A case cannot be merged into itself", where="into", next_step="Choose another one.")
    if case.restricted != into.restricted:
        raise InvalidCase(
            "One of the two is restricted and the other is not",
            why="what is in the restricted one would be seen by everybody, or the other by too few",
            next_step="Restrict both, or open up both, first.",
        )
    if None not in (case.lead, into.lead) and case.lead != into.lead:
        raise InvalidCase(
            f"{case.number} is about {case.vulnerability}, {into.number} about {into.vulnerability}",
            why="a case is about one vulnerability",
            next_step="Link them instead.",
        )


def _ends(case: Case) -> Mapping[Key, Ended | None]:
    """How each of its clocks ended that are not void; None while it is on."""
    found: dict[Key, Ended | None] = {}
    rows = Clock.objects.filter(case=case).exclude(state=ClockState.VOID.value).order_by("started_at", "pk")
    for row in rows:
        stopped = row.state == ClockState.STOPPED.value and row.ended_at is not None
        found[_key(row)] = Ended(row.ended_at, row.ended_why) if stopped and row.ended_at is not None else None
    return found


def _key(row: Clock) -> Key:
    return row.clock, row.start_id if row.each else 0


def _moved(key: Key, copies: Mapping[int, int]) -> Key:
    clock, event = key
    return clock, copies.get(event, event)


def _count_joined(
    doing: Act, into: Case, here: Mapping[Key, Ended | None], there: Mapping[Key, Ended | None], *, now: datetime
) -> None:
    """Count the clocks of `into`, and have those ended that have ended on both sides, and no other."""
    ends = joined(here, there)
    on_again = [
        row for row in Clock.objects.filter(case=into, state=ClockState.STOPPED.value) if ends[_key(row)] is None
    ]
    Clock.objects.filter(pk__in=[row.pk for row in on_again]).update(
        state=ClockState.VOID.value, ended_why="The case merged with this one still waits for it."
    )
    count_clocks(doing, into, now=now)
    for row in Clock.objects.filter(case=into).exclude(state=ClockState.VOID.value):
        end = ends.get(_key(row))
        if end is not None:
            row.state, row.ended_at, row.ended_why = ClockState.STOPPED.value, end.at, end.why
            row.save(update_fields=["state", "ended_at", "ended_why"])


def _copy_events(doing: Act, case: Case, into: Case, *, leave_out: Collection[str], now: datetime) -> Mapping[int, int]:
    """The living start events of `case` in `into`, unless it has the same; from old to new id."""
    known = {
        (row.basis, row.at, row.person, row.report_id): row.pk
        for row in StartEvent.objects.filter(case=into, voided_at=None)
    }
    copies = {}
    events = StartEvent.objects.filter(case=case, voided_at=None).select_related("evidence", "report")
    for row in events.exclude(basis__in=leave_out):
        same = known.get((row.basis, row.at, row.person, row.report_id))
        copies[row.pk] = (
            same
            or keep_event(
                doing,
                into,
                basis=StartBasis(row.basis),
                at=row.at,
                person=row.person,
                employee_class=EmployeeClass(row.employee_class) if row.employee_class else None,
                evidence=row.evidence,
                report=row.report,
                by_system=row.by_system,
                why=f"From {case.number}: {row.why}",
                now=now,
            ).pk
        )
    return copies


def _end(doing: Act, case: Case, *, why: str, now: datetime) -> None:
    void_running(doing, case, which=Q(), why=why, now=now)
    case.state, case.state_since, case.closed_at = CaseState.MERGED.value, now, now
    case.outcome = Outcome.MERGED.value
    case.save(update_fields=["state", "state_since", "closed_at", "outcome"])


def _move(case: Case, into: Case, *, now: datetime) -> None:
    """What goes on in the other case; `into` is not saved yet."""
    there = set(CaseVersion.objects.filter(case=into).values_list("version_id", flat=True))
    rows = CaseVersion.objects.filter(case=case, removed_at=None)
    CaseVersion.objects.bulk_create(
        CaseVersion(case=into, version_id=row.version_id, added_at=now, why=row.why)
        for row in rows
        if row.version_id not in there
    )
    CaseVersion.objects.filter(case=into, version__in=rows.values("version")).update(removed_at=None)
    case.reports.update(case=into)
    Task.objects.filter(case=case, done_at=None).update(case=into)
    for row in case.watchers.all():
        Watcher.objects.get_or_create(case=into, person_id=row.person_id)
    if into.restricted:
        for member in case.members.all():
            Member.objects.get_or_create(case=into, person_id=member.person_id, defaults={"added_at": now})
    if into.lead is None:
        into.lead, into.vulnerability = case.lead, case.vulnerability or into.vulnerability
    said = [one for one in (case, into) if one.exploitation_said_at is not None]
    if said:
        worst = max(said, key=lambda one: WORST.index(Exploitation(one.exploitation)))
        into.exploitation, into.exploitation_said_at = worst.exploitation, worst.exploitation_said_at
    embargoes = [one.embargo_until for one in (case, into) if one.embargo_until is not None]
    into.embargo_until = max(embargoes, default=None)
    ranks = [one for one in (case, into) if one.priority is not None]
    if ranks:
        first = min(ranks, key=lambda one: one.priority or 0)
        into.priority, into.priority_reason = first.priority, first.priority_reason


def _part_of(case: Case, *, title: str, now: datetime) -> Case:
    state = min(CaseState(case.state), CaseState.TRIAGED, key=WAY.index)
    other = Case.objects.create(
        number=next_number(SERIES, now=now),
        title=words("title", " ".join(title.split()), most=LONGEST_TITLE),
        vulnerability=case.vulnerability,
        lead=case.lead,
        state=state.value,
        owner=case.owner,
        exploitation=case.exploitation,
        exploitation_said_at=case.exploitation_said_at,
        restricted=case.restricted,
        embargo_until=case.embargo_until,
        part=True,
        priority=case.priority,
        priority_reason=case.priority_reason,
        opened_at=now,
        state_since=now,
    )
    Member.objects.bulk_create(
        Member(case=other, person_id=member.person_id, added_at=now) for member in case.members.all()
    )
    return other
