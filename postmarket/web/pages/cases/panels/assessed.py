"""The assessments of a case, read once for every panel that speaks of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.assessment.queries.assessments import OfVersion, of_case
from postmarket.assessment.queries.case_page import Handled, SignedBy, incidents_handled, signatures_under
from postmarket.assessment.words import AssessmentState
from postmarket.policy.interface import Determination, HarmSeverity
from postmarket.scoring.interface import Exploitability

if TYPE_CHECKING:
    from postmarket.accounts.models import Person
    from postmarket.assessment.models import Assessment
    from postmarket.assessment.rules.content import Content
    from postmarket.cases.models import Case


@dataclass(frozen=True, slots=True)
class Assessed:
    """
    Every version with what is written and what stands for it, their signatures, and the incidents.

    `leading` is the version that speaks for the case: the worst that is signed, else what is furthest written.
    """

    versions: Sequence[OfVersion]
    signatures: Sequence[SignedBy]
    incidents: Sequence[Handled]
    leading: OfVersion | None

    @property
    def by_version(self) -> dict[int, OfVersion]:
        """Each by its device version's key."""
        return {one.version.pk: one for one in self.versions}


def assessed(case: Case, *, by: Person) -> Assessed:
    """In a number of queries that does not grow with versions or incidents."""
    versions = of_case(by=by, case=case)
    return Assessed(
        versions=versions,
        signatures=signatures_under([row for one in versions for row in rows_of(one)]),
        incidents=incidents_handled(by=by, case=case),
        leading=max(versions, key=_weight, default=None),
    )


def rows_of(one: OfVersion) -> list[Assessment]:
    """What is written and what stands for a version."""
    written = [] if one.written is None else [one.written.assessment]
    return [*written, *([] if one.standing is None else [one.standing])]


def content_of(one: OfVersion) -> Content | None:
    """What is signed, else what is written."""
    if one.standing is not None:
        return one.standing.says
    return None if one.written is None else one.written.content


def severity_of(one: OfVersion) -> tuple[HarmSeverity | None, bool]:
    """The severity of harm, and whether it is signed."""
    if one.standing is not None:
        return HarmSeverity[one.standing.severity.upper()] if one.standing.severity else None, True
    return None if one.written is None else one.written.outcome.severity, False


def exploitability_of(one: OfVersion) -> tuple[Exploitability | None, bool]:
    """How exploitable it is, and whether that is signed; what only stands on the worst case is no answer yet."""
    if one.standing is not None:
        return Exploitability[one.standing.exploitability.upper()] if one.standing.exploitability else None, True
    if one.written is None or not one.written.judged.known:
        return None, False
    return one.written.judged.level, False


def open_again(one: OfVersion) -> bool:
    """Whether a premise of what was signed for it has changed."""
    return one.standing is not None and one.standing.state == AssessmentState.REOPENED.value


def reasons(of: Assessed) -> list[str]:
    """Why what was signed is open again: each change once; nothing while all of it stands."""
    changed = [one.standing.reopened_because for one in of.versions if one.standing is not None and open_again(one)]
    return list(dict.fromkeys(reason for found in changed for reason in found))


def _weight(one: OfVersion) -> tuple[bool, bool, int, bool, int]:
    """Signed before written, uncontrolled first, then by harm, then by how far its pathway is drawn."""
    standing, content = one.standing, content_of(one)
    severity, _ = severity_of(one)
    return (
        standing is not None,
        standing is not None and standing.determination == Determination.UNCONTROLLED.value,
        0 if severity is None else int(severity),
        one.written is not None,
        0 if content is None else len(content.exploit_impact_pathway.steps),
    )
