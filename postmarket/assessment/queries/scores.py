"""The sources' scores and ours side by side, and which answer moved the number."""

from __future__ import annotations

from dataclasses import dataclass

from postmarket.assessment.models import Assessment
from postmarket.assessment.queries.grounds import vulnerabilities_of
from postmarket.assessment.rules.content import Content, Scoring
from postmarket.scoring import cvss
from postmarket.scoring.choice import choose
from postmarket.scoring.device_vector import DeviceScores, EditMoved, device_scores, edits_moved
from postmarket.scoring.errors import ScoringError
from postmarket.scoring.interface import Score
from postmarket.scoring.rubric import QUALIFICATION, Answer, Moved, Told, answered, moved
from postmarket.sources.interface import Rating


@dataclass(frozen=True, slots=True)
class SourceScore:
    """
    One source's rating; `score` None when neither vector nor number can be read.

    `chosen` is the one the vulnerability is banded by. A CVSS 4.0 vector can be laid under our edits.
    """

    rating: Rating
    score: Score | None
    chosen: bool

    @property
    def can_be_base(self) -> bool:
        """Whether our edits can be laid over it."""
        return self.score is not None and self.score.version == "4.0" and bool(self.score.vector)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """
    What sources say, and what we say of the device.

    `rubric` is None while no question is answered; `qualification` is to stand wherever its vector does.
    `metrics_moved` says what each metric did to our CVSS 4.0 number, `answers_moved` what each answer of the rubric
    did since the revision it was copied from, or since nothing was known.
    """

    sources: tuple[SourceScore, ...]
    why_chosen: str
    flag: str
    device: DeviceScores | None
    rubric: Told | None
    qualification: str
    metrics_moved: tuple[EditMoved, ...]
    answers_moved: tuple[Moved, ...]


def side_by_side(assessment: Assessment) -> SideBySide:
    """Of an assessment somebody may see (`queries.assessments`), with its case and origin."""
    lead = assessment.case.lead
    found = None if lead is None else vulnerabilities_of([assessment.case]).get(lead)
    ratings = () if found is None else found.ratings
    chosen = choose(ratings)
    scoring = assessment.says.scoring
    edits = {one.metric: one.value for one in scoring.edits}
    before = Content().scoring if assessment.origin is None else assessment.origin.says.scoring
    return SideBySide(
        sources=tuple(SourceScore(one, _score(one), one is chosen.rating) for one in ratings),
        why_chosen=chosen.why,
        flag=chosen.flag,
        device=device_scores(scoring.base, edits) if scoring.base else None,
        rubric=answered(_answers(scoring)) if scoring.answers else None,
        qualification=QUALIFICATION,
        metrics_moved=edits_moved(scoring.base, edits) if scoring.base else (),
        answers_moved=moved(_answers(before), _answers(scoring)),
    )


def _answers(scoring: Scoring) -> dict[str, Answer]:
    return {one.question: one.answer for one in scoring.answers}


def _score(rating: Rating) -> Score | None:
    try:
        return cvss.score(rating.vector, by=rating.by)
    except ScoringError:
        return None
