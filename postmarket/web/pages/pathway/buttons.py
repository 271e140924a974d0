"""What each button of the form does: `add:harm`, `up:3`, `take:3:1`, `put:3`, `begin:known`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from postmarket.assessment.rules.fields import LONGEST_LINE
from postmarket.assessment.words import ControlKind, StepKind
from postmarket.web.pages.pathway.changing import add, move, put, remove, take_off
from postmarket.web.pages.pathway.draft import ControlDraft, Draft, drafted
from postmarket.web.pages.pathway.shown import Focus

if TYPE_CHECKING:
    from postmarket.web.pages.pathway.asking import Asked

Pressed = tuple[Draft, str, Focus | None]
"""The draft then, what was done in words, and where to go on."""
NOTHING_CHOSEN = "Choose a control, or give a new one its name."


def press(do: str, draft: Draft, sent: Mapping[str, str], at: Asked) -> Pressed:
    """A button that is none of ours leaves everything as it is."""
    act, _, about = do.partition(":")
    if act == "begin":
        return _begin(about, draft, at)
    if act == "add":
        kind = next((one for one in StepKind if one.name.lower() == about), None)
        return _at(*add(draft, kind)) if kind is not None else (draft, "", None)
    numbers = [int(one) for one in about.split(":") if one.isdecimal() and len(one) < 4]
    if not numbers or numbers[0] >= len(draft.steps):
        return draft, "", None
    match act:
        case "remove":
            return _at(*remove(draft, numbers[0]))
        case "up" | "down":
            return _at(*move(draft, numbers[0], -1 if act == "up" else 1))
        case "take" if len(numbers) == 2 and numbers[1] < len(draft.steps[numbers[0]].controls):
            return take_off(draft, *numbers), "", Focus(place=numbers[0])
        case "put":
            return _put(draft, numbers[0], sent, at)
        case _:
            return draft, "", None


def settle(draft: Draft, sent: Mapping[str, str], at: Asked, *, do: str) -> Draft:
    """With the controls that were chosen or named and not put on their step yet: whatever is pressed, none is lost."""
    for place in range(len(draft.steps)):
        if do != f"put:{place}" and (control := _chosen(f"s{place}", draft, sent, at)) is not None:
            draft = put(draft, place, control)
    return draft


def _at(draft: Draft, place: int) -> Pressed:
    return draft, "", Focus(place=place)


def _put(draft: Draft, place: int, sent: Mapping[str, str], at: Asked) -> Pressed:
    control = _chosen(f"s{place}", draft, sent, at)
    if control is None:
        return draft, "", Focus(place=place, wrong=NOTHING_CHOSEN)
    changed = put(draft, place, control)
    return changed, "", Focus(place=place, control=len(changed.steps[place].controls) - 1)


def _chosen(token: str, draft: Draft, sent: Mapping[str, str], at: Asked) -> ControlDraft | None:
    """A new one by its name, which may be that of one the device has; else the one that was chosen."""
    name = " ".join(sent.get(f"{token}-new", "").split())
    if name and (len(name) > LONGEST_LINE or not name.isprintable()):
        return None
    same = next((one for one in at.controls.values() if name and one.name.casefold() == name.casefold()), None)
    if same is None and name:
        key = min([0, *(one.key for step in draft.steps for one in step.controls)]) - 1
        designed = sent.get(f"{token}-new_kind") == ControlKind.DESIGNED.value
        return ControlDraft(key, name, ControlKind.DESIGNED if designed else ControlKind.COMPENSATING)
    chosen = sent.get(f"{token}-put", "")
    known = same or next((one for one in at.controls.values() if str(one.pk) == chosen), None)
    return None if known is None else ControlDraft(known.pk, known.name, ControlKind(known.kind))


def _begin(about: str, draft: Draft, at: Asked) -> Pressed:
    offer = next((one for one in at.offers if one.do == f"begin:{about}"), None)
    if offer is None:
        return draft, "", None
    said = f"Begun with: {offer.name}. {offer.whose}. It is saved when you save it."
    hazards = offer.pathway.hazards
    begun = drafted(offer.pathway, at.kinds, template=offer.template)
    kept = begun if hazards else Draft(begun.steps, draft.hazards, begun.template)
    return kept, said, Focus(place=0)
