"""A pathway as a picture in three widths, and as the list that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.assessment.rules.drawing import Drawing, layout
from postmarket.assessment.rules.pathway import HAZARD_CHAIN
from postmarket.web.components.text import plural
from postmarket.web.pages.pathway.words import KINDS

if TYPE_CHECKING:
    from postmarket.assessment.rules.content import Pathway, StepControl

PER_ROW = (("wide", 6), ("middle", 3), ("narrow", 1))
"""Boxes side by side; the sheet shows the one that fits where it stands."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One layout; `title` is the id of what it is called, `text` of what it says."""

    name: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Said:
    """One step in words; `chain` is what it is in the hazard chain of ISO 14971."""

    kind: str
    chain: str
    words: str
    detail: str
    controls: Sequence[str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A pathway to be shown; `id` is unlike any other of the page."""

    id: str
    title: str
    text: str
    pictures: Sequence[Picture]
    steps: Sequence[Said]
    hazards: Sequence[str]


def drawn(pathway: Pathway, *, id: str = "pathway") -> Drawn | None:
    """The picture and the list; None where there is no step to draw."""
    if not pathway.steps:
        return None
    steps = [
        Said(KINDS[one.kind], HAZARD_CHAIN[one.kind], one.words, one.detail, [control_said(it) for it in one.controls])
        for one in pathway.steps
    ]
    return Drawn(
        id=id,
        title=f"Exploit impact pathway in {plural(len(steps), 'step')}",
        text=" ".join(_sentence(step) for step in steps),
        pictures=[Picture(name, layout(pathway, per_row=count)) for name, count in PER_ROW],
        steps=steps,
        hazards=pathway.hazards,
    )


def control_said(control: StepControl) -> str:
    """`Firewall rule: verified, TR-0417, in 31 of 38 hospitals, credited`."""
    credit = "credited" if control.credited else ""
    parts = (control.state.value, control.evidence, control.reach, credit)
    return f"{control.name}: {', '.join(part for part in parts if part)}"


def _sentence(step: Said) -> str:
    detail = f" ({step.detail})" if step.detail else ""
    controls = f" Controls there: {'; '.join(step.controls)}." if step.controls else ""
    return f"{step.kind}: {step.words}{detail}.{controls}"
