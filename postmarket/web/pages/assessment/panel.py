"""What Today shows of assessments: what waits for this person's signature, and what opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from postmarket.assessment.queries.assessments import reopened, waiting_for
from postmarket.policy.interface import Determination
from postmarket.web.pages.assessment.words import SUFFER
from postmarket.web.pages.cases.words import DETERMINATIONS

if TYPE_CHECKING:
    from postmarket.accounts.models import Person
    from postmarket.assessment.models import Assessment
    from postmarket.assessment.queries.worked import Worked

MOST: Final = 4
AGAIN: Final = {
    Determination.CONTROLLED: "it was controlled, and is not determined now",
    Determination.UNCONTROLLED: "uncontrolled still, to be signed anew",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An assessment to be signed: what it says about patients, as whom, and where."""

    row: Assessment
    lead: str
    says: str
    url: str


@dataclass(frozen=True, slots=True)
class Again:
    """A signed assessment of which a premise changed."""

    row: Assessment
    word: str
    url: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The first of each; `more` and `more_again` are how many more there are."""

    waiting: Sequence[Waiting]
    more: int
    again: Sequence[Again]
    more_again: int

    @property
    def to_sign(self) -> int:
        """How many wait for this person's signature."""
        return len(self.waiting) + self.more

    @property
    def reopened(self) -> int:
        """How many opened again."""
        return len(self.again) + self.more_again


def panel(*, by: Person) -> Panel:
    """What `by` is to look at."""
    waiting, again = waiting_for(by=by), reopened(by=by)
    return Panel(
        waiting=[Waiting(one.assessment, lead.value, says(one), _url(one.assessment)) for lead, one in waiting[:MOST]],
        more=max(len(waiting) - MOST, 0),
        again=[Again(row, AGAIN[Determination(row.determination)], _url(row)) for row in again[:MOST]],
        more_again=max(len(again) - MOST, 0),
    )


def says(worked: Worked) -> str:
    """`Uncontrolled: patients on AeroVent 5.4 can die.`"""
    version, found = worked.assessment.version, worked.outcome
    word = "Not decided" if found.final is None else DETERMINATIONS[found.final][0]
    if found.severity is None:
        return f"{word}: data can leak from {version}, and no patient is harmed."
    return f"{word}: patients on {version} can {SUFFER[found.severity]}."


def _url(row: Assessment) -> str:
    return reverse("assessment", args=[row.case.number, row.version_id])
