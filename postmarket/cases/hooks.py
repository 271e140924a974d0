"""
Where rooms above cases take part: they register, cases call, and never know who they are.

    guard(CaseState.CLOSED, effectiveness_checked)     # what is missing before a case may go there
    ask(next_of_assessment)                            # questions the case's page asks, in their order
    determine(determinations)                          # controlled or uncontrolled, for many cases at once
    on_event(recorded)                                 # told of what happened, in the transaction of the change
    belongs(subjects_of_assessment)                    # what records of a restricted case nobody else may read
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from postmarket.cases.words import CaseState
from postmarket.policy.interface import Determination

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from postmarket.accounts.models import Person
    from postmarket.cases.models import Case


@dataclass(frozen=True, slots=True)
class Place:
    """A page, by the name of its address and what that needs; `fragment` is a part of the page."""

    route: str
    kwargs: Mapping[str, str | int] = field(default_factory=dict)
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing for a step, in words, what to do about it, and where."""

    what: str
    next_step: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """
    Something a case's page asks.

    `order` sorts (built-in ones are below 100; assessment 100s, reporting 200s, remediation 300s, communication 400s).
    `answer` is "" while it is open; `why` says what rests on it, `due` until when it is to be answered (UTC) where a
    clock says so. A `place` of None: the case's own page answers it, at `key`.
    """

    key: str
    text: str
    order: int
    why: str = ""
    answer: str = ""
    place: Place | None = None
    due: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return not self.answer


@dataclass(frozen=True, slots=True)
class Judged:
    """
    What an assessment signed says of a case.

    `determination` is never REVIEW. `since` is when it was signed (UTC). `score` is the device-specific CVSS score that
    counts instead of the sources', `band` the timeline's row a clinical judgement asks for. `doubted` is such a score
    of an assessment that is open again: it counts where it is higher, so that a doubt gives no later date.
    """

    determination: Determination | None
    since: datetime | None = None
    score: float | None = None
    band: str = ""
    doubted: float | None = None


NOT_JUDGED = Judged(None)


class Happened(StrEnum):
    """What listeners are told of."""

    OPENED = "opened"
    MOVED = "moved"
    REOPENED = "re-opened"
    MERGED = "merged"
    SPLIT = "split"
    EXPLOITATION = "exploitation"
    VERSIONS = "versions"
    START_EVENT = "start event"


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something happened in a case; `other` is the case it was merged into, or split from."""

    what: Happened
    case: Case
    at: datetime
    before: CaseState | None = None
    other: Case | None = None


Guard = Callable[["Case", datetime], Sequence[Missing]]
Asker = Callable[["Case", "Person", datetime], Sequence[Question]]
Determiner = Callable[[Collection[int]], Mapping[int, Judged]]
"""Takes ids of cases; those it leaves out are not judged."""
VersionDeterminer = Callable[[Collection[int]], Mapping[tuple[int, int], Determination]]
"""Takes ids of cases; for (case, device version) what is signed of it there; what it leaves out is not signed."""
Listener = Callable[[CaseEvent], None]
Belongings = Callable[["QuerySet[Case]"], Iterable[tuple[str, "QuerySet[Any, Any]"]]]
"""Takes cases; gives kinds of subjects with a query of one column, their ids as text."""


@dataclass(slots=True)
class _Registered:
    guards: dict[CaseState, list[Guard]] = field(default_factory=dict)
    askers: list[Asker] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    belongings: list[Belongings] = field(default_factory=list)
    determiner: Determiner | None = None
    version_determiner: VersionDeterminer | None = None


_here = _Registered()


def guard(to: CaseState, needs: Guard) -> None:
    """Have `needs` asked before a case goes to `to`; it answers with what is missing. Once, however often."""
    known = _here.guards.setdefault(to, [])
    if needs not in known:
        known.append(needs)


def ask(asker: Asker) -> None:
    """Have its questions asked on every case; answered ones too, with their answer. Once, however often."""
    if asker not in _here.askers:
        _here.askers.append(asker)


def determine(determiner: Determiner) -> None:
    """Have it say what is signed of cases: there is one such room. Registering again replaces it."""
    _here.determiner = determiner


def determine_versions(determiner: VersionDeterminer) -> None:
    """Have it say what is signed of each device version of cases, as `determine` does of whole cases."""
    _here.version_determiner = determiner


def on_event(listener: Listener) -> None:
    """Have it told of events, inside their transaction. Once, however often."""
    if listener not in _here.listeners:
        _here.listeners.append(listener)


def belongs(belongings: Belongings) -> None:
    """Have its subjects of records shut with a restricted case. Once, however often."""
    if belongings not in _here.belongings:
        _here.belongings.append(belongings)


def missing(case: Case, to: CaseState, *, now: datetime) -> list[Missing]:
    """What later rooms say is missing for a step, in the order in which they registered."""
    return [one for needs in _here.guards.get(to, ()) for one in needs(case, now)]


def questions(case: Case, *, by: Person, now: datetime) -> list[Question]:
    """What later rooms ask, unsorted."""
    return [one for asker in _here.askers for one in asker(case, by, now)]


def judged(case_ids: Collection[int]) -> Mapping[int, Judged]:
    """What is signed of each of these cases; NOT_JUDGED where nothing is."""
    told = _here.determiner(case_ids) if _here.determiner is not None else {}
    return {id_: told.get(id_, NOT_JUDGED) for id_ in case_ids}


def judged_versions(case_ids: Collection[int]) -> Mapping[tuple[int, int], Determination]:
    """What is signed of device versions in these cases; a version that is not in it is not judged."""
    return _here.version_determiner(case_ids) if _here.version_determiner is not None else {}


def tell(event: CaseEvent) -> None:
    """Tell every listener. Call inside the transaction of the change."""
    for listener in list(_here.listeners):
        listener(event)


def belongings(cases: QuerySet[Case]) -> list[tuple[str, QuerySet[Any, Any]]]:
    """What later rooms keep of these cases."""
    return [one for room in _here.belongings for one in room(cases)]


class Registrations:
    """What was registered, to be put back: for tests that register their own."""

    def __init__(self) -> None:
        self._kept = (
            {to: list(known) for to, known in _here.guards.items()},
            list(_here.askers),
            list(_here.listeners),
            list(_here.belongings),
            _here.determiner,
        )

    def put_back(self) -> None:
        """As it was."""
        _here.guards, _here.askers, _here.listeners, _here.belongings, _here.determiner = self._kept
