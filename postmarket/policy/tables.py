"""
The shape of each file of a pack, as it stands in TOML. A field that is not here is refused, not ignored.

Every table opens with a head: whose rule it is, where it stands, since when, which version of the table.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from postmarket.policy.interface import Applies, Authority, Citation, ClinicalRole, ClockUnit, Criticality, StartBasis

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Flags = tuple[Annotated[str, msgspec.Meta(pattern="^F(0[1-9]|[12][0-9]|3[0-2])$")], ...]
Level = Literal["high", "medium", "low"]
StakeName = Literal["remote", "limited", "serious", "vital"]
PriorityName = Literal["NOW", "URGENT", "SOON", "PLANNED", "WATCH"]
HarmName = Literal["negligible", "minor", "serious", "critical", "catastrophic"]
Cell = Literal["C", "R", "U"]
Weight = Annotated[int, msgspec.Meta(ge=1, le=4)]
Count = Annotated[int, msgspec.Meta(ge=1, le=3650)]


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anything in a pack file. `frozen` and `kw_only` stand on each class because mypy does not inherit them."""


class Head(Row, frozen=True, kw_only=True):
    """What every table of a pack says of itself."""

    authority: Authority
    citation: Text
    effective: date
    version: Text
    flags: Flags = ()

    def cited(self) -> Citation:
        """The table's citation."""
        return Citation(self.authority, self.citation, self.flags)


class PackHead(Row, frozen=True, kw_only=True):
    """`pack.toml`: which pack this is."""

    name: Text
    version: Text
    effective: date
    title: Text


class TimelineRow(Row, frozen=True, kw_only=True):
    """One row of the article's CVSS table; `highest` is the upper end of its scores, inclusive."""

    id: Text
    band: Text
    score: Text
    highest: Annotated[float, msgspec.Meta(ge=0, le=10)]
    clinical_risk: Text
    words: Text
    mitigate_hours: tuple[Count, Count] | None = None
    patch_days: tuple[Count, Count] | None = None
    authority: Authority | None = None
    citation: Text | None = None


class TimelineTable(Head, frozen=True, kw_only=True):
    """The rows, most urgent first; `without_score` names the band that runs provisionally."""

    without_score: Text
    row: tuple[TimelineRow, ...]


class ResponseRow(Row, frozen=True, kw_only=True):
    """The article's words for one device type."""

    id: Text
    criticality: Criticality
    device_type: Text
    active: Text
    suspected: Text


class ResponseTable(Head, frozen=True, kw_only=True):
    """The device types; `unknown_as` is what a device of unknown type is treated as."""

    unknown_as: Criticality
    row: tuple[ResponseRow, ...]


class PriorityRule(Row, frozen=True, kw_only=True):
    """One cell of stake × exploitability."""

    id: Text
    stake: StakeName
    exploitability: Level
    priority: PriorityName


class PriorityTable(Head, frozen=True, kw_only=True):
    """The order of work; the comments of the file say how its parts combine."""

    unknown_criticality_as: Criticality
    unknown_exploitability_as: Level
    kev_exploitability_at_least: Level
    kev_at_least: PriorityName
    kev_rule: Text
    role_weight: dict[ClinicalRole, Weight]
    most_clinical_role: dict[Criticality, ClinicalRole]
    stake: dict[Criticality, tuple[StakeName, StakeName, StakeName, StakeName]]
    maturity_at_least: dict[str, Level]
    rule: tuple[PriorityRule, ...]
    role_words: dict[ClinicalRole, Text]
    device_words: dict[Criticality, Text]
    exploitation_words: dict[str, Text]


class ThresholdsTable(Head, frozen=True, kw_only=True):
    """Limits a firm sets: probabilities of EPSS, 0–1."""

    epss_medium: Annotated[float, msgspec.Meta(gt=0, le=1)]
    epss_high: Annotated[float, msgspec.Meta(gt=0, le=1)] | None = None


class ClockRow(Row, frozen=True, kw_only=True):
    """One clock; a field left out is the table's."""

    id: Text
    title: Text
    unit: ClockUnit
    starts_on: Annotated[tuple[StartBasis, ...], msgspec.Meta(min_length=1)]
    starts_when: Text
    stops_on: Text
    words: Text
    target: Count | None = None
    limit: Count | None = None
    repeats: bool = False
    each: bool = False
    applies: Applies = Applies.ALWAYS
    band: Annotated[str, msgspec.Meta(max_length=40)] = ""
    duty: Annotated[str, msgspec.Meta(max_length=40)] = ""
    """Empty: its id, for an act no other clock dates."""
    pausable: bool = False
    verified: bool = True
    sources: tuple[Text, ...] = ()
    authority: Authority | None = None
    citation: Text | None = None
    effective: date | None = None
    flags: Flags | None = None


class ClocksTable(Head, frozen=True, kw_only=True):
    """The clocks of one pack."""

    clock: tuple[ClockRow, ...]


class Flag(Row, frozen=True, kw_only=True):
    """
    One difference between the article (`seed`) and the primary sources, and what `software` should do.

    `sources` are keys of the pack's sources; `partly_unverified` when some of it was known, not read.
    """

    id: Text
    seed: Text
    primary: Text
    software: Text
    sources: tuple[Text, ...] = ()
    partly_unverified: bool = False


class FlagsTable(Head, frozen=True, kw_only=True):
    """Every difference."""

    flag: tuple[Flag, ...]


class SourceRow(Row, frozen=True, kw_only=True):
    """What a source key stands for, and how much of it was read."""

    key: Text
    title: Text
    read: Text


class SourcesTable(Head, frozen=True, kw_only=True):
    """The keys flags and clocks use."""

    source: tuple[SourceRow, ...]


class Cite(Row, frozen=True, kw_only=True):
    """An outdated citation, where its duty stands now, and what it is about."""

    old: Text
    now: Text
    use: Text
    verified: bool = True


class CitesTable(Head, frozen=True, kw_only=True):
    """Old Quality System Regulation citations under the QMSR (F12)."""

    cite: tuple[Cite, ...]


class SeverityRow(Row, frozen=True, kw_only=True):
    """A harm severity in FDA's words."""

    name: HarmName
    description: Text


class MatrixTable(Head, frozen=True, kw_only=True):
    """Exploitability × harm severity; the cells are in the order of the severities."""

    review_signatures: Annotated[int, msgspec.Meta(ge=2)]
    severity: tuple[SeverityRow, SeverityRow, SeverityRow, SeverityRow, SeverityRow]
    cells: dict[Level, tuple[Cell, Cell, Cell, Cell, Cell]]


class MitigationCategory(Row, frozen=True, kw_only=True):
    """One of the article's mitigation categories."""

    id: Literal["A", "B", "C", "D"]
    text: Text
    flags: Flags = ()


class MitigationTable(Head, frozen=True, kw_only=True):
    """The article's mitigation categories."""

    category: tuple[MitigationCategory, ...]


class MitigationCheck(Row, frozen=True, kw_only=True):
    """What the primary sources ask of one of the article's categories."""

    category: Literal["A", "B", "C", "D"]
    default: Text
    run: Text


class MitigationChecksTable(Head, frozen=True, kw_only=True):
    """The checks, one per category."""

    check: tuple[MitigationCheck, ...]


class DocumentationRow(Row, frozen=True, kw_only=True):
    """One of the article's documentation categories; `reference` is as the article cites it."""

    category: Text
    records: Text
    reference: Text


class DocumentationTable(Head, frozen=True, kw_only=True):
    """The article's documentation categories."""

    row: tuple[DocumentationRow, ...]


class RemediationPhase(Row, frozen=True, kw_only=True):
    """One of the article's remediation phases; `context` is as the article cites it."""

    phase: Text
    activities: Text
    context: Text


class RemediationTable(Head, frozen=True, kw_only=True):
    """The article's remediation phases, in order."""

    row: tuple[RemediationPhase, ...]


class CvdTable(Head, frozen=True, kw_only=True):
    """The article's two lists of what a CVD policy holds at least."""

    minimum: tuple[Text, ...]
    organization: tuple[Text, ...]


class SbomTable(Head, frozen=True, kw_only=True):
    """What the article asks of an SBOM: formats, the seven elements, and what comes with them."""

    formats: tuple[Text, ...]
    elements: tuple[Text, ...]
    additional: tuple[Text, ...]


class Signed(Row, frozen=True, kw_only=True):
    """Who put the firm's name to a row, when and why. Without all three the row is refused."""

    signed_by: Text
    signed_on: date
    reason: Text


class DeviceTypeRow(Signed, frozen=True, kw_only=True):
    """A device type of the firm and the article's type it ranks as."""

    name: Text
    ranks_as: Literal["life-sustaining", "life-supporting", "diagnostic", "administrative"]


class RoleWeightRow(Signed, frozen=True, kw_only=True):
    """A heavier weight for a clinical role."""

    role: Literal["therapy", "alarm", "monitoring", "diagnosis", "workflow", "administrative"]
    weight: Weight


class ThresholdRow(Signed, frozen=True, kw_only=True):
    """Another value for one of the thresholds."""

    name: Literal["epss_medium", "epss_high"]
    value: Annotated[float, msgspec.Meta(gt=0, le=1)]


class ClockLimitRow(Signed, frozen=True, kw_only=True):
    """The firm's own figure for a clock that is the firm's to set; its unit stays."""

    id: Text
    limit: Annotated[int, msgspec.Meta(ge=1)]
    citation: Text
    """Where the firm says so: its published CVD policy, a procedure."""


class OverlayFile(Row, frozen=True, kw_only=True):
    """A firm's own file over the packs."""

    name: Text
    version: Text
    effective: date
    device_type: tuple[DeviceTypeRow, ...] = ()
    clinical_role: tuple[RoleWeightRow, ...] = ()
    threshold: tuple[ThresholdRow, ...] = ()
    clock: tuple[ClockLimitRow, ...] = ()
