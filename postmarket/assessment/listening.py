"""What assessment hears: changes of what it rests on, and what happens in cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from postmarket.accounts.models import Person
    from postmarket.cases.hooks import CaseEvent, Judged, Missing, Question
    from postmarket.cases.models import Case
    from postmarket.monitoring.hooks import GroundsChanged
    from postmarket.policy.interface import Determination


def grounds_changed(what: GroundsChanged) -> None:
    """Have the assessments that rest on it compared with the next run."""
    from postmarket.assessment.services.reconsidering import mark_due

    mark_due(leads=what.leads, version=what.version, every=what.every)


def reconsidered(now: datetime) -> None:
    """Compare what is due, in the run that compared decisions."""
    from postmarket.assessment.services.reconsidering import reconsider_due

    reconsider_due(now=now)


def followed() -> Iterable[str]:
    """Every vulnerability of a case, whether it matches a component or only a person named it."""
    from postmarket.assessment.queries.standing import names_followed

    return names_followed()


def happened(event: CaseEvent) -> None:
    """Exploitation changed, or the case goes on in another: see what that does to what was assessed."""
    from postmarket.assessment.services.with_cases import follow_case

    follow_case(event)


def determined(case_ids: Collection[int]) -> Mapping[int, Judged]:
    """What both leads have signed of these cases."""
    from postmarket.assessment.queries.standing import judged_cases

    return judged_cases(case_ids)


def determined_versions(case_ids: Collection[int]) -> Mapping[tuple[int, int], Determination]:
    """What both leads have signed of each device version of these cases."""
    from postmarket.assessment.queries.standing import judged_versions

    return judged_versions(case_ids)


def belongings(cases: QuerySet[Case]) -> Iterable[tuple[str, QuerySet[Any, Any]]]:
    """The records of these cases' assessments: shut with a restricted case."""
    from postmarket.assessment.queries.belongings import subjects_of

    return subjects_of(cases)


def questions(case: Case, by: Person, now: datetime) -> Sequence[Question]:
    """What the case's page asks."""
    from postmarket.assessment.queries.questions import questions

    return questions(case, by, now)


def not_restored(case: Case, now: datetime) -> Sequence[Missing]:
    """What keeps the case from being closed."""
    from postmarket.assessment.queries.questions import not_restored

    return not_restored(case, now)
