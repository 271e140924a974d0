"""Two cases become one; what started their clocks stays known."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases import hooks
from postmarket.cases.errors import InvalidCase
from postmarket.cases.hooks import CaseEvent, Happened
from postmarket.cases.models import Case, CaseVersion, Link, Member, Task, Watcher
from postmarket.cases.notices import tell_watchers
from postmarket.cases.services.carrying import copy_events, count_joined, ends_of, moved
from postmarket.cases.services.clocks import void_running
from postmarket.cases.services.holding import held
from postmarket.cases.snapshots import case_snapshot
from postmarket.cases.words import CaseState, Exploitation, LinkKind, Outcome
from postmarket.inventory.services.reasons import reason
from postmarket.records import act
from postmarket.records.trail import Act

WORST = (Exploitation.NONE, Exploitation.SUSPECTED, Exploitation.ACTIVE)


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
        check_merge(case, into)
        before = {one.pk: case_snapshot(one) for one in (case, into)}
        ends_here, ends_there = ends_of(into), ends_of(case)
        void_running(doing, into, which=Q(pauses__isnull=False), why=f"Merged with {case.number}.", now=now)
        _end(doing, case, why=f"It goes on in {into.number}.", now=now)
        copies = copy_events(doing, case, into, leave_out=(), now=now)
        _move(case, into, now=now)
        into.save()
        count_joined(doing, into, ends_here, {moved(key, copies): end for key, end in ends_there.items()}, now=now)
        Link.objects.create(case=case, other=into, kind=kind.value, why=reason(why), added_at=now)
        doing.note("case.merged", subject=case, before=before[case.pk], after=case_snapshot(case))
        doing.note("case.took-over", subject=into, before=before[into.pk], after=case_snapshot(into))
        hooks.tell(CaseEvent(Happened.MERGED, case, now, other=into))
        tell_watchers(case, f"goes on in {into.number}", by=by, now=now)
    return into


def check_merge(case: Case, into: Case) -> None:
    """Raise InvalidCase where the two cannot go on as one."""
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
