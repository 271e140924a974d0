"""What assessments say, for tests: a silenced alarm of the pump, and how it could be otherwise."""

from __future__ import annotations

from postmarket.assessment.rules.content import (
    Content,
    HarmScenario,
    MetricEdit,
    Pathway,
    Privacy,
    RubricAnswer,
    Scoring,
    Step,
    StepControl,
)
from postmarket.assessment.rules.exploitability import Known
from postmarket.assessment.words import ControlState, EssentialPerformance, StepKind
from postmarket.cases.words import Exploitation
from postmarket.policy.interface import HarmSeverity
from postmarket.scoring.interface import ExploitabilityInputs
from postmarket.scoring.rubric import Answer

EASY = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:H/SC:N/SI:N/SA:N"
MODERATE = "CVSS:4.0/AV:A/AC:H/AT:N/PR:N/UI:N/VC:N/VI:H/VA:H/SC:N/SI:N/SA:N"
BY_HAND = "CVSS:4.0/AV:P/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:L/SC:N/SI:N/SA:N"
READ_ONLY = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N"
"""Base vectors: high, medium and low exploitability, and one that only reads."""

STEPS = (
    Step(StepKind.ENTRY, "Hospital VLAN", "port 8443"),
    Step(StepKind.WEAKNESS, "Parser crash"),
    Step(StepKind.COMPONENT, "OpenSSL 3.0.7", "in the alarm gateway"),
    Step(StepKind.BEHAVIOUR, "Gateway down", "alarms held 40 s"),
    Step(StepKind.SITUATION, "Occluded line", "nobody is warned"),
    Step(StepKind.HARM, "No vasopressor, shock"),
)


def harm(
    severity: HarmSeverity | None = HarmSeverity.CATASTROPHIC, *, patients: str = "adults in shock"
) -> HarmScenario:
    """One scenario."""
    affected = EssentialPerformance.NOT_AFFECTED
    if severity is None or severity > HarmSeverity.NEGLIGIBLE:
        affected = EssentialPerformance.AFFECTED
    return HarmScenario(
        use="continuous infusion in intensive care",
        patients=patients,
        words="The infusion stops and nobody is warned.",
        severity=severity,
        essential_performance=affected,
    )


def content(
    severity: HarmSeverity | None = HarmSeverity.CATASTROPHIC,
    *,
    base: str = EASY,
    controls: tuple[StepControl, ...] = (),
) -> Content:
    """A whole assessment: scored, drawn, judged."""
    return Content(
        scoring=Scoring(base=base, base_from="our own"),
        exploit_impact_pathway=Pathway(steps=with_controls(*controls), hazards=("H-17",)),
        harm=(harm(severity),),
    )


def with_controls(*controls: StepControl) -> tuple[Step, ...]:
    """The pathway with controls on its entry."""
    entry = STEPS[0]
    return (Step(entry.kind, entry.words, entry.detail, controls), *STEPS[1:])


def firewall(
    *, key: int = 1, state: ControlState = ControlState.VERIFIED, credited: bool = True, proof: str = ""
) -> StepControl:
    """A firewall rule that lowers exploitability."""
    evidence = "TR-0417" if state is ControlState.VERIFIED else ""
    return StepControl(key, "Firewall rule", state, evidence, "in 31 of 38 hospitals", credited, proof)


def privacy(statement: str = "The export is a copy; nothing is read back.", *, base: str = READ_ONLY) -> Content:
    """A claim that only data leak."""
    return Content(scoring=Scoring(base=base, base_from="our own"), privacy=Privacy(statement))


def known(exploitation: Exploitation | None = Exploitation.NONE, **inputs: object) -> Known:
    """What is known of the vulnerability and of our devices."""
    return Known(ExploitabilityInputs(**inputs), exploitation)  # type: ignore[arg-type]


def answers(**said: str) -> tuple[RubricAnswer, ...]:
    """Answers of the rubric: `XAVN="Y"`."""
    return tuple(
        RubricAnswer(question, Answer(answer), "As the architecture says.") for question, answer in said.items()
    )


def edit(metric: str, value: str, rationale: str = "The device stands alone.") -> MetricEdit:
    """One metric set for the device."""
    return MetricEdit(metric, value, rationale)
