"""The plain values of a worklist, the same for every machine-readable format; docs/cli.md says when they change."""

from __future__ import annotations

from datetime import datetime

import msgspec

FORMAT_VERSION = 1


class FlatCitation(msgspec.Struct):
    """Whose rule it is."""

    authority: str
    text: str
    flags: tuple[str, ...]


class FlatReason(msgspec.Struct):
    """Why the row matched."""

    rung: str
    identifier: str
    version: str
    scheme: str
    range: str
    source: str
    record: str
    confidence: str
    grade: str
    fixed: str
    notes: tuple[str, ...]


class FlatScore(msgspec.Struct):
    """The CVSS score the row is banded by; `value` is null when nothing scored it."""

    value: float | None
    severity: str
    version: str
    nomenclature: str
    vector: str
    by: str
    flag: str


class FlatComponent(msgspec.Struct):
    """A component as the SBOM lists it."""

    ref: str
    group: str
    name: str
    version: str
    supplier: str
    purl: str
    cpes: tuple[str, ...]
    component_class: str
    support_level: str
    end_of_support: str


class FlatVulnerability(msgspec.Struct):
    """What the loaded sources say; `epss` and `kev_added` are null when they say nothing."""

    id: str
    aliases: tuple[str, ...]
    sources: tuple[str, ...]
    kev_added: str | None
    kev_ransomware: bool
    epss: float | None
    epss_percentile: float | None
    epss_date: str
    ssvc_exploitation: str
    ssvc_automatable: str
    ssvc_technical_impact: str
    summary: str
    """One line of a source's own words, shortened (`…`); empty when none says anything."""
    summary_source: str
    weaknesses: tuple[str, ...]
    """CWE names: `CWE-416`."""
    link: str


class FlatTimeline(msgspec.Struct):
    """
    The article's dates (RFC 3339, UTC); null where it gives none.

    `mitigate_overdue_days` and `patch_overdue_days` are whole days since the hard limit passed, 0 within the first
    day, null when it has not passed at the time of the scan.
    """

    band: str
    clinical_risk: str
    words: str
    provisional: bool
    mitigate_target: datetime | None
    mitigate_by: datetime | None
    patch_target: datetime | None
    patch_limit: datetime | None
    mitigate_overdue_days: int | None
    patch_overdue_days: int | None
    citation: FlatCitation
    notes: tuple[str, ...]


class FlatRow(msgspec.Struct):
    """One row of the worklist; `device_index` is its device version's place in `devices`, from 0."""

    device_index: int
    device: str
    device_version: str
    criticality: str
    lane: str
    state: str
    """Always `in_triage`: a scan states no clinical VEX."""
    priority: int
    priority_name: str
    priority_rule: str
    priority_reason: str
    priority_citation: FlatCitation
    component: FlatComponent
    occurrences: int
    clinical_role: str
    clinical_role_why: str
    vulnerability: FlatVulnerability
    grade: str
    reasons: tuple[FlatReason, ...]
    score: FlatScore
    exploitability: str
    """`unknown` where no source says anything of it: the order of work then counts it as the policy says (medium)."""
    exploitability_known: bool
    exploitability_factors: tuple[str, ...]
    timeline: FlatTimeline
    response_active: str
    response_suspected: str
    response_citation: FlatCitation
    fixed: str
    next_step: str
    supplier_vex: tuple[str, ...]


class FlatCoverage(msgspec.Struct):
    """One component that is not a plain match, and why."""

    component: FlatComponent
    state: str
    why: str
    next_step: str
    suspects: tuple[str, ...]
    possible_without_version: int


class FlatDevice(msgspec.Struct):
    """A device version and how much of it could be held against vulnerability data."""

    device: str
    version: str
    criticality: str
    criticality_note: str
    sbom: str
    sbom_sha256: str
    sbom_format: str
    units: int | None
    components: int
    matched: int
    matched_none: int
    unmatched: int
    not_monitorable: int
    monitored_percent: float | None
    unseen: dict[str, int]
    """Why components are not monitored, in words, and how many for each reason."""
    coverage: tuple[FlatCoverage, ...]


class FlatWorklist(msgspec.Struct):
    """The whole answer of a scan."""

    format_version: int
    tool: str
    tool_version: str
    scanned_at: datetime
    aware: datetime
    aware_basis: str
    policy: str
    data_as_of: dict[str, str]
    never_loaded: tuple[str, ...]
    """Sources of which nothing was ever loaded: what only they know is not among the rows."""
    devices: tuple[FlatDevice, ...]
    rows: tuple[FlatRow, ...]
    refused: tuple[str, ...]
    vex: tuple[str, ...]
