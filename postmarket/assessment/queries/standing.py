"""What both leads have signed of cases, and which versions still wait for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef

from postmarket.assessment.models import Assessment
from postmarket.assessment.models.assessment import STANDING_STATES
from postmarket.assessment.queries.scope import STILL_IN_CASE
from postmarket.assessment.rules.exploitability import own_score
from postmarket.assessment.words import AssessmentState
from postmarket.cases.hooks import Judged
from postmarket.cases.models import Case, CaseVersion
from postmarket.cases.words import CaseState
from postmarket.documents.vex.interface import Status
from postmarket.monitoring.models import Finding
from postmarket.policy.interface import Determination

UNAFFECTED = [Status.NOT_AFFECTED.value, Status.FIXED.value]


def judged_cases(case_ids: Collection[int]) -> Mapping[int, Judged]:
    """
    What is signed of each case, over all its device versions; a fixed number of queries.

    Uncontrolled as soon as it is signed for one version, also while that one is re-opened: a doubt does not take it
    back. Controlled only when it is in effect for every version that no signed decision says is unaffected.
    """
    rows: dict[int, list[Assessment]] = defaultdict(list)
    found = Assessment.objects.filter(STILL_IN_CASE, case__in=case_ids, state__in=STANDING_STATES)
    for row in found.order_by("effective_at", "pk"):
        rows[row.case_id].append(row)
    waiting = {pk for pk, _ in _waiting(list(rows))}
    return {pk: _judged(of_case, whole=pk not in waiting) for pk, of_case in rows.items()}


def judged_versions(case_ids: Collection[int]) -> Mapping[tuple[int, int], Determination]:
    """
    What is signed of each device version in these cases; one query.

    Controlled only while it is in effect; uncontrolled also while it is re-opened.
    """
    found = Assessment.objects.filter(STILL_IN_CASE, case__in=case_ids, state__in=STANDING_STATES)
    rows = found.values_list("case_id", "version_id", "state", "determination")
    return {
        (case, version): Determination(said)
        for case, version, state, said in rows
        if state == AssessmentState.IN_EFFECT.value or said == Determination.UNCONTROLLED.value
    }


def waiting_versions(case: Case) -> frozenset[int]:
    """Keys of its versions for which nothing is in effect, and which no signed decision says are unaffected."""
    return frozenset(version for _, version in _waiting([case.pk]))


def names_followed() -> Collection[str]:
    """The vulnerabilities of cases, also closed ones, as written and as sources write CVE ids."""
    names = set(
        Case.objects.exclude(state=CaseState.MERGED.value)
        .exclude(vulnerability="")
        .values_list("vulnerability", flat=True)
    )
    return names | {name.upper() for name in names}


def _waiting(case_ids: Collection[int]) -> Sequence[tuple[int, int]]:
    in_effect = Assessment.objects.filter(
        case=OuterRef("case"), version=OuterRef("version"), state=AssessmentState.IN_EFFECT.value
    )
    unaffected = Finding.objects.filter(
        version=OuterRef("version"), lead=OuterRef("case__lead"), status__in=UNAFFECTED, reopened_because=[]
    )
    rows = CaseVersion.objects.filter(~Exists(in_effect), ~Exists(unaffected), case__in=case_ids, removed_at=None)
    return list(rows.values_list("case_id", "version_id"))


def _judged(rows: Sequence[Assessment], *, whole: bool) -> Judged:
    """`rows` in the order in which they took effect."""
    score, doubted = (_score(rows, state) for state in (AssessmentState.IN_EFFECT, AssessmentState.REOPENED))
    uncontrolled = [row for row in rows if row.determination == Determination.UNCONTROLLED.value]
    if uncontrolled:
        return Judged(Determination.UNCONTROLLED, _since(uncontrolled), score, doubted=doubted)
    if whole and all(row.state == AssessmentState.IN_EFFECT.value for row in rows):
        return Judged(Determination.CONTROLLED, _since(rows[-1:]), score)
    return Judged(None, None, score, doubted=doubted)


def _since(rows: Sequence[Assessment]) -> datetime | None:
    return rows[0].effective_at


def _score(rows: Sequence[Assessment], state: AssessmentState) -> float | None:
    """The highest of our own scores in that state; None where nobody scored a device."""
    scores = [own_score(row.says.scoring) for row in rows if row.state == state.value]
    return max((score for score in scores if score is not None), default=None)
