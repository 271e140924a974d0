"""Who owns a case, who watches it, and, while it is restricted, who may see it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from postmarket.accounts.authority import ANYWHERE, may
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.errors import CaseExists, InvalidCase, WrongStep
from postmarket.cases.models import Case, Member, Watcher
from postmarket.cases.notices import tell_watchers
from postmarket.cases.queries.visible import not_found, visible_to
from postmarket.cases.services.holding import held
from postmarket.cases.services.opening import check_owner
from postmarket.cases.snapshots import case_snapshot
from postmarket.inventory.services.reasons import reason
from postmarket.records import act


def set_owner(*, by: Person, case: Case, owner: Person, why: str, now: datetime) -> Case:
    """
    Somebody else carries it. The owner of a restricted case becomes its member.

    Raises CaseNotFound, NotAllowed, NoReason, InvalidCase for who does not work on cases.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(case, by=by, permission=Permission.CASES_STEER)
        before = case_snapshot(case)
        case.owner = check_owner(owner)
        if case.restricted:
            _member(case, case.owner, now=now)
        elif not Case.objects.filter(visible_to(case.owner), pk=case.pk).exists():
            raise InvalidCase(
                f"{owner.name} may not see this case",
                where="owner",
                why="none of its device lines is theirs",
                next_step="Choose somebody who works on one of them.",
            )
        case.save(update_fields=["owner"])
        doing.note("case.owner-set", subject=case, before=before, after=case_snapshot(case))
        tell_watchers(case, f"is owned by {case.owner.name} now", by=by, now=now)
    return case


def hand_over(*, by: Person, cases: Collection[Case], owner: Person, why: str, now: datetime) -> list[Case]:
    """
    Somebody else carries all of these; where one cannot be handed over, none is.

    Raises CaseNotFound, NotAllowed, NoReason, and InvalidCase, which names the case.
    """
    handed = []
    with act(actor=by.actor, at=now, why=reason(why)):
        for case in sorted(cases, key=lambda one: one.pk):
            try:
                handed.append(set_owner(by=by, case=case, owner=owner, why=why, now=now))
            except (InvalidCase, WrongStep) as error:
                said = f"{case.number} stays with {case.owner.name}, and so do the others"
                raise InvalidCase(
                    said, where="owner", why=": ".join(filter(None, (error.what, error.why))), next_step=error.next_step
                ) from error
    return handed


def watch(*, by: Person, case: Case) -> None:
    """Be told of it from now on. Leaves no record: it changes nothing in the case. Raises CaseNotFound."""
    if not Case.objects.filter(visible_to(by), pk=case.pk).exists():
        raise not_found(case.number)
    Watcher.objects.get_or_create(case=case, person=by)


def unwatch(*, by: Person, case: Case) -> None:
    """Not any more."""
    Watcher.objects.filter(case=case, person=by).delete()


def restrict(*, by: Person, case: Case, why: str, now: datetime) -> Case:
    """
    From now on its members see it and nobody else but who may read restricted cases: first `by` and its owner.

    Watchers who are not members stop being told. Raises CaseNotFound, NotAllowed, NoReason, InvalidCase.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(case, by=by, permission=Permission.CASES_RESTRICT, ended=True)
        if case.restricted:
            raise InvalidCase(f"{case.number} is restricted already", next_step="Say who its members are.")
        before = case_snapshot(case)
        case.restricted = True
        case.save(update_fields=["restricted"])
        for one in {by.pk: by, case.owner_id: case.owner}.values():
            _member(case, one, now=now)
        doing.note("case.restricted", subject=case, before=before, after=case_snapshot(case))
    return case


def open_up(*, by: Person, case: Case, why: str, now: datetime) -> Case:
    """
    Everybody who may read its device lines sees it again.

    Raises CaseNotFound, NotAllowed, NoReason, InvalidCase, and CaseExists when an open case is about the vulnerability.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(case, by=by, permission=Permission.CASES_RESTRICT, ended=True)
        if not case.restricted:
            raise InvalidCase(f"{case.number} is not restricted", next_step="There is nothing to do.")
        before = case_snapshot(case)
        case.restricted = False
        try:
            with transaction.atomic():
                case.save(update_fields=["restricted"])
        except IntegrityError:
            raise CaseExists(
                f"An open case is about {case.vulnerability} already",
                number="",
                next_step="Restrict that one too and merge the two, or close one.",
            ) from None
        case.members.all().delete()
        doing.note("case.opened-up", subject=case, before=before, after=case_snapshot(case))
    return case


def add_member(*, by: Person, case: Case, person: Person, why: str, now: datetime) -> Case:
    """Somebody more may see it. Raises CaseNotFound, NotAllowed, NoReason, InvalidCase for who may not be a member."""
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(case, by=by, permission=Permission.CASES_RESTRICT, ended=True)
        _needs_restriction(case)
        before = case_snapshot(case)
        _member(case, person, now=now)
        doing.note("case.member-added", subject=case, before=before, after=case_snapshot(case))
    return case


def remove_member(*, by: Person, case: Case, person: Person, why: str, now: datetime) -> Case:
    """Somebody may not see it any more. Raises CaseNotFound, NotAllowed, NoReason, InvalidCase for its owner."""
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(case, by=by, permission=Permission.CASES_RESTRICT, ended=True)
        _needs_restriction(case)
        if person.pk == case.owner_id:
            raise InvalidCase(f"{person.name} owns the case", next_step="Give it another owner first.")
        before = case_snapshot(case)
        case.members.filter(person=person).delete()
        case.watchers.filter(person=person).delete()
        doing.note("case.member-removed", subject=case, before=before, after=case_snapshot(case))
    return case


def _member(case: Case, person: Person, *, now: datetime) -> None:
    found = Person.objects.filter(pk=person.pk, is_active=True).first()
    if found is None or not may(found, Permission.RESTRICTED_MEMBER, on=ANYWHERE):
        raise InvalidCase(
            f"{person.name} cannot be a member of a restricted case",
            where="member",
            next_step="Choose somebody with a role in the work itself.",
        )
    Member.objects.get_or_create(case=case, person=found, defaults={"added_at": now})


def _needs_restriction(case: Case) -> None:
    if not case.restricted:
        raise InvalidCase(f"{case.number} is not restricted", next_step="Restrict it first: then it has members.")
