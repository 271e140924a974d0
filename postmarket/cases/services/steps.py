"""A case goes on, goes back a step, is closed, and is re-opened."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases import hooks
from postmarket.cases.actor import CASES
from postmarket.cases.errors import CaseExists, WrongStep
from postmarket.cases.hooks import CaseEvent, Happened
from postmarket.cases.models import Case
from postmarket.cases.notices import tell_watchers
from postmarket.cases.queries.standing import OF_NOT_AFFECTED, standing
from postmarket.cases.rules.states import REOPENED_AT, back, between, check_step, outcome_of_closing
from postmarket.cases.services.clocks import count_clocks, void_running
from postmarket.cases.services.holding import held
from postmarket.cases.snapshots import case_snapshot
from postmarket.cases.words import CaseState, Outcome
from postmarket.inventory.services.reasons import reason
from postmarket.monitoring.policy import pack_in_force
from postmarket.records import act
from postmarket.records.interface import Actor
from postmarket.records.trail import Act


def move_case(*, by: Person, case: Case, to: CaseState, why: str = "", now: datetime) -> Case:
    """
    The next step, or one step back. Going back, and closing because nothing is affected, take a reason.

    Raises CaseNotFound, NotAllowed, NoReason, WrongStep, and NotYet, which says everything that is missing.
    """
    came_from = CaseState(case.state)
    takes_reason = to in back(came_from) or (
        to is CaseState.CLOSED and outcome_of_closing(came_from) is Outcome.NOT_AFFECTED
    )
    said = reason(why) if takes_reason or why.strip() else f"{came_from.value.capitalize()} is done."
    with act(actor=by.actor, at=now, why=said, policy=pack_in_force().version) as doing:
        case = held(case, by=by, permission=Permission.CASES_STEER)
        before, state = case_snapshot(case), CaseState(case.state)
        if state is not came_from:
            raise WrongStep(f"Somebody else moved {case.number} to {state.value}", next_step="Look at it again.")
        check_step(standing(case), to, hooks.missing(case, to, now=now) if to not in back(state) else ())
        if to is CaseState.CLOSED:
            _close(doing, case, outcome_of_closing(state), why=said, now=now)
        case.state, case.state_since = to.value, now
        case.save(update_fields=["state", "state_since", "closed_at", "outcome"])
        doing.note("case.moved", subject=case, before=before, after=case_snapshot(case))
        hooks.tell(CaseEvent(Happened.MOVED, case, now, before=state))
        tell_watchers(case, f"is {to.value} now", by=by, now=now)
    return case


def move_on(*, by: Person, case: Case, to: CaseState, why: str = "", now: datetime) -> Case:
    """
    Through every step up to `to`, each on record for itself; none is taken when one is refused.

    Raises as `move_case` does.
    """
    with transaction.atomic():
        for step in (*between(CaseState(case.state), to), to):
            case = move_case(by=by, case=case, to=step, why=why, now=now)
    return case


def reopen_case(*, by: Person, case: Case, because: str, now: datetime) -> Case:
    """
    A closed case is triaged again; clocks that were not stopped run on from their old starts.

    Raises CaseNotFound, NotAllowed, NoReason, WrongStep for one that is not closed, CaseExists when another open case
    is about the vulnerability by now.
    """
    with act(actor=by.actor, at=now, why=reason(because)) as doing:
        case = held(case, by=by, permission=Permission.CASES_STEER, ended=True)
        _reopen(doing, case, because=reason(because), now=now)
        tell_watchers(case, "is open again", by=by, now=now)
    return case


def reopen_by_itself(*, case: Case, because: str, now: datetime, actor: Actor = CASES) -> bool:
    """
    A premise of a closed case changed: it is open again, and says why. For this room and later ones.

    False when it is not closed, or another open case is about the vulnerability.
    """
    with act(actor=actor, at=now, why=because) as doing:
        case = Case.objects.select_for_update().get(pk=case.pk)
        if case.state != CaseState.CLOSED.value:
            return False
        try:
            _reopen(doing, case, because=because, now=now)
        except CaseExists:
            return False
        tell_watchers(case, "is open again", now=now)
    return True


def _close(doing: Act, case: Case, outcome: Outcome, *, why: str, now: datetime) -> None:
    case.closed_at, case.outcome = now, outcome.value
    if outcome is Outcome.NOT_AFFECTED:
        waived = Q(start__basis__in=[basis.value for basis in OF_NOT_AFFECTED])
        void_running(doing, case, which=waived, why=f"Closed: no device is affected. {why}", now=now)


def _reopen(doing: Act, case: Case, *, because: str, now: datetime) -> None:
    if case.state != CaseState.CLOSED.value:
        raise WrongStep(f"{case.number} is not closed", next_step="There is nothing to re-open.")
    before = case_snapshot(case)
    case.state, case.state_since, case.closed_at, case.outcome = REOPENED_AT.value, now, None, ""
    case.reopened_because = because
    try:
        with transaction.atomic():
            case.save(update_fields=["state", "state_since", "closed_at", "outcome", "reopened_because"])
    except IntegrityError:
        raise CaseExists(
            f"Another open case is about {case.vulnerability} by now", number="", next_step="Go on in that one."
        ) from None
    doing.note("case.reopened", subject=case, before=before, after=case_snapshot(case))
    count_clocks(doing, case, now=now)
    hooks.tell(CaseEvent(Happened.REOPENED, case, now, before=CaseState.CLOSED))
