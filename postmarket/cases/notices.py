"""
What people are told of cases by mail: put into the queue with the change it speaks of, so that neither is lost.

A mail about a restricted case names its number and nothing else of it: it passes through other hands.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from postmarket.accounts.models import Person
from postmarket.cases.models import Case
from postmarket.cases.queries.visible import visible_to
from postmarket.tasks import enqueue

LETTER = "cases.letter"


def tell_watchers(case: Case, what: str, *, by: Person | None = None, now: datetime) -> None:
    """
    Owner and watchers are told that the case `what` ("is closed now"), but not who did it.

    Nobody is told who may not see the case any more. Call inside the act.
    """
    people = [one for one in concerned(case) if by is None or one.pk != by.pk]
    about = "" if case.restricted else f"{case.title}\n\n"
    send(people, subject=f"{case.number} {what}", text=f"{about}{case.number} {what}.\n", now=now)


def concerned(case: Case) -> list[Person]:
    """Its owner and watchers, those who work here and may see it."""
    wanted = {case.owner_id, *case.watchers.values_list("person", flat=True)}
    people = Person.objects.filter(pk__in=wanted, is_active=True).order_by("pk")
    return [one for one in people if Case.objects.filter(visible_to(one), pk=case.pk).exists()]


def send(people: Collection[Person], *, subject: str, text: str, now: datetime) -> None:
    """One letter to each. Call inside the act."""
    for one in people:
        enqueue(LETTER, {"to": one.email, "subject": subject, "text": text}, now=now)
