"""The vocabulary of policy: authority, device criticality, clinical role, timeline, response, priority."""

from __future__ import annotations

from datetime import date, datetime
from enum import IntEnum, StrEnum

import msgspec


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


class Citation(msgspec.Struct, frozen=True, gc=False):
    """Where a rule stands and whose it is."""

    authority: Authority
    text: str
    flags: tuple[str, ...] = ()
    """Differences F01–F32 between the article and the primary sources that touch this rule."""


class Timeline(msgspec.Struct, frozen=True, gc=False):
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


class Response(msgspec.Struct, frozen=True, gc=False):
    """The article's response for one device type."""

    criticality: Criticality
    active: str
    suspected: str
    citation: Citation
    note: str = ""


class Ranking(msgspec.Struct, frozen=True, gc=False):
    """A priority and the rule that gave it, in one sentence a clinician can read."""

    priority: Priority
    rule: str
    reason: str
    citation: Citation
    order: tuple[int, ...]
    """Sorts rows of equal priority: smaller first."""


class HarmSeverity(IntEnum):
    """Severity of patient harm in the words of FDA's postmarket guidance (2016), VI; the data holds what each means."""

    NEGLIGIBLE = 1
    MINOR = 2
    SERIOUS = 3
    CRITICAL = 4
    CATASTROPHIC = 5


class Determination(StrEnum):
    """A cell of the risk matrix. `REVIEW` is never a final answer: two people resolve it to one of the others."""

    CONTROLLED = "C"
    REVIEW = "R"
    UNCONTROLLED = "U"


class MatrixCell(msgspec.Struct, frozen=True):
    """What the matrix says; `signatures` is how many people must resolve it (0 unless it is a review)."""

    determination: Determination
    signatures: int
    rule: str
    citation: Citation


class StartBasis(StrEnum):
    """What starts a clock. The values are stored; never rename one."""

    VULNERABILITY_LEARNED = "vulnerability learned"
    REPORT_RECEIVED = "report received"
    MDR_AWARE = "MDR aware"
    REMEDIAL_ACTION_NEED_AWARE = "remedial action need aware"
    FDA_WRITTEN_REQUEST = "FDA written request"
    CORRECTION_NECESSARY = "correction determined necessary"
    """The article's start for 21 CFR 806 (F01)."""
    CORRECTION_DECISION = "correction initiated: decision"
    CORRECTION_FIRST_NOTICE = "correction initiated: first notice"
    CORRECTION_FIRST_UNIT = "correction initiated: first unit"
    EXTENSION = "extension"
    NEW_INFORMATION = "new information received"
    RECALL_UNDER_WAY = "recall under way"
    RELEASE_CADENCE = "release cadence justified"
    CRITICAL_VULNERABILITY = "critical vulnerability known"
    EU_PUBLIC_HEALTH_THREAT = "EU aware: public health threat"
    EU_DEATH_OR_DETERIORATION = "EU aware: death or unanticipated serious deterioration"
    EU_OTHER_INCIDENT = "EU aware: other serious incident"
    EU_FSCA_NEED = "need for FSCA"
    CRA_EXPLOITED = "CRA aware: exploited vulnerability"
    CORRECTIVE_MEASURE_AVAILABLE = "corrective measure available"
    CVE_DISCLOSED = "CVE ID disclosed"
    CERT_CONTACT = "first contact by CERT/CC"
    UNCONTROLLED_SIGNED = "uncontrolled risk signed"
    BREACH_DISCOVERED = "breach discovered"


class ClockUnit(StrEnum):
    """What a clock counts. `POLICY` has no number: its words say when."""

    HOURS = "hours"
    CALENDAR_DAYS = "calendar days"
    WORKING_DAYS = "working days"
    POLICY = "policy"


class Applies(StrEnum):
    """To which cases a clock applies, once what starts it has happened."""

    ALWAYS = "always"
    UNLESS_CONTROLLED = "unless controlled"
    """From the start, and until two people have signed that the risk is controlled: unknown is never low."""


class Clock(msgspec.Struct, frozen=True):
    """
    The definition of one clock.

    `limit` and `target` count `unit`s from the start: day clocks from the day after it, hour clocks from the instant.
    Both are None for `POLICY`; `target` also where the rule gives one figure. `verified` is false when the pack's
    authors had the rule from knowledge only: have regulatory affairs verify it.

    With `each`, every start event has a clock of its own; else the earliest counts. A clock with a `band` applies to
    cases in that row of the timeline. Clocks of one `duty` are dates for the same act: the earlier one drives alerts.
    """

    id: str
    title: str
    unit: ClockUnit
    limit: int | None
    target: int | None
    starts_on: tuple[StartBasis, ...]
    starts_when: str
    stops_on: str
    words: str
    pausable: bool
    repeats: bool
    each: bool
    applies: Applies
    band: str
    duty: str
    verified: bool
    effective: date
    sources: tuple[str, ...]
    citation: Citation


class Due(msgspec.Struct, frozen=True):
    """
    When a clock runs out.

    `day` and `target_day` are legal dates at the site (`zone`), the last day on which the act is still in time.
    `until` is the same as an instant in UTC, exclusive: the next local midnight for a day clock, the exact moment for
    an hour clock. All three are None for a clock without a number; `words` then says when.
    """

    clock: Clock
    started_at: datetime
    zone: str
    day: date | None
    target_day: date | None
    until: datetime | None
    words: str
