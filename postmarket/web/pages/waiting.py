"""
How much waits, as the navigation says it on every page: asked once a minute, and put right where it is worked on.

A number is one cached look-up on a page. It is of the device lines the person reads, or of the person alone; Today and
Triage count anew what they show, and the navigation says the same from then on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from django.core.cache import cache

from postmarket.accounts.authority import lines
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.queries.listing import ENDED, my_tasks
from postmarket.cases.queries.visible import cases
from postmarket.monitoring.queries.decisions import to_sign
from postmarket.monitoring.queries.findings import Asked, Count, findings
from postmarket.monitoring.words import FindingState
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from django.http import HttpRequest

    from postmarket.accounts.rules import Lines

KEPT_SECONDS: Final = 60
STATES: Final = (FindingState.OPEN, FindingState.REOPENED)
"""What nobody has answered yet, or what re-opened."""
TO_JUDGE: Final = Asked(lanes=(Lane.WORKLIST,), shipped=True, states=STATES)


def for_triage(request: HttpRequest) -> int:
    """How many findings on shipped versions wait to be judged, on the lines this person reads."""
    by = request.user
    if not isinstance(by, Person) or not (held := lines(by, Permission.CONTENT_READ)):
        return 0
    return _kept(_of_lines(held), lambda: findings(by=by, asked=TO_JUDGE).count())


def for_today(request: HttpRequest) -> int:
    """How much waits for this person: answers to sign, open cases of their own, tasks."""
    by = request.user
    return _kept(_of_person(by), lambda: waits_for(by)) if isinstance(by, Person) else 0


def waits_for(by: Person) -> int:
    """Three counts; of restricted cases only those that are theirs to see."""
    own = cases(by).filter(owner=by).exclude(state__in=[state.value for state in ENDED])
    return to_sign(by=by).count() + own.count() + my_tasks(by=by).count()


def keep_triage(held: Lines, counted: Iterable[Count]) -> None:
    """Say in the navigation what was just counted."""
    rows = (one.rows for one in counted if one.shipped and one.lane is Lane.WORKLIST and one.state in STATES)
    cache.set(_of_lines(held), sum(rows), KEPT_SECONDS)


def keep_today(by: Person) -> None:
    """Count anew what waits for somebody."""
    cache.set(_of_person(by), waits_for(by), KEPT_SECONDS)


def _kept(key: str, count: Callable[[], int]) -> int:
    found: int | None = cache.get(key)
    if found is None:
        found = count()
        cache.set(key, found, KEPT_SECONDS)
    return found


def _of_lines(held: Lines) -> str:
    of = "every" if held.every else hashlib.sha256(repr(sorted(held.ids)).encode()).hexdigest()
    return f"waiting.triage.{of}"


def _of_person(by: Person) -> str:
    return f"waiting.today.{by.pk}"
