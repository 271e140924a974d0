"""The vocabulary of policy: authority, device criticality, clinical role, timeline, response, priority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Authority(StrEnum):
    """Whose rule it is; shown wherever the rule is."""

    STATUTE = "statute"
    REGULATION = "regulation"
    GUIDANCE = "FDA guidance (non-binding)"
    STANDARD = "standard"
    ARTICLE = "article"
    FIRM = "firm"


class Criticality(StrEnum):
    """The article's four device types; `UNKNOWN` ranks as life-supporting and says so."""

    LIFE_SUSTAINING = "life-sustaining"
    LIFE_SUPPORTING = "life-supporting"
    DIAGNOSTIC = "diagnostic"
    ADMINISTRATIVE = "administrative"
    UNKNOWN = "unknown"


class ClinicalRole(StrEnum):
    """What a component does for the patient, as the firm's clinical lead says; unknown is never low."""

    THERAPY = "therapy"
    ALARM = "alarm"
    MONITORING = "monitoring"
    DIAGNOSIS = "diagnosis"
    WORKFLOW = "workflow"
    ADMINISTRATIVE = "administrative"
    UNKNOWN = "unknown"


class Priority(IntEnum):
    """Order of work, 1 first. The names are shown."""

    NOW = 1
    URGENT = 2
    SOON = 3
    PLANNED = 4
    WATCH = 5


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands and whose it is."""

    authority: Authority
    text: str
    flags: tuple[str, ...] = ()
    """Differences F01–F32 between the article and the primary sources that touch this rule."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """
    The article's dates for one finding, counted from `aware`; all UTC.

    `mitigate_by` and the patch dates are None where the article gives none ("Next scheduled release"); then `words`
    says what it gives. `provisional` is true when the row runs without a score, until a person bands it.
    """

    band: str
    clinical_risk: str
    words: str
    aware: datetime
    mitigate_target: datetime | None
    mitigate_by: datetime | None
    patch_target: datetime | None
    patch_limit: datetime | None
    provisional: bool
    citation: Citation
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """The article's response for one device type."""

    criticality: Criticality
    active: str
    suspected: str
    citation: Citation
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """A priority and the rule that gave it, in one sentence a clinician can read."""

    priority: Priority
    rule: str
    reason: str
    citation: Citation
    order: tuple[int, ...]
    """Sorts rows of equal priority: smaller first."""
