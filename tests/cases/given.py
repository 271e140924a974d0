"""A pump with a vulnerability, a case about it, and the people who work on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.roles import Role
from postmarket.cases import hooks
from postmarket.cases.hooks import Judged
from postmarket.cases.models import Case, Clock, StartEvent
from postmarket.cases.services.opening import open_case
from postmarket.cases.words import ClockState
from postmarket.policy.interface import Determination
from tests.accounts.builders import person
from tests.monitoring.builders import NOW
from tests.monitoring.given import CVE

RISK = "An attacker on the hospital network can stop the pump."
WHY = "Seen in triage."
MONDAY = NOW - timedelta(days=1)
LATER = NOW + timedelta(days=1)


def manager(name: str = "Mara Lindqvist", *, line: DeviceLine | None = None) -> Person:
    """A PSIRT manager."""
    return person(name, Role.PSIRT_MANAGER, line=line)


def analyst(name: str = "Ana Reed", *, line: DeviceLine | None = None) -> Person:
    """A PSIRT analyst."""
    return person(name, Role.PSIRT_ANALYST, line=line)


def opened(*, by: Person | None = None, at: datetime = NOW, vulnerability: str = CVE, **more: Any) -> Case:
    """A case for the vulnerability of the pump's OpenSSL."""
    return open_case(by=by or manager(), vulnerability=vulnerability, title=RISK, why=WHY, now=at, **more)


def clocks(case: Case, *states: ClockState) -> dict[str, Clock]:
    """Its clocks that run (or are in one of these states), by id; the newest of each."""
    wanted = [state.value for state in states or (ClockState.RUNNING, ClockState.PAUSED)]
    return {row.clock: row for row in Clock.objects.filter(case=case, state__in=wanted).order_by("pk")}


def event(case: Case, **which: Any) -> StartEvent:
    """The one start event like this."""
    return StartEvent.objects.get(case=case, **which)


class Assessed:
    """Stands where the room of assessment will: what is signed of which case."""

    def __init__(self) -> None:
        self.said: dict[int, Judged] = {}
        hooks.determine(self)

    def __call__(self, case_ids: object) -> Mapping[int, Judged]:
        """As the hook asks."""
        return self.said

    def say(self, case: Case, determination: Determination, *, score: float | None = None, band: str = "") -> None:
        """It was signed."""
        self.said[case.pk] = Judged(determination, NOW, score, band)
