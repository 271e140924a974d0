"""Assessments held against what is so now: re-opened where a premise changed, and saying which, old and new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet

from postmarket.assessment.actor import ASSESSMENT
from postmarket.assessment.models import Assessment, LeadSignature
from postmarket.assessment.models.assessment import OPEN_STATES, STANDING_STATES
from postmarket.assessment.queries.grounds import grounds_of_assessments
from postmarket.assessment.rules.premises import Grounds, changes
from postmarket.assessment.rules.states import become
from postmarket.assessment.services.voiding import void_signature
from postmarket.assessment.snapshots import assessment_snapshot
from postmarket.assessment.words import AssessmentState
from postmarket.cases.models import Case
from postmarket.cases.services.clocks import count_clocks
from postmarket.cases.services.steps import reopen_by_itself
from postmarket.cases.words import CaseState
from postmarket.inventory.models import Device
from postmarket.monitoring.policy import pack_in_force
from postmarket.records import Act, Subject, act
from postmarket.records.evidence import keep, put_away

RUN = Subject("assessment-run", "premises")
WHY = "What assessments rest on was compared with what is so now."
CHUNK = 500
REOPENED = "re-opened"
ALIVE = [*OPEN_STATES, *STANDING_STATES]

Change = tuple[str, str, str, tuple[str, ...]]
"""What became of it, its key, whose it is in words, and because of what."""


def mark_due(*, leads: Sequence[int] = (), version: int | None = None, every: bool = False) -> None:
    """Have assessments compared with the next run: of cases on these groups, of this version, or all."""
    rows = Assessment.objects.filter(state__in=ALIVE)
    if not every:
        rows = rows.filter(Q(case__lead__in=leads) | Q(version=version))
    rows.update(due=True)


def reconsider_due(*, now: datetime) -> int:
    """Compare what is due; how many changed. One transaction, recorded once for the run, with the list of changes."""
    found: list[Change] = []
    with act(actor=ASSESSMENT, at=now, why=WHY, policy=pack_in_force().version) as doing:
        waiting = list(Assessment.objects.filter(due=True, state__in=ALIVE).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(waiting), CHUNK):
            found += _compare(Q(pk__in=waiting[start : start + CHUNK]), doing, now=now, each=False)
        Assessment.objects.filter(due=True).update(due=False)
        if found:
            kept = put_away(msgspec.json.encode(found))
            keep(doing, kept, media_type="application/json", source="What a run of monitoring changed of assessments")
            counts = {what: sum(one[0] == what for one in found) for what in sorted({one[0] for one in found})}
            doing.note_run("assessments.reconsidered", subject=RUN, counts=counts, changes_sha256=kept.sha256)
    return len(found)


def reconsider_case(case: Case, *, now: datetime) -> int:
    """Compare the assessments of one case: something in it changed. Joins the act it stands in; how many changed."""
    with act(actor=ASSESSMENT, at=now, why=WHY, policy=pack_in_force().version) as doing:
        return len(_compare(Q(case=case), doing, now=now, each=True))


def reconsider_device(device: Device, *, now: datetime) -> int:
    """Compare the assessments of a device: a control of it changed. Joins the act it stands in; how many changed."""
    with act(actor=ASSESSMENT, at=now, why=WHY, policy=pack_in_force().version) as doing:
        return len(_compare(Q(version__device=device), doing, now=now, each=True))


def _compare(wanted: Q, doing: Act, *, now: datetime, each: bool) -> list[Change]:
    """With `each`, every change leaves its record; else the run leaves one for all."""
    alive = Assessment.objects.filter(wanted, state__in=ALIVE).exclude(case__state=CaseState.MERGED.value)
    cases = {case.pk: case for case in _locked(alive)}
    rows = list(
        alive.filter(case__in=cases)
        .select_for_update(of=("self",))
        .select_related("case", "version__device")
        .order_by("pk")
    )
    grounds = grounds_of_assessments(rows, policy=pack_in_force().version)
    found: list[Change] = []
    for row in rows:
        if row.is_open:
            found += _open(row, grounds[row.pk], doing, now=now)
        else:
            found += _standing(row, grounds[row.pk], doing if each else None, now=now)
    touched = {one[1] for one in found}
    changed = {row.case_id for row in rows if str(row.pk) in touched}
    keys = {pk: {str(row.pk) for row in rows if row.case_id == pk} for pk in changed}
    for pk in sorted(changed):
        count_clocks(doing, cases[pk], now=now)
        _open_again(cases[pk], [one for one in found if one[0] == REOPENED and one[1] in keys[pk]], now=now)
    return found


def _open_again(case: Case, found: Sequence[Change], *, now: datetime) -> None:
    """A closed case whose assessment no longer stands is worked on again."""
    if found and case.state == CaseState.CLOSED.value:
        because = " ".join(dict.fromkeys(sentence for one in found for sentence in one[3]))
        reopen_by_itself(case=case, because=because, now=now, actor=ASSESSMENT)


def _locked(alive: QuerySet[Assessment]) -> Sequence[Case]:
    """The cases first, in order: as everybody who writes an assessment does."""
    return list(Case.objects.select_for_update().filter(pk__in=alive.values("case")).order_by("pk"))


def _standing(row: Assessment, grounds: Grounds, doing: Act | None, *, now: datetime) -> Sequence[Change]:
    because = changes(row.signed_grounds, grounds)
    if not because or list(because) == row.reopened_because:
        return ()
    before = assessment_snapshot(row)
    if row.state == AssessmentState.IN_EFFECT.value:
        row.state, row.reopened_at = become(AssessmentState.IN_EFFECT, AssessmentState.REOPENED).value, now
    row.reopened_because = list(because)
    row.save(update_fields=["state", "reopened_at", "reopened_because"])
    if doing is not None:
        doing.note("assessment.re-opened", subject=row, before=before, after=assessment_snapshot(row))
    return ((REOPENED, str(row.pk), str(row), because),)


def _open(row: Assessment, grounds: Grounds, doing: Act, *, now: datetime) -> Sequence[Change]:
    """What one lead has signed while the other has not: it no longer stands on what that lead saw."""
    found = []
    for signature in LeadSignature.objects.select_for_update().filter(assessment=row, voided_at=None):
        because = changes(msgspec.convert(signature.grounds, Grounds), grounds)
        if because:
            void_signature(signature, because=" ".join(because), doing=doing, now=now)
            found.append(("signature voided", str(row.pk), str(row), because))
    return found
