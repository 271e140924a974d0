"""The form as the page shows it: kind by kind, each step with its fields and the controls on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.assessment.rules.pathway import HAZARD_CHAIN, MOST_STEPS
from postmarket.assessment.words import ControlState, StepKind
from postmarket.web.pages.pathway.forms import ControlForm, HazardsForm, PutForm, StepForm
from postmarket.web.pages.pathway.words import ASKS, CONTROL_KINDS, KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postmarket.assessment.models import Control
    from postmarket.web.pages.pathway.draft import ControlDraft, Draft, StepDraft

MEANINGS = {ControlState.VERIFIED: "safe", ControlState.PARTIAL: "soon", ControlState.NOT_ASSUMED: "unknown"}


@dataclass(frozen=True, slots=True)
class ControlShown:
    """A control on a step; `withdrawn` when the device has it no more, `own` when saving names it."""

    token: str
    draft: ControlDraft
    form: ControlForm
    kind: str
    meaning: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step; `number` counts those of its kind, `first` and `last` say where it stands among them."""

    token: str
    place: int
    draft: StepDraft
    form: StepForm
    put: PutForm
    controls: Sequence[ControlShown]
    number: int
    first: bool
    last: bool
    wrong: str


@dataclass(frozen=True, slots=True)
class Group:
    """The steps of one kind."""

    kind: StepKind
    name: str
    chain: str
    example: str
    steps: Sequence[StepShown]

    @property
    def several(self) -> bool:
        """Whether there are more than one."""
        return len(self.steps) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """Where somebody goes on: a step, one of its controls; and what is wrong there."""

    place: int | None = None
    control: int | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class FormShown:
    """Everything of the form."""

    groups: Sequence[Group]
    hazards: HazardsForm
    may_add: bool

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong in any field; of a form that is checked."""
        steps = [step for group in self.groups for step in group.steps]
        forms = [self.hazards, *(one.form for one in steps), *(it.form for one in steps for it in one.controls)]
        return all(form.is_valid() for form in forms)


def shown(
    draft: Draft, controls: Mapping[int, Control], *, checked: bool, asks_proof: bool, focus: Focus | None = None
) -> FormShown:
    """`controls` are the device's by key; `asks_proof` where exploitation is known; `checked` says what is wrong."""
    at = focus or Focus()
    steps: dict[StepKind, list[StepShown]] = {kind: [] for kind in StepKind}
    for place, one in enumerate(draft.steps):
        kin = [it for it, other in enumerate(draft.steps) if other.kind is one.kind]
        token = f"s{place}"
        here = place == at.place
        steps[one.kind].append(
            StepShown(
                token=token,
                place=place,
                draft=one,
                form=StepForm(one, token, checked=checked, focused=here and at.control is None and not at.wrong),
                put=PutForm(token, _choices(one, controls)),
                controls=_controls(one, token, controls, checked, asks_proof, at.control if here else None),
                number=kin.index(place) + 1,
                first=place == kin[0],
                last=place == kin[-1],
                wrong=at.wrong if here else "",
            )
        )
    groups = [Group(kind, KINDS[kind], HAZARD_CHAIN[kind], ASKS[kind][1], steps[kind]) for kind in StepKind]
    return FormShown(groups, HazardsForm(draft.hazards, checked=checked), len(draft.steps) < MOST_STEPS)


def _controls(
    step: StepDraft, token: str, known: Mapping[int, Control], checked: bool, asks_proof: bool, focused: int | None
) -> list[ControlShown]:
    return [
        ControlShown(
            token=f"{token}c{which}",
            draft=one,
            form=ControlForm(one, f"{token}c{which}", checked=checked, asks_proof=asks_proof, focused=which == focused),
            kind=CONTROL_KINDS[one.kind],
            meaning=MEANINGS[one.state],
            withdrawn=not one.is_new and one.key not in known,
        )
        for which, one in enumerate(step.controls)
    ]


def _choices(step: StepDraft, known: Mapping[int, Control]) -> list[tuple[str, str]]:
    there = {one.key for one in step.controls}
    return [(str(key), one.name) for key, one in known.items() if key not in there]
