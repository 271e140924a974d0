"""Controls of a device are named and withdrawn, and its pathways kept to be used again."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from msgspec.structs import replace

from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.assessment.errors import NotFound, NotPossible
from postmarket.assessment.models import Assessment, Control, PathwayTemplate
from postmarket.assessment.rules.content import written
from postmarket.assessment.rules.fields import one_line, reason
from postmarket.assessment.rules.pathway import missing
from postmarket.assessment.services.reconsidering import reconsider_device
from postmarket.assessment.snapshots import control_snapshot, template_snapshot
from postmarket.assessment.words import ControlKind, ControlState
from postmarket.cases.queries.visible import visible_to
from postmarket.inventory.models import Device
from postmarket.records import act


def name_control(*, by: Person, device: Device, name: str, kind: ControlKind, now: datetime) -> Control:
    """The device's control of that name, named when there is none. Raises NotAllowed, InvalidAssessment."""
    require(by, Permission.ASSESSMENTS_EDIT, on=device.line)
    called = one_line("control", name)
    with act(actor=by.actor, at=now, why=f"{called} stands in the way of exploits on {device}.") as doing:
        device = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
        known = Control.objects.filter(device=device, name__iexact=called, withdrawn_at=None).first()
        if known is not None:
            return known
        row = Control.objects.create(device=device, name=called, kind=kind.value, named_by=by, named_at=now)
        doing.note("control.named", subject=row, before=None, after=control_snapshot(row))
    return row


def withdraw_control(*, by: Person, control: Control, why: str, now: datetime) -> Control:
    """
    The control is no longer there: every assessment in effect that credits it is re-opened, in the same transaction.

    Raises NotAllowed, NoReason, and NotPossible when it was withdrawn before.
    """
    said = reason(why)
    with act(actor=by.actor, at=now, why=said) as doing:
        row = Control.objects.select_for_update(of=("self",)).select_related("device__line").get(pk=control.pk)
        require(by, Permission.ASSESSMENTS_EDIT, on=row.device.line)
        if row.withdrawn_at is not None:
            raise NotPossible(f"{row.name} was withdrawn before", next_step="Name it anew if it is there again.")
        before = control_snapshot(row)
        row.withdrawn_at, row.withdrawn_why = now, said
        row.save(update_fields=["withdrawn_at", "withdrawn_why"])
        doing.note("control.withdrawn", subject=row, before=before, after=control_snapshot(row))
        reconsider_device(row.device, now=now)
    return row


def keep_template(*, by: Person, assessment: Assessment, name: str, now: datetime) -> PathwayTemplate:
    """
    Keep an assessment's pathway for its device, to begin others with: the next version of that name.

    How far a control can be relied on is judged anew each time and not kept. The same pathway again
    makes no new version. Raises NotFound, NotAllowed, InvalidAssessment, NotPossible for a pathway that is not whole,
    and for one of a restricted case: every other case of the device is offered what is kept.
    """
    seen = Assessment.objects.filter(visible_to(by, "case"), pk=assessment.pk)
    seen = seen.select_related("case", "version__device__line")
    row = seen.first()
    if row is None:
        raise NotFound("There is no such assessment", next_step="Look at the case again.")
    device, called = row.version.device, one_line("name of the pathway", name)
    require(by, Permission.ASSESSMENTS_EDIT, on=device.line)
    if row.case.restricted:
        raise NotPossible(
            f"{row.case.number} is restricted, and a kept pathway is read by who is no member of it",
            next_step="Keep it once the case is opened up.",
        )
    whole = row.says.exploit_impact_pathway
    if missing(whole):
        raise NotPossible("The pathway does not reach the patient yet", next_step="Draw it to the harm first.")
    steps = tuple(
        replace(
            step,
            controls=tuple(
                replace(one, state=ControlState.NOT_ASSUMED, evidence="", credited=False, breaks_chain="")
                for one in step.controls
            ),
        )
        for step in whole.steps
    )
    pathway = written(replace(whole, steps=steps, template=None))
    with act(actor=by.actor, at=now, why=f"{called} is kept for {device}.") as doing:
        device = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
        known = PathwayTemplate.objects.filter(device=device, name=called)
        newest = known.first()
        if newest is not None and newest.pathway == pathway:
            return newest
        last = known.aggregate(last=Max("number"))["last"] or 0
        made = PathwayTemplate.objects.create(
            device=device, name=called, number=last + 1, pathway=pathway, made_by=by, made_at=now
        )
        doing.note("pathway-template.kept", subject=made, before=None, after=template_snapshot(made))
    return made
