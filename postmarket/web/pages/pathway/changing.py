"""What the buttons of the form do to a draft: steps are added, moved, taken out; controls put on them and taken off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postmarket.web.pages.pathway.draft import ControlDraft, Draft, StepDraft, whole

if TYPE_CHECKING:
    from postmarket.assessment.words import StepKind


def add(draft: Draft, kind: StepKind) -> tuple[Draft, int]:
    """Another blank step of a kind, after those there are; the draft, and its place."""
    place = 1 + max(at for at, one in enumerate(draft.steps) if one.kind is kind)
    return replace(draft, steps=(*draft.steps[:place], StepDraft(kind), *draft.steps[place:])), place


def remove(draft: Draft, place: int) -> tuple[Draft, int]:
    """Take a step out; the last of its kind is blank then. The draft, and where to go on."""
    kind = draft.steps[place].kind
    steps = whole((*draft.steps[:place], *draft.steps[place + 1 :]))
    near = [at for at, one in enumerate(steps) if one.kind is kind]
    return replace(draft, steps=steps), min(near, key=lambda at: abs(at - place))


def move(draft: Draft, place: int, by: int) -> tuple[Draft, int]:
    """Before or after its neighbour of the same kind; nothing else can be its neighbour: the kinds have their order."""
    other = place + by
    if not 0 <= other < len(draft.steps) or draft.steps[other].kind is not draft.steps[place].kind:
        return draft, place
    steps = list(draft.steps)
    steps[place], steps[other] = steps[other], steps[place]
    return replace(draft, steps=tuple(steps)), other


def put(draft: Draft, place: int, control: ControlDraft) -> Draft:
    """A control on a step, once."""
    step = draft.steps[place]
    if any(one.key == control.key or one.name.casefold() == control.name.casefold() for one in step.controls):
        return draft
    return _with_step(draft, place, replace(step, controls=(*step.controls, control)))


def take_off(draft: Draft, place: int, which: int) -> Draft:
    """Without that control; it stays the device's."""
    step = draft.steps[place]
    return _with_step(draft, place, replace(step, controls=(*step.controls[:which], *step.controls[which + 1 :])))


def _with_step(draft: Draft, place: int, step: StepDraft) -> Draft:
    return replace(draft, steps=(*draft.steps[:place], step, *draft.steps[place + 1 :]))
