"""
The vocabulary of the main job: a device version with its SBOM in, rows in order of patient risk out.

A row never stands without its reason; what could not be identified stands beside the rows, never behind them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from postmarket.matching.interface import DeviceProfile
from postmarket.policy.interface import ClinicalRole, Criticality

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from postmarket.documents.vex.interface import Statement
    from postmarket.errors import PostmarketError
    from postmarket.matching.interface import ComponentCoverage, Coverage, Evidence, Match, Vulnerability
    from postmarket.policy.interface import Ranking, Response, Timeline
    from postmarket.sbom.interface import Bom, Component
    from postmarket.scoring.interface import Chosen, ExploitabilityResult


class RoleRule(msgspec.Struct, frozen=True):
    """Components whose name or purl fits `pattern` (shell-style, case folded) play `role`, because of `why`."""

    pattern: str
    role: ClinicalRole
    why: str = ""


class DeviceVersion(msgspec.Struct, frozen=True):
    """A shipped version of a device and the SBOM that says what is in it."""

    device: str
    version: str
    bom: Bom
    source: str
    """The file the SBOM came from."""
    criticality: Criticality = Criticality.UNKNOWN
    criticality_note: str = ""
    roles: tuple[RoleRule, ...] = ()
    profile: DeviceProfile = msgspec.field(default_factory=DeviceProfile)
    released: str = ""
    units: int | None = None
    maker: str = ""
    """Who makes the device: the portfolio's manufacturer, else the supplier the SBOM gives its subject."""

    @property
    def label(self) -> str:
        """As people call it: `Corvid ventilator 3.2`."""
        return f"{self.device} {self.version}".strip()


class Lane(StrEnum):
    """Where a row is shown."""

    WORKLIST = "worklist"
    POSSIBLE = "possible"
    """Too vague to count: a person looks at it."""
    SUGGESTED_NOT_AFFECTED = "suggested not affected"
    """Something known contradicts it; a person confirms."""
    SUPPLIER_NOT_AFFECTED = "supplier says not affected"


class Row(msgspec.Struct, frozen=True, gc=False):
    """
    One component of one device version and one vulnerability, with everything that decides its place.

    `components` are all places in the SBOM that list this same component. A scan decides nothing: whatever the lane,
    the row is in triage until people sign.
    """

    device: DeviceVersion
    components: tuple[Component, ...]
    vulnerability: Vulnerability
    match: Match
    lane: Lane
    role: ClinicalRole
    role_why: str
    score: Chosen
    exploitability: ExploitabilityResult
    ranking: Ranking
    timeline: Timeline
    response: Response
    vex: tuple[Statement, ...] = ()

    @property
    def component(self) -> Component:
        """The first of the places that list it."""
        return self.components[0]


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Why a row matched, in words: the identifier, the range as the source puts it, the source, how sure."""

    evidence: Evidence
    source: str
    record: str
    range: str
    fixed: str = ""
    disputed: str = ""
    """Why the fixed version is not believed: a source that still calls it affected."""
    advice: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What is open or speaks against it."""

    @property
    def sentence(self) -> str:
        """As people read it."""
        item = self.evidence
        where = f"{item.version} in {self.range}" if self.range else item.version
        return f"{item.rung.label} {item.name}: {where} ({self.source.upper()}, {item.confidence.value} confidence)"


Explained = tuple[Row, "Sequence[Reason]"]
"""A row and why it matched."""


class DeviceReport(msgspec.Struct, frozen=True):
    """What a scan says of one device version besides its rows."""

    device: DeviceVersion
    coverage: tuple[tuple[Component, ComponentCoverage], ...]
    counts: Mapping[Coverage, int]

    @property
    def monitored(self) -> float | None:
        """The share of components that could be held against vulnerability data (0–1); None without components."""
        from postmarket.matching.interface import Coverage

        total = sum(self.counts.values())
        return (self.counts[Coverage.MATCHED] + self.counts[Coverage.MATCHED_NONE]) / total if total else None


class VexOutcome(StrEnum):
    """What became of one line of a supplier's VEX."""

    APPLIED = "applied"
    SKIPPED = "skipped"
    AMBIGUOUS = "ambiguous"


class VexLine(msgspec.Struct, frozen=True):
    """One statement of a supplier's VEX, what became of it, and why."""

    statement: Statement
    outcome: VexOutcome
    why: str


class Worklist(msgspec.Struct, frozen=True):
    """
    The answer of one scan; `rows` are in order of patient risk, every lane among them.

    `scanned_at` is when the scan ran, `aware` when the firm became aware, from which all dates run (both UTC), and
    `aware_basis` says where that comes from.
    """

    rows: tuple[Row, ...]
    devices: tuple[DeviceReport, ...]
    scanned_at: datetime
    aware: datetime
    aware_basis: str
    policy: str
    data_as_of: Mapping[str, str]
    """Source to the date of its newest word, RFC 3339 or `YYYY-MM-DD`."""
    refused: tuple[PostmarketError, ...] = ()
    vex: tuple[VexLine, ...] = ()
    never_loaded: tuple[str, ...] = ()
    """Sources of which nothing was ever loaded."""

    def lane(self, lane: Lane) -> tuple[Row, ...]:
        """The rows of one lane, in order."""
        return tuple(row for row in self.rows if row.lane is lane)
