"""Revisions are begun, proposed to sibling versions, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.assessment.models import Assessment
from postmarket.assessment.models.assessment import OPEN_STATES, STANDING_STATES
from postmarket.assessment.queries.origins import origin_of
from postmarket.assessment.rules.content import Content, written
from postmarket.assessment.rules.fields import reason
from postmarket.assessment.rules.states import become
from postmarket.assessment.services.holding import held, held_case, in_case
from postmarket.assessment.services.voiding import void_signatures
from postmarket.assessment.snapshots import assessment_snapshot
from postmarket.assessment.words import AssessmentState
from postmarket.cases.models import Case, CaseVersion
from postmarket.inventory.models import DeviceVersion
from postmarket.monitoring.policy import pack_in_force
from postmarket.records import Act, act


def begin_assessment(*, by: Person, case: Case, version: DeviceVersion, why: str = "", now: datetime) -> Assessment:
    """
    The revision that is being written for a version; begun when there is none.

    It begins with what stands for the version, else with what a sibling version of the same device has: then it is a
    proposal, and says whose. Raises NotFound, NotAllowed, NotPossible.
    """
    with act(actor=by.actor, at=now, why=why or f"{version} is assessed.", policy=pack_in_force().version) as doing:
        case = held_case(case, by=by)
        version = in_case(case, version)
        require(by, Permission.ASSESSMENTS_EDIT, on=version.device.line)
        there = Assessment.objects.select_related("case", "version__device__line", "origin")
        known = there.filter(case=case, version=version, state__in=OPEN_STATES).first()
        if known is not None:
            return known
        return _begin(doing, by, case, version, origin_of(case, version), now=now)


def propose_to_siblings(*, by: Person, assessment: Assessment, now: datetime) -> Sequence[Assessment]:
    """
    Propose what is written for one version to every other of the same device in the case.

    A version with an assessment in effect, or with one that somebody has written by hand, is left alone; a proposal
    that nobody has touched is brought up to what its origin says now, which voids what was signed of it. Nothing takes
    effect before it is signed for that version. Raises NotFound, NotAllowed, NotPossible.
    """
    why = f"Proposed to the sibling versions of {assessment.version}."
    with act(actor=by.actor, at=now, why=why, policy=pack_in_force().version) as doing:
        origin = held(assessment, by=by)
        in_effect = Assessment.objects.filter(case=origin.case, state=AssessmentState.IN_EFFECT.value)
        others = (
            CaseVersion.objects.filter(case=origin.case, removed_at=None, version__device=origin.version.device_id)
            .exclude(version=origin.version_id)
            .exclude(version__in=in_effect.values("version"))
            .select_related("version__device__line")
        )
        waiting = {
            row.version_id: row
            for row in Assessment.objects.select_for_update(of=("self",))
            .filter(case=origin.case, state__in=OPEN_STATES)
            .select_related("case", "version__device__line")
        }
        made = []
        for other in others:
            known = waiting.get(other.version_id)
            if known is None:
                made.append(_begin(doing, by, origin.case, other.version, origin, now=now))
            elif known.state == AssessmentState.PROPOSED.value and known.origin_id == origin.pk:
                _bring_up(doing, known, origin, now=now)
                made.append(known)
        return made


def withdraw_assessment(*, by: Person, assessment: Assessment, why: str, now: datetime) -> Assessment:
    """
    Take back a revision before it takes effect; what stands stays.

    Raises NotFound, NotAllowed, NotPossible, NoReason.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        row = held(assessment, by=by)
        void_signatures(row, because="The revision was taken back.", doing=doing, now=now)
        before = assessment_snapshot(row)
        row.state, row.changed_at = become(AssessmentState(row.state), AssessmentState.WITHDRAWN).value, now
        row.save(update_fields=["state", "changed_at"])
        doing.note("assessment.withdrawn", subject=row, before=before, after=assessment_snapshot(row))
    return row


def carry_over(doing: Act, *, of: Case, to: Case, now: datetime) -> int:
    """
    Propose what was assessed in one case in another that goes on with it (a merge, a split); how many revisions.

    Only for versions the other has nothing for. Each takes effect when it is signed there. Call inside an act.
    """
    known = set(Assessment.objects.filter(case=to).values_list("version_id", flat=True))
    wanted = set(CaseVersion.objects.filter(case=to, removed_at=None).values_list("version_id", flat=True)) - known
    found: dict[int, Assessment] = {}
    rows = Assessment.objects.filter(case=of, version__in=wanted, state__in=[*OPEN_STATES, *STANDING_STATES])
    for row in rows.select_related("version__device__line", "drafted_by").order_by("revision"):
        found[row.version_id] = row
    for row in found.values():
        _begin(doing, row.drafted_by, to, row.version, row, now=now)
    return len(found)


def _begin(
    doing: Act, by: Person, case: Case, version: DeviceVersion, origin: Assessment | None, *, now: datetime
) -> Assessment:
    last = Assessment.objects.filter(case=case, version=version).aggregate(last=Max("revision"))["last"] or 0
    inherited = origin is not None and (origin.version_id, origin.case_id) != (version.pk, case.pk)
    row = Assessment.objects.create(
        case=case,
        version=version,
        revision=last + 1,
        state=(AssessmentState.PROPOSED if inherited else AssessmentState.DRAFT).value,
        origin=origin,
        content=written(Content()) if origin is None else origin.content,
        policy=pack_in_force().version,
        drafted_by=by,
        drafted_at=now,
        changed_at=now,
    )
    kind = "assessment.proposed" if inherited else "assessment.begun"
    doing.note(kind, subject=row, before=None, after=assessment_snapshot(row))
    return row


def _bring_up(doing: Act, row: Assessment, origin: Assessment, *, now: datetime) -> None:
    if row.content == origin.content:
        return
    void_signatures(
        row, because=f"{origin.version}, from which it was copied, says otherwise now.", doing=doing, now=now
    )
    before = assessment_snapshot(row)
    row.content, row.changed_at = origin.content, now
    row.save(update_fields=["content", "changed_at"])
    doing.note("assessment.proposed", subject=row, before=before, after=assessment_snapshot(row))
