"""The fields of an assessment as people give them, checked one by one."""

from __future__ import annotations

from msgspec.structs import replace

from postmarket.assessment.errors import AssessmentError, InvalidAssessment, NoReason
from postmarket.assessment.rules.content import HarmScenario, Pathway, RubricAnswer, Scoring, Step, StepControl
from postmarket.assessment.rules.pathway import MOST_STEPS, in_order
from postmarket.assessment.words import ControlState
from postmarket.scoring.device_vector import device_scores
from postmarket.scoring.rubric import QUESTIONS, question
from postmarket.scoring.vectors import parse

LONGEST_LINE = 200
LONGEST_TEXT = 4000
MOST_LISTED = 30


def one_line(name: str, text: str, *, needed: bool = True, wrong: type[AssessmentError] = InvalidAssessment) -> str:
    """`text` without doubled spaces. Raises `wrong` when it is too long, not printable, or needed and empty."""
    plain = " ".join(text.split())
    if (needed and not plain) or len(plain) > LONGEST_LINE or not plain.isprintable():
        raise wrong(
            f"This is no {name}",
            where=name,
            why=f"it has {'1' if needed else '0'} to {LONGEST_LINE} printable characters",
            next_step="Write it as people read it.",
        )
    return plain


def words(name: str, text: str, *, needed: bool = True, wrong: type[AssessmentError] = InvalidAssessment) -> str:
    """A few sentences. Raises `wrong` when they are too long, hold control characters, or are needed and empty."""
    plain = text.strip()
    if needed and not plain:
        raise wrong(f"The {name} is empty", where=name, next_step="Say it in a few words.")
    if len(plain) > LONGEST_TEXT or not plain.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        raise wrong(
            f"The {name} cannot be kept",
            where=name,
            why=f"it has at most {LONGEST_TEXT} printable characters",
            next_step="Shorten it.",
        )
    return plain


def reason(why: str) -> str:
    """The reason as it is recorded. Raises NoReason for one without words."""
    return words("reason", why, wrong=NoReason)


def checked_scoring(scoring: Scoring) -> Scoring:
    """
    The scores as they are kept, answers in the order of the rubric's questions.

    Raises InvalidAssessment for an edit without a rationale, edits without a base vector, or a thing said twice;
    ScoringError for a vector, metric or question that is none.
    """
    base = parse(scoring.base).vector if scoring.base.strip() else ""
    edits = tuple(replace(one, rationale=words("rationale", one.rationale)) for one in scoring.edits)
    _once("metric", [one.metric for one in edits])
    _once("question", [one.question for one in scoring.answers])
    if base:
        device_scores(base, {one.metric: one.value for one in edits})
    elif edits:
        raise InvalidAssessment(
            "Metrics without a base vector change nothing",
            where="base vector",
            next_step="Give the CVSS 4.0 base vector they are laid over.",
        )
    for one in scoring.answers:
        question(one.question)
    said = {one.question: one for one in scoring.answers}
    return Scoring(
        base=base,
        base_from=one_line("source of the base vector", scoring.base_from) if base else "",
        edits=tuple(one for one in edits if one.value != "X"),
        answers=tuple(_answer(said[one.id]) for one in QUESTIONS if one.id in said),
    )


def checked_pathway(pathway: Pathway) -> Pathway:
    """The pathway as it is kept. Raises InvalidAssessment for too many steps, and for steps out of order."""
    if len(pathway.steps) > MOST_STEPS:
        raise InvalidAssessment("The pathway is too long", where="steps", why=f"{MOST_STEPS} steps are the most")
    if not in_order(pathway):
        raise InvalidAssessment(
            "The steps are not in order",
            where="steps",
            next_step="Go from the entry to the harm, one kind after another.",
        )
    hazards = tuple(dict.fromkeys(one_line("hazard id", one) for one in pathway.hazards))
    if len(hazards) > MOST_LISTED:
        raise InvalidAssessment("Too many hazards", where="hazards", why=f"{MOST_LISTED} are the most")
    return Pathway(tuple(_step(one) for one in pathway.steps), hazards, pathway.template)


def checked_harm(harm: tuple[HarmScenario, ...]) -> tuple[HarmScenario, ...]:
    """The scenarios as they are kept. Raises InvalidAssessment; each use and group of patients is judged once."""
    if len(harm) > MOST_LISTED:
        raise InvalidAssessment("Too many scenarios", where="harm", why=f"{MOST_LISTED} are the most")
    kept = tuple(
        replace(
            one,
            use=one_line("use scenario", one.use),
            patients=one_line("group of patients", one.patients),
            words=words("harm", one.words),
        )
        for one in harm
    )
    _once("scenario", [f"{one.use}, {one.patients}" for one in kept])
    return kept


def _answer(one: RubricAnswer) -> RubricAnswer:
    return replace(one, rationale=words("rationale", one.rationale, needed=False))


def _step(step: Step) -> Step:
    _once("control", [str(one.control) for one in step.controls])
    return Step(
        step.kind,
        one_line("step", step.words),
        one_line("detail", step.detail, needed=False),
        tuple(_control(one) for one in step.controls),
    )


def _control(one: StepControl) -> StepControl:
    return replace(
        one,
        evidence=one_line("evidence", one.evidence, needed=one.state is ControlState.VERIFIED),
        reach=one_line("reach", one.reach, needed=False),
        breaks_chain=words("proof", one.breaks_chain, needed=False),
    )


def _once(what: str, said: list[str]) -> None:
    twice = sorted({one for one in said if said.count(one) > 1})
    if twice:
        raise InvalidAssessment(f"The same {what} stands there twice", where=", ".join(twice), next_step="Keep one.")
