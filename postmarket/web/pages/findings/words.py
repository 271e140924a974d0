"""The words and colours of findings, the same on every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from postmarket.documents.vex.interface import Status
from postmarket.matching.interface import Grade
from postmarket.monitoring.words import FindingState
from postmarket.policy.interface import ClinicalRole, Criticality, Priority
from postmarket.web.components.tags import Meaning
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from postmarket.monitoring.models import VulnerabilityFacts
    from postmarket.monitoring.queries.findings import FindingRow

PATHS: Final = {
    ClinicalRole.THERAPY: " in the therapy path of ",
    ClinicalRole.ALARM: " on the alarm path of ",
    ClinicalRole.MONITORING: " in the patient monitoring of ",
    ClinicalRole.DIAGNOSIS: " in the diagnostic path of ",
    ClinicalRole.WORKFLOW: " in the clinical workflow of ",
    ClinicalRole.ADMINISTRATIVE: " in an administrative part of ",
    ClinicalRole.UNKNOWN: " in ",
}
ROLES: Final = {role: role.value.capitalize() for role in ClinicalRole}
PATIENT_ROLES: Final = frozenset({ClinicalRole.THERAPY, ClinicalRole.ALARM})
PRIORITIES: Final = {
    Priority.NOW: ("Cannot wait", Meaning.HARM),
    Priority.URGENT: ("Urgent", Meaning.SOON),
    Priority.SOON: ("Soon", Meaning.ACT),
    Priority.PLANNED: ("Planned", Meaning.PLAIN),
    Priority.WATCH: ("Watch", Meaning.PLAIN),
}
LANES: Final = {
    Lane.WORKLIST: "To judge",
    Lane.POSSIBLE: "Possible",
    Lane.SUGGESTED_NOT_AFFECTED: "Suggested not affected",
    Lane.SUPPLIER_NOT_AFFECTED: "Supplier says not affected",
}
GRADES: Final = {
    Grade.CONFIRMED: "identifier and version fit",
    Grade.UNVERIFIED: "fits, a condition is not verified",
    Grade.POSSIBLE: "only possible: a person looks",
    Grade.CONTRADICTED: "something known contradicts it",
}
STATES: Final = {
    FindingState.OPEN: "Open",
    FindingState.PROPOSED: "To be signed",
    FindingState.DECIDED: "Decided",
    FindingState.REOPENED: "Re-opened",
}
ANSWERS: Final = {
    Status.AFFECTED: (Meaning.SOON, "affected"),
    Status.NOT_AFFECTED: (Meaning.SAFE, "not affected"),
    Status.FIXED: (Meaning.SAFE, "fixed"),
    Status.UNDER_INVESTIGATION: (Meaning.PLAIN, "under investigation"),
}
CRITICALITIES: Final = {one.value: one.value.capitalize() for one in Criticality}


@dataclass(frozen=True, slots=True)
class Tag:
    """A word on its colour; `title` says more on hover."""

    meaning: Meaning
    text: str
    title: str = ""


def state_words(row: FindingRow) -> str:
    """ "Decided: not affected", "To be signed: fixed", "Open, possible", "Supplier says not affected"."""
    words, answered = STATES[row.state], _answered(row)
    if answered is not None:
        return f"{words}: {ANSWERS[answered][1]}"
    if row.lane is Lane.SUPPLIER_NOT_AFFECTED:
        return LANES[row.lane]
    return words if row.lane is Lane.WORKLIST else f"{words}, {LANES[row.lane][:1].lower()}{LANES[row.lane][1:]}"


def state_meaning(row: FindingRow) -> Meaning:
    """The colour of what was decided; what waits for a person asks for one."""
    answered = _answered(row)
    if row.state is FindingState.DECIDED and answered is not None:
        return ANSWERS[answered][0]
    if row.state is FindingState.REOPENED:
        return Meaning.SOON
    return Meaning.ACT if row.state is FindingState.PROPOSED else Meaning.PLAIN


def _answered(row: FindingRow) -> Status | None:
    stands = row.proposed if row.state is FindingState.PROPOSED else row.standing_decision
    return Status(stands.decision.status) if stands is not None else None


def tags(row: FindingRow) -> tuple[Tag, ...]:
    """Exploitation and clinical role first, the score last and without colour."""
    found = list(facts_tags(row.facts))
    if row.role in PATIENT_ROLES:
        found.insert(1 if row.facts.kev_added else 0, Tag(Meaning.SOON, ROLES[row.role], row.listing.role_why))
    elif row.role is ClinicalRole.UNKNOWN:
        found.append(Tag(Meaning.UNKNOWN, "Role not stated"))
    if row.lane is not Lane.WORKLIST:
        found.append(Tag(Meaning.PLAIN, LANES[row.lane]))
    elif row.grade is Grade.UNVERIFIED:
        found.append(Tag(Meaning.UNKNOWN, "Condition open", "It fits; a condition of the match is not verified."))
    if not row.version.is_shipped:
        found.append(Tag(Meaning.PLAIN, "In development"))
    return tuple(found)


def facts_tags(facts: VulnerabilityFacts) -> tuple[Tag, ...]:
    """What is known of the vulnerability alone."""
    found = []
    if facts.kev_added:
        ransomware = " Known to be used by ransomware." if facts.kev_ransomware else ""
        found.append(Tag(Meaning.HARM, "KEV", f"CISA lists it as exploited since {facts.kev_added}.{ransomware}"))
    if facts.rejected:
        found.append(Tag(Meaning.PLAIN, "Withdrawn", "Every source that knows it has withdrawn it."))
    found.append(score_tag(facts))
    return tuple(found)


def score_tag(facts: VulnerabilityFacts) -> Tag:
    """The score, without colour: it informs, patients lead. None is unknown, never low."""
    if facts.score is None:
        return Tag(Meaning.UNKNOWN, "No score", facts.score_flag)
    return Tag(Meaning.PLAIN, f"CVSS {facts.score:.1f}", f"{facts.score_label}. {facts.score_flag}".strip())
