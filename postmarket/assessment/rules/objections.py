"""What keeps an assessment from being signed, each with where to mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from postmarket.assessment.rules.content import Content, RubricAnswer
from postmarket.assessment.rules.determination import Outcome
from postmarket.assessment.rules.exploitability import Judged, Known
from postmarket.assessment.rules.pathway import missing
from postmarket.assessment.words import EssentialPerformance
from postmarket.policy.interface import Determination
from postmarket.scoring.rubric import Answer, Told, answered, question
from postmarket.scoring.vectors import metrics

_WORST = {"AV": "N", "AC": "L", "PR": "N", "UI": "N", "S": "C", "C": "H", "I": "H", "A": "H"}
"""The value of each metric that needs no reason."""
_ALTERING = {"MVI": "VI", "MVA": "VA", "MSI": "SI", "MSA": "SA"}
"""CVSS 4.0: what says that integrity or availability is hit, here or in what follows."""


class Objection(msgspec.Struct, frozen=True):
    """One thing that is missing or does not go together; `where` names the part of the assessment."""

    where: str
    text: str


def objections(
    content: Content, known: Known, judged: Judged, found: Outcome, *, withdrawn: Collection[int] = ()
) -> tuple[Objection, ...]:
    """Everything that stands against signing; `withdrawn` are keys of controls that are no longer there."""
    return (
        *_exploitation(known),
        *_scores(content),
        *_pathway(content, withdrawn),
        *_harm(content),
        *(Objection("controls", one) for one in judged.refused),
        *_resolution(content, found),
    )


def _exploitation(known: Known) -> Iterator[Objection]:
    if known.exploitation is None:
        yield Objection("exploitation", "Nobody has said whether it is exploited on a device of ours.")


def _scores(content: Content) -> Iterator[Objection]:
    if not content.scoring.answers:
        return
    told = answered({one.question: one.answer for one in content.scoring.answers})
    if told.open is not None:
        yield Objection("rubric", f"The rubric has an open question: {told.open.words}")
    for metric in unreasoned(content.scoring.answers, told):
        yield Objection("rubric", f"{metric} is less than the worst case, and no answer that gives it says why.")


def unreasoned(answers: Collection[RubricAnswer], told: Told) -> tuple[str, ...]:
    """The metrics that the answers lower, of which none of the answers that give it has a rationale."""
    said = {one.question for one in answers if one.rationale}
    return tuple(
        reason.metric
        for reason in told.reasons
        if reason.value != _WORST[reason.metric] and said.isdisjoint(reason.questions)
    )


def _pathway(content: Content, withdrawn: Collection[int]) -> Iterator[Objection]:
    gone = [kind.value for kind in missing(content.exploit_impact_pathway)]
    if content.privacy is not None:
        gone = []  # It reaches no patient: there is nothing to draw.
    if gone and not content.exploit_impact_pathway.steps:
        yield Objection("pathway", "No pathway is drawn.")
    elif gone:
        yield Objection("pathway", f"The pathway does not reach the patient yet: {', '.join(gone)} missing.")
    for control in content.controls:
        if control.control in withdrawn and control.credited:
            yield Objection("controls", f"{control.name} was withdrawn, and is credited here.")


def _harm(content: Content) -> Iterator[Objection]:
    if content.privacy is not None:
        yield from _privacy(content)
        return
    if not content.harm:
        yield Objection("harm", "No harm to patients is described; where only data leaks, say so instead.")
    for one in content.harm:
        if one.severity is None:
            yield Objection("harm", f"The severity for {one.patients} ({one.use}) is not judged.")
        if one.essential_performance is EssentialPerformance.UNKNOWN:
            yield Objection("harm", f"Whether essential performance is affected for {one.patients} is not known.")


def _privacy(content: Content) -> Iterator[Objection]:
    """The claim must go together with everything else that is said."""
    if content.harm:
        yield Objection("privacy", "Harm to patients is described, so it is not only a matter of confidentiality.")
    altering = [
        one.question
        for one in content.scoring.answers
        if question(one.question).metric in ("I", "A") and one.answer is not Answer.NO
    ]
    if altering:
        yield Objection("privacy", f"The rubric does not rule out that data or functions alter: {', '.join(altering)}.")
    if content.scoring.base:
        given = {**metrics(content.scoring.base), **{one.metric: one.value for one in content.scoring.edits}}
        hit = [
            f"{base}:{value}"
            for modified, base in _ALTERING.items()
            if (value := given.get(modified) if given.get(modified, "X") != "X" else given[base]) != "N"
        ]
        if hit:
            yield Objection("privacy", f"Our CVSS vector says that integrity or availability is hit: {', '.join(hit)}.")
    elif not content.scoring.answers:
        yield Objection(
            "privacy", "Answer the rubric or rate the device: integrity and availability have to be ruled out."
        )


def _resolution(content: Content, found: Outcome) -> Iterator[Objection]:
    said = content.resolution
    if found.cell is Determination.REVIEW and said is None:
        yield Objection("resolution", found.why)
    if said is None:
        return
    if found.cell is None:
        yield Objection("resolution", "There is nothing to resolve.")
    elif found.final is not said.determination:
        yield Objection("resolution", f"{found.why} The leads may raise that, and never lower it.")
