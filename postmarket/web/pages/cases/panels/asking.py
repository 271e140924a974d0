"""What a case asks next, what was answered, and where it can go; each with the page that answers or mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.http import urlencode

from postmarket.policy.interface import StartBasis
from postmarket.web.pages.cases.words import CAUSES, STATES
from postmarket.web.pages.places import place

if TYPE_CHECKING:
    from postmarket.assessment.queries.assessments import OfVersion
    from postmarket.cases.hooks import Missing, Place, Question
    from postmarket.cases.models import Case
    from postmarket.cases.queries.case import CaseDetail
    from postmarket.cases.queries.standing import Step
    from postmarket.web.pages.cases.panels.assessed import Assessed

MOST_ANSWERED: Final = 4
MOST_COMING: Final = 3
OF_ASSESSMENT: Final = ("assess", "sign-technical", "sign-clinical")


@dataclass(frozen=True, slots=True)
class Lacks:
    """What is missing for a step, and where it is mended ("" where nothing here does)."""

    missing: Missing
    url: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step the case can take."""

    step: Step
    name: str
    url: str
    lacks: Sequence[Lacks]
    causes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the case and where who looks may answer it; "" where they may not."""

    question: Question
    url: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The `next` question, those `answered` last, those that `come` after; how many wait, and the steps."""

    next: Asked | None
    answered: Sequence[Asked]
    come: Sequence[Asked]
    waiting: int
    forward: Sequence[StepShown]
    backward: Sequence[StepShown]

    @property
    def onward(self) -> StepShown | None:
        """The step that comes next: the furthest that can be taken at once."""
        ahead = [one for one in self.forward if one.step.through]
        return (ahead or self.forward)[-1 if ahead else 0] if self.forward else None


def asking(found: CaseDetail, of: Assessed, *, steers: bool, assesses: bool) -> Asking:
    """`steers` and `assesses` say what who looks may answer."""
    row = found.case
    asked = [
        Asked(one, _answered_at(row, one, of) if (assesses if one.key in OF_ASSESSMENT else steers) else "")
        for one in found.questions
    ]
    unanswered = [one for one in asked if one.question.is_open]
    steps = [_step(row, one) for one in found.steps]
    return Asking(
        next=unanswered[0] if unanswered and row.is_open else None,
        answered=[one for one in asked if not one.question.is_open][-MOST_ANSWERED:],
        come=unanswered[1 : 1 + MOST_COMING] if row.is_open else (),
        waiting=len(unanswered),
        forward=[one for one in steps if not one.step.back],
        backward=[one for one in steps if one.step.back],
    )


def assessment_place(case: Case, one: OfVersion, *, assesses: bool) -> str:
    """Where a version's assessment is; where there is no such page, where its pathway is built, for who may."""
    number, pk = case.number, one.version.pk
    return place("assessment", number=number, pk=pk) or (assesses and place("pathway", number=number, pk=pk)) or ""


def _step(row: Case, step: Step) -> StepShown:
    return StepShown(
        step=step,
        name=STATES[step.to].lower(),
        url=reverse("case-move", args=[row.number, step.to.value]),
        lacks=[Lacks(one, _at(one.place)) for one in step.missing],
        causes=() if step.back else CAUSES.get(step.to, ()),
    )


def _answered_at(row: Case, question: Question, of: Assessed) -> str:
    """Where a question is answered: its own place, else here, else where the version is assessed that it waits for."""
    if question.place is not None:
        return _at(question.place)
    if question.key in OF_ASSESSMENT:
        waits = next((one for one in of.versions if one.standing is None or one.written is not None), of.leading)
        return "" if waits is None else assessment_place(row, waits, assesses=True)
    here = {"exploitation": "case-exploitation", "versions": "case-version-add", "mdr-aware": "case-event-add"}
    route = here.get(question.key)
    if route is None:
        return ""
    address = reverse(route, args=[row.number])
    return f"{address}?{urlencode({'basis': StartBasis.MDR_AWARE.value})}" if question.key == "mdr-aware" else address


def _at(where: Place | None) -> str:
    address = "" if where is None else place(where.route, **where.kwargs)
    return f"{address}#{where.fragment}" if address and where is not None and where.fragment else address
