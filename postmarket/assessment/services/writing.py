"""A revision is written, part by part; whatever changes what a lead has signed voids that signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from postmarket.accounts.models import Person
from postmarket.assessment.errors import InvalidAssessment
from postmarket.assessment.models import Assessment, Control, PathwayTemplate
from postmarket.assessment.rules.content import (
    Content,
    HarmScenario,
    Pathway,
    Privacy,
    Resolution,
    RubricAnswer,
    Scoring,
    Step,
    written,
)
from postmarket.assessment.rules.fields import checked_harm, checked_pathway, checked_scoring, words
from postmarket.assessment.rules.states import become
from postmarket.assessment.services.holding import held
from postmarket.assessment.services.voiding import void_signatures
from postmarket.assessment.snapshots import assessment_snapshot
from postmarket.assessment.words import AssessmentState
from postmarket.monitoring.policy import pack_in_force
from postmarket.policy.interface import Determination
from postmarket.records import act


def set_scoring(*, by: Person, assessment: Assessment, scoring: Scoring, now: datetime) -> Assessment:
    """
    Our CVSS 4.0 vector and all answers of the rubric, instead of those before.

    Raises NotFound, NotAllowed, NotPossible, InvalidAssessment, and ScoringError for what is no vector or question.
    """
    said = checked_scoring(scoring)
    return _write(by, assessment, "Our scores", lambda content: replace(content, scoring=said), now=now)


def answer_rubric(*, by: Person, assessment: Assessment, answers: Sequence[RubricAnswer], now: datetime) -> Assessment:
    """
    Answer some questions of the rubric, anew or for the first time; the others stay. Raises as `set_scoring`.

    Answers that what is said now makes needless stay too, and do not count.
    """

    def answered(content: Content) -> Content:
        said = {one.question: one for one in (*content.scoring.answers, *answers)}
        return replace(content, scoring=checked_scoring(replace(content.scoring, answers=tuple(said.values()))))

    return _write(by, assessment, "The rubric", answered, now=now)


def set_pathway(
    *, by: Person, assessment: Assessment, steps: Sequence[Step], hazards: Sequence[str] = (), now: datetime
) -> Assessment:
    """
    The exploit impact pathway, instead of the one before; controls are named by their key (`controls.name_control`).

    It keeps the template it began with. Raises as `set_harm`, also for a control of another device.
    """

    def drawn(content: Content) -> Content:
        template = content.exploit_impact_pathway.template
        return _with_pathway(content, Pathway(tuple(steps), tuple(hazards), template), assessment)

    return _write(by, assessment, "The exploit impact pathway", drawn, now=now)


def use_template(*, by: Person, assessment: Assessment, template: PathwayTemplate, now: datetime) -> Assessment:
    """Begin the pathway with one that the device has. Raises as `set_pathway`, for another device's template too."""
    if template.device_id != assessment.version.device_id:
        raise InvalidAssessment(
            f"{template} is of another device", where="template", next_step="Choose one of this device."
        )
    pathway = replace(template.says, template=template.pk)
    return _write(
        by,
        assessment,
        f"The exploit impact pathway, from {template}",
        lambda content: _with_pathway(content, pathway, assessment),
        now=now,
    )


def set_harm(*, by: Person, assessment: Assessment, harm: Sequence[HarmScenario], now: datetime) -> Assessment:
    """
    What could happen to whom, instead of what was said before; takes back a claim of privacy only.

    Raises NotFound, NotAllowed, NotPossible, InvalidAssessment.
    """
    said = checked_harm(tuple(harm))
    return _write(
        by,
        assessment,
        "Harm to patients",
        lambda content: replace(content, harm=said, privacy=None if said else content.privacy),
        now=now,
    )


def say_privacy_only(*, by: Person, assessment: Assessment, statement: str, now: datetime) -> Assessment:
    """
    Only confidentiality is at stake: no patient harm. `statement` says why the leaked data cannot alter the device.

    Raises as `set_harm`, also without a statement.
    """
    said = words("statement that the leaked data cannot alter the device", statement)
    return _write(
        by, assessment, "Privacy only", lambda content: replace(content, harm=(), privacy=Privacy(said)), now=now
    )


def resolve(
    *, by: Person, assessment: Assessment, determination: Determination | None, rationale: str = "", now: datetime
) -> Assessment:
    """
    Resolve a clinical review to controlled or uncontrolled, or raise what the matrix says; None takes that back.

    It counts when both leads have signed it. Raises as `set_harm`, also for a review that stays one, or without a
    rationale.
    """
    if determination is Determination.REVIEW:
        raise InvalidAssessment(
            "A clinical review is no answer",
            where="resolution",
            why="the risk is controlled or uncontrolled in every case",
            next_step="Decide for one of them, with the rationale.",
        )
    said = None if determination is None else Resolution(determination, words("rationale", rationale))
    return _write(by, assessment, "The clinical review", lambda content: replace(content, resolution=said), now=now)


def _with_pathway(content: Content, pathway: Pathway, assessment: Assessment) -> Content:
    said = checked_pathway(pathway)
    wanted = {control.control for step in said.steps for control in step.controls}
    known = Control.objects.filter(device=assessment.version.device_id).in_bulk(wanted)
    unknown = sorted(wanted - known.keys())
    if unknown:
        raise InvalidAssessment(
            "A control is not one of this device",
            where=f"control {unknown[0]}",
            next_step="Name it for this device first.",
        )
    steps = tuple(
        replace(step, controls=tuple(replace(one, name=known[one.control].name) for one in step.controls))
        for step in said.steps
    )
    return replace(content, exploit_impact_pathway=replace(said, steps=steps))


def _write(
    by: Person, assessment: Assessment, what: str, change: Callable[[Content], Content], *, now: datetime
) -> Assessment:
    """
    Write one part; the same again leaves no record. A proposal that is written by hand is a draft from then on.

    Raises NotFound, NotAllowed, InvalidAssessment, and NotPossible for a revision that is not written any more.
    """
    policy = pack_in_force().version
    with act(actor=by.actor, at=now, why=f"{what} was written.", policy=policy) as doing:
        row = held(assessment, by=by)
        content = written(change(row.says))
        if content == row.content:
            return row
        void_signatures(row, because=f"{what} changed after it was signed.", doing=doing, now=now)
        before = assessment_snapshot(row)
        if row.state == AssessmentState.PROPOSED.value:
            row.state = become(AssessmentState.PROPOSED, AssessmentState.DRAFT).value
        row.content, row.changed_at, row.policy = content, now, policy
        row.save(update_fields=["state", "content", "changed_at", "policy"])
        doing.note("assessment.written", subject=row, before=before, after=assessment_snapshot(row))
    return row
