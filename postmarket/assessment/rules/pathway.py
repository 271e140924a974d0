"""
The exploit impact pathway as a chain of ISO 14971, and whether it is whole.

The article says that FDA expects an "exploit impact pathway"; FDA's guidance asks for the impact on safety, essential
performance and patients, and does not use the term (F28). Each step therefore says what it is in the hazard chain.
"""

from __future__ import annotations

from typing import Final

from postmarket.assessment.rules.content import Pathway
from postmarket.assessment.words import StepKind

HAZARD_CHAIN: Final = {
    StepKind.ENTRY: "initiating event",
    StepKind.WEAKNESS: "sequence of events",
    StepKind.COMPONENT: "sequence of events",
    StepKind.BEHAVIOUR: "hazard",
    StepKind.SITUATION: "hazardous situation",
    StepKind.HARM: "harm",
}
"""What each step is in the sequence that ISO 14971 describes."""
MOST_STEPS: Final = 12
ORDER: Final = tuple(StepKind)


def missing(pathway: Pathway) -> tuple[StepKind, ...]:
    """The kinds of steps that are not there yet, in their order; none when the pathway reaches the patient."""
    there = {step.kind for step in pathway.steps}
    return tuple(kind for kind in ORDER if kind not in there)


def in_order(pathway: Pathway) -> bool:
    """Whether each step follows one of its own kind or of an earlier one."""
    places = [ORDER.index(step.kind) for step in pathway.steps]
    return places == sorted(places)


def sentence(pathway: Pathway) -> str:
    """The pathway in one line: `Hospital VLAN → … → hypoxia, death`."""
    return " → ".join(step.words for step in pathway.steps)
