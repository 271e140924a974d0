"""One case becomes two; and two that have to do with each other are linked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases import hooks
from postmarket.cases.errors import InvalidCase
from postmarket.cases.hooks import CaseEvent, Happened
from postmarket.cases.models import Case, CaseVersion, Link, Member
from postmarket.cases.services.carrying import copy_events, count_joined, ends_of, moved
from postmarket.cases.services.clocks import count_clocks
from postmarket.cases.services.holding import held, words
from postmarket.cases.services.opening import LONGEST_TITLE, SERIES
from postmarket.cases.snapshots import case_snapshot
from postmarket.cases.words import WAY, CaseState, LinkKind
from postmarket.intake.services.numbering import next_number
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.services.reasons import reason
from postmarket.policy.interface import StartBasis
from postmarket.records import act

OF_THE_REPORT = (StartBasis.REPORT_RECEIVED.value, StartBasis.CERT_CONTACT.value)
"""They stay with the report when a case is split: its reporter is answered once."""


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
        copies = copy_events(doing, case, other, leave_out=OF_THE_REPORT, now=now)
        ends = {moved(key, copies): end for key, end in ends_of(case).items()}
        count_joined(doing, other, {}, ends, now=now)
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
