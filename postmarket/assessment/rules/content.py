"""
What one revision of an assessment says: scores, pathway, harm, resolution. Values only; services keep them.

Kept as one value, so that it is copied to a sibling, compared, hashed and signed whole.
"""

from __future__ import annotations

from typing import Any

import msgspec

from postmarket.assessment.words import ControlState, EssentialPerformance, StepKind
from postmarket.policy.interface import Determination, HarmSeverity
from postmarket.scoring.rubric import Answer


class MetricEdit(msgspec.Struct, frozen=True):
    """One CVSS 4.0 metric set for this device, and why."""

    metric: str
    value: str
    rationale: str


class RubricAnswer(msgspec.Struct, frozen=True):
    """The answer to one question of the MITRE rubric, and why."""

    question: str
    answer: Answer
    rationale: str = ""


class Scoring(msgspec.Struct, frozen=True):
    """
    Our scores for the device: a CVSS 4.0 base vector with edits, the rubric's answers, or neither.

    `base_from` says whose base vector it is ("NVD", "our own"). An empty `base` has no edits.
    """

    base: str = ""
    base_from: str = ""
    edits: tuple[MetricEdit, ...] = ()
    answers: tuple[RubricAnswer, ...] = ()


class StepControl(msgspec.Struct, frozen=True):
    """
    A control that acts on a step, as far as this assessment relies on it.

    `control` is the key of a Control of the device, `name` its name when it was named here. `evidence` is what
    verifies it ("TR-0417"), `reach` where it holds ("in 31 of 38 hospitals"). `credited` lowers exploitability;
    `breaks_chain` is the proof that the exploit cannot go on past it, asked for where exploitation is known.
    """

    control: int
    name: str
    state: ControlState
    evidence: str = ""
    reach: str = ""
    credited: bool = False
    breaks_chain: str = ""


class Step(msgspec.Struct, frozen=True):
    """One step: `words` in a few, `detail` one line below them."""

    kind: StepKind
    words: str
    detail: str = ""
    controls: tuple[StepControl, ...] = ()


class Pathway(msgspec.Struct, frozen=True):
    """
    The exploit impact pathway: steps in the order of StepKind, and the hazards of the risk file it belongs to.

    `template` is the key of the device's template version it was taken from; None when it was built by hand.
    """

    steps: tuple[Step, ...] = ()
    hazards: tuple[str, ...] = ()
    template: int | None = None


class HarmScenario(msgspec.Struct, frozen=True):
    """
    What could happen to one group of patients in one use of the device, in clinical words.

    `severity` None is not judged yet.
    """

    use: str
    patients: str
    words: str
    severity: HarmSeverity | None = None
    essential_performance: EssentialPerformance = EssentialPerformance.UNKNOWN


class Privacy(msgspec.Struct, frozen=True):
    """
    The claim that only confidentiality is at stake, which is not patient harm (FDA postmarket guidance 2016).

    `statement` says why the leaked data cannot alter the device.
    """

    statement: str


class Resolution(msgspec.Struct, frozen=True):
    """How the two leads resolve a cell that the matrix leaves to clinical review, or raise one; with the rationale."""

    determination: Determination
    rationale: str


class Content(msgspec.Struct, frozen=True):
    """Everything one revision says."""

    scoring: Scoring = Scoring()
    exploit_impact_pathway: Pathway = Pathway()
    harm: tuple[HarmScenario, ...] = ()
    privacy: Privacy | None = None
    resolution: Resolution | None = None

    @property
    def controls(self) -> tuple[StepControl, ...]:
        """Every control of the pathway, step by step."""
        return tuple(control for step in self.exploit_impact_pathway.steps for control in step.controls)

    @property
    def severity(self) -> HarmSeverity | None:
        """The worst that any scenario comes to; None while there is none, or one is not judged."""
        judged = [scenario.severity for scenario in self.harm]
        if not judged or None in judged:
            return None
        return max(severity for severity in judged if severity is not None)


def written(value: msgspec.Struct) -> dict[str, Any]:
    """A value as JSON keeps it: what a model holds, and equal to what comes back from the database."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return found
