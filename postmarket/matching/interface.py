"""
The vocabulary of matching: what a component could be called, what hit it, and how sure that is.

A match always says why: the rung of the identifier, the range in the source's words, the source, the confidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.interface import NameKind

if TYPE_CHECKING:
    from postmarket.sbom.interface import Component
    from postmarket.sources.interface import EpssScore, KevEntry, Rating, Source, Ssvc
    from postmarket.versions.interface import Scheme


class Rung(IntEnum):
    """By which identifier a component was found, surest first."""

    PURL = 1
    CPE = 2
    ALIAS = 3
    """Through the alias table: a reviewed tie between names."""
    NAME = 4
    """By supplier and name in words."""

    @property
    def label(self) -> str:
        """As people read it."""
        return {1: "purl", 2: "CPE", 3: "alias table", 4: "supplier and name"}[self.value]


class Confidence(StrEnum):
    """How far a person may rely on the identification."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Grade(IntEnum):
    """How sure a match is, surest first. Only `CONFIRMED` and `UNVERIFIED` are rows of the worklist."""

    CONFIRMED = 1
    UNVERIFIED = 2
    """In range, but a condition is open: a platform the SBOM does not state, an edition, a distribution's backport."""
    POSSIBLE = 3
    """The source or the SBOM is too vague; shown apart, for a person to look at."""
    CONTRADICTED = 4
    """In range, but something known speaks against it: suggested as not affected, never dropped."""


class Coverage(StrEnum):
    """What can be said of one component; "no vulnerabilities" is only ever `MATCHED_NONE`."""

    MATCHED = "matched"
    MATCHED_NONE = "matched-none"
    UNMATCHED = "unmatched"
    """It could not be identified, or has no version that can be ordered."""
    NOT_MONITORABLE = "not monitorable"
    """No loaded source covers it."""


class Name(msgspec.Struct, frozen=True, gc=False):
    """
    One name to look a component up under, and the version to hold against that name's ranges.

    `exact` names speak only to criteria of exactly this version: an inventory's `9.8:p1` is an `9.8`, but it is not
    below `9.8p1`.
    """

    rung: Rung
    kind: NameKind
    name: str
    version: str
    confidence: Confidence
    exact: bool = False


class Identity(msgspec.Struct, frozen=True, gc=False):
    """
    All that a component can be looked up by; components of many SBOMs with equal identities are matched once.

    `attributes` are the CPE attributes the component states (`update:edition:…:other`), or inferred from its purl
    type; "" when nothing is known. `distribution` is "deb", "rpm" or "apk" for a package of a distribution.
    `word` is the folded component name, for suspicions.
    """

    names: tuple[Name, ...]
    attributes: str = ""
    distribution: str = ""
    ecosystem: str = ""
    word: str = ""


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """One reason why a component matches; `record_id` and `position` find the source's own words in the store."""

    rung: Rung
    confidence: Confidence
    name: str
    version: str
    scheme: Scheme
    record_id: int
    position: int
    grade: Grade
    notes: tuple[str, ...] = ()
    needs: tuple[int, ...] = ()
    """Positions of criteria in the same record that the device would also have to fulfil, and does not state."""


class Match(msgspec.Struct, frozen=True, gc=False):
    """A component of a device version and a vulnerability; the surest evidence comes first."""

    component: int
    """Position of the component in `DeviceMatches.components`."""
    vulnerability: int
    """Id of the alias group in the store."""
    grade: Grade
    evidence: tuple[Evidence, ...]


class ComponentCoverage(msgspec.Struct, frozen=True, gc=False):
    """What can be said of one component, why, and what it might be instead."""

    state: Coverage
    why: str
    next_step: str = ""
    suspects: tuple[str, ...] = ()
    possible_without_version: int = 0
    """Vulnerabilities known of the product when the component's version cannot be ordered."""


@dataclass(frozen=True, slots=True)
class DeviceMatches:
    """All that matching says of one device version; `components` and `coverage` run side by side."""

    components: tuple[Component, ...]
    coverage: tuple[ComponentCoverage, ...]
    matches: tuple[Match, ...]


class Vulnerability(msgspec.Struct, frozen=True, gc=False):
    """A vulnerability under its group's name, with what the loaded sources say of it."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    ratings: tuple[Rating, ...] = ()
    ssvc: Ssvc | None = None
    kev: KevEntry | None = None
    epss: EpssScore | None = None
    rejected: bool = False
    """Every source that knows it has rejected or withdrawn it."""


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """
    What the firm knows of the device beyond its SBOM: grounds for "not affected" suggestions, never for silence.

    `operating_systems` are CPE 2.3 names and, when given, complete: a platform that is none of them contradicts.
    `features` maps a feature's name to whether it is enabled.
    """

    architecture: str = ""
    operating_systems: tuple[str, ...] = ()
    features: Mapping[str, bool] = field(default_factory=dict)
