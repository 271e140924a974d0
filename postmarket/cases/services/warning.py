"""People are told before a clock ends, and when it has: once for each step of the policy."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from postmarket.accounts.authority import people_with
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.actor import CASES
from postmarket.cases.counting import warnings
from postmarket.cases.models import Case, Clock, Told
from postmarket.cases.notices import concerned, send
from postmarket.cases.queries.clocks import driving
from postmarket.cases.rules.warning import in_words, steps_reached
from postmarket.cases.services.holding import lines_of
from postmarket.records import act

HOUR = timedelta(hours=1)


def warn(*, now: datetime) -> int:
    """
    Tell owners and watchers of the clocks that drive and end within the policy's warning times; how many were told of.

    Once it has passed, those who answer for all cases are told as well. One mail each, whatever ends. A clock that is
    noted late is told of once, not for every step it missed. Killed half-way, nothing is told and all is tried again.
    """
    before = warnings().before
    ending = driving(now).filter(until__lte=now + max(before)).select_related("case__owner")
    told = 0
    lines: dict[Person, list[str]] = defaultdict(list)
    with act(actor=CASES, at=now, why=warnings().citation.text) as doing:
        for clock in ending.prefetch_related("told").order_by("until", "pk"):
            known = {row.step for row in clock.told.all()}
            steps = _steps(clock, now=now)
            new = [step for step in steps if step not in known]
            if not new or new[-1] != steps[-1]:
                continue
            Told.objects.bulk_create(Told(clock=clock, step=step, at=now) for step in new)
            people = _whom(clock.case, passed=steps[-1] == 0)
            for person in people:
                lines[person].append(_line(clock, now=now))
            doing.note(
                "clock.warned",
                subject=clock,
                detail={"hours_before": steps[-1], "told": [person.actor.id for person in people]},
            )
            told += 1
        for person, said in lines.items():
            one = "A clock" if len(said) == 1 else f"{len(said)} clocks"
            send([person], subject=f"{one} to look at", text="\n\n".join(said) + "\n", now=now)
    return told


def _steps(clock: Clock, *, now: datetime) -> list[int]:
    if clock.until is None:
        return []
    reached = steps_reached(clock.until, started_at=clock.started_at, before=warnings().before, now=now)
    return [step // HOUR for step in reached]


def _whom(case: Case, *, passed: bool) -> list[Person]:
    people = concerned(case)
    if passed:
        people += [one for line in lines_of(case) for one in people_with(Permission.RESTRICTED_READ, on=line)]
    return list(dict.fromkeys(people))


def _line(clock: Clock, *, now: datetime) -> str:
    """One line of a mail; of a restricted case its number alone."""
    assert clock.until is not None  # noqa: S101 - only clocks with a date are told of
    left = in_words(clock.until - now)
    when = f"ends in {left}" if left else "has passed"
    day = "" if clock.day is None else f" ({clock.day.isoformat()})"
    about = "" if clock.case.restricted else f": {clock.case.title}"
    return f"{clock.case.number}, {clock.name} {when}{day}. {clock.authority}: {clock.citation}{about}"
