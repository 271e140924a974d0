"""A pathway as a person drew it, with what it needs: the revision begun, new controls named; all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from postmarket.accounts.models import Person
from postmarket.assessment.models import Assessment, PathwayTemplate
from postmarket.assessment.rules.content import Step
from postmarket.assessment.rules.parts import Part
from postmarket.assessment.services.controls import name_control
from postmarket.assessment.services.unchanged import unchanged
from postmarket.assessment.services.writing import set_pathway, use_template
from postmarket.assessment.words import ControlKind
from postmarket.cases.models import Case
from postmarket.inventory.models import DeviceVersion
from postmarket.records import act


class NewControl(msgspec.Struct, frozen=True):
    """A control that the device has not yet; steps name it by `key`, which is below zero."""

    key: int
    name: str
    kind: ControlKind


def save_pathway(
    *,
    by: Person,
    case: Case,
    version: DeviceVersion,
    seen: str,
    steps: Sequence[Step],
    hazards: Sequence[str] = (),
    new_controls: Sequence[NewControl] = (),
    template: PathwayTemplate | None = None,
    now: datetime,
) -> Assessment:
    """
    Keep the pathway of a version, in a revision that is begun where none is written.

    `seen` is what the person had before them (`queries.beginnings`). `template` is the one it was begun with anew.
    Raises as `begin_assessment` and `set_pathway`, and ChangedMeanwhile when another was saved since.
    """
    why = f"The exploit impact pathway on {version} was drawn."
    with (
        act(actor=by.actor, at=now, why=why),
        unchanged(by=by, case=case, version=version, revision=None, part=Part.PATHWAY, was=seen, now=now) as row,
    ):
        if template is not None:
            row = use_template(by=by, assessment=row, template=template, now=now)
        keys = {
            one.key: name_control(by=by, device=version.device, name=one.name, kind=one.kind, now=now).pk
            for one in new_controls
        }
        return set_pathway(by=by, assessment=row, steps=_keyed(steps, keys), hazards=hazards, now=now)


def _keyed(steps: Sequence[Step], keys: dict[int, int]) -> list[Step]:
    return [
        replace(step, controls=tuple(replace(one, control=keys.get(one.control, one.control)) for one in step.controls))
        for step in steps
    ]
