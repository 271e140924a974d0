"""Both leads have signed: the determination is in effect from this moment, for this version, and no earlier."""

from __future__ import annotations

from datetime import datetime

import msgspec

from postmarket.accounts.models import Person
from postmarket.assessment.errors import NotFound, SamePerson
from postmarket.assessment.models import Assessment, LeadSignature
from postmarket.assessment.models.assessment import STANDING_STATES
from postmarket.assessment.queries.worked import Worked
from postmarket.assessment.rules.content import written
from postmarket.assessment.rules.premises import Grounds, changes
from postmarket.assessment.rules.states import become
from postmarket.assessment.services.voiding import void_signature
from postmarket.assessment.snapshots import assessment_snapshot, lead_signature_snapshot
from postmarket.assessment.words import AssessmentState, Lead
from postmarket.cases.models import Case
from postmarket.cases.queries.visible import cases
from postmarket.cases.services.clocks import count_clocks
from postmarket.cases.services.events import keep_event
from postmarket.monitoring.policy import pack_in_force
from postmarket.policy.interface import Determination, StartBasis
from postmarket.records import Act
from postmarket.records.models import Signature

BOTH = frozenset(Lead)


def lead_signed(
    worked: Worked, lead: Lead, *, signature: Signature, by: Person, doing: Act, now: datetime
) -> LeadSignature:
    """
    Keep one lead's signature; with the other's, let the determination take effect. Call with the case locked.

    Where a premise changed since the other lead signed, that signature is void, and the other has to look again.
    Raises SamePerson when the other lead's signature is theirs, NotFound when they may not see the case.
    """
    row = worked.assessment
    if not cases(by).filter(pk=row.case_id).exists():
        raise NotFound("There is no such assessment", next_step="Look at the case again.")
    living = {Lead(one.lead): one for one in LeadSignature.objects.filter(assessment=row, voided_at=None)}
    other = next((one for kind, one in living.items() if kind is not lead), None)
    if other is not None and other.person_id == by.pk:
        raise SamePerson(
            f"{by.name} has signed this as {other.lead}",
            where=str(row),
            why="an assessment takes two different people",
            next_step=f"Ask another {lead.value} to sign.",
        )
    made = LeadSignature.objects.create(
        assessment=row,
        lead=lead.value,
        person=by,
        signature=signature,
        signed_at=now,
        grounds=written(worked.grounds),
    )
    doing.note("assessment.signed", subject=made, before=None, after=lead_signature_snapshot(made))
    living[lead] = made
    if other is not None:
        because = changes(msgspec.convert(other.grounds, Grounds), worked.grounds)
        if because:
            void_signature(other, because=" ".join(because), doing=doing, now=now)
            del living[Lead(other.lead)]
    if living.keys() == BOTH:
        _take_effect(worked, by=by, doing=doing, now=now)
    return made


def _take_effect(worked: Worked, *, by: Person, doing: Act, now: datetime) -> None:
    row, found = worked.assessment, worked.outcome
    if found.final is None:  # the ceremony shows nothing that has no answer
        raise NotFound("There is nothing to sign", where=str(row))
    was_uncontrolled = Assessment.objects.filter(
        case=row.case_id, state__in=STANDING_STATES, determination=Determination.UNCONTROLLED.value
    ).exists()
    for old in Assessment.objects.select_for_update(of=("self",)).filter(
        case=row.case_id, version=row.version_id, state__in=STANDING_STATES
    ):
        before = assessment_snapshot(old)
        old.state, old.due = become(AssessmentState(old.state), AssessmentState.REPLACED).value, False
        old.save(update_fields=["state", "due"])
        doing.note("assessment.replaced", subject=old, before=before, after=assessment_snapshot(old))
    before = assessment_snapshot(row)
    row.state = become(AssessmentState(row.state), AssessmentState.IN_EFFECT).value
    row.effective_at, row.changed_at, row.due = now, now, False
    row.policy = pack_in_force().version
    row.grounds = written(worked.grounds)
    row.exploitability = worked.judged.level.name.lower()
    row.severity = "" if found.severity is None else found.severity.name.lower()
    row.determination, row.rule = found.final.value, found.rule
    row.save()
    doing.note("assessment.in-effect", subject=row, before=before, after=assessment_snapshot(row))
    case = Case.objects.select_for_update().get(pk=row.case_id)
    if found.final is Determination.UNCONTROLLED and not was_uncontrolled:
        keep_event(
            doing,
            case,
            basis=StartBasis.UNCONTROLLED_SIGNED,
            at=now,
            person=by.name,
            by_system=True,
            why=f"Both leads have signed that the risk is uncontrolled for {row.version}.",
            now=now,
        )
    count_clocks(doing, case, now=now)
