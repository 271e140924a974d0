"""The vocabulary of scores: a CVSS score with its nomenclature, and exploitability with every factor visible."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar

import msgspec

from postmarket.sources.interface import Rating


class Severity(StrEnum):
    """CVSS qualitative severity; `UNKNOWN` means no score at all, and is never treated as low."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


class Score(msgspec.Struct, frozen=True, gc=False):
    """
    A computed CVSS score.

    `nomenclature` is CVSS-B, CVSS-BT, CVSS-BE or CVSS-BTE for version 4.0 (its specification §1.3), and Base,
    Temporal or Environmental before; `severity` by the bands of its version.
    """

    version: str
    vector: str
    value: float
    severity: Severity
    nomenclature: str
    by: str = ""

    @property
    def label(self) -> str:
        """As people read it: `9.3 CVSS-BT (4.0)`."""
        return f"{self.value:.1f} {self.nomenclature} ({self.version})"


class ParsedVector(msgspec.Struct, frozen=True):
    """
    A CVSS vector taken apart, not scored.

    `vector` is it in its specification's order, without metrics that are not defined (X, ND); `metrics` the same as a
    mapping. `threat` and `environmental` say whether any metric of that group is given (threat is called temporal
    before version 4.0).
    """

    version: str
    vector: str
    metrics: Mapping[str, str]
    threat: bool
    environmental: bool


class Chosen(msgspec.Struct, frozen=True, gc=False):
    """
    The rating that a vulnerability's severity band stands on.

    `rating` and `score` are None, and `severity` UNKNOWN, when no rating gives a usable number. `why` says how it was
    chosen; `flag` is one sentence for the person when it is not a CVSS-BTE, empty when it is. `substitute` is true
    when it is not of version 4.0. `others` holds every other rating, in the order given; `unusable` a sentence for
    each rating that gives neither a readable vector nor a number.
    """

    rating: Rating | None
    score: Score | None
    severity: Severity
    why: str
    flag: str
    substitute: bool
    others: tuple[Rating, ...]
    unusable: tuple[str, ...]


class Exploitability(IntEnum):
    """The exploitability axis of the risk matrix (FDA postmarket guidance 2016, VI)."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class ExploitMaturity(StrEnum):
    """What is known of exploits, whatever source says so."""

    UNKNOWN = "unknown"
    NONE = "none"
    PROOF_OF_CONCEPT = "proof-of-concept"
    ACTIVE = "active"


class Factor(msgspec.Struct, frozen=True, gc=False):
    """One ground of an exploitability: what it is, what it says, the level it argues for."""

    name: str
    says: str
    level: Exploitability


class ExploitabilityInputs(msgspec.Struct, frozen=True, gc=False):
    """What is known of one vulnerability; None and empty are unknown."""

    vector: str = ""
    """CVSS vector the attack vector and complexity are read from, any version."""
    kev: bool = False
    ssvc_exploitation: str = ""
    ssvc_automatable: str = ""
    epss: float | None = None
    maturity: ExploitMaturity = ExploitMaturity.UNKNOWN


class ExploitabilityThresholds(msgspec.Struct, frozen=True):
    """Firm-set limits; they come from the policy pack."""

    epss_medium: float
    epss_high: float | None = None


class ExploitabilityResult(msgspec.Struct, frozen=True, gc=False):
    """
    The level and every factor that was looked at, strongest first.

    `known` is false when the level rests on no source's words but on the worst case that stands in for them.
    """

    level: Exploitability
    factors: tuple[Factor, ...]
    known: bool


class CisaLevel(StrEnum):
    """Outcomes of CISA's SSVC coordinator tree, from least to most urgent."""

    TRACK = "track"
    TRACK_STAR = "track*"
    ATTEND = "attend"
    ACT = "act"


class SupplierPriority(StrEnum):
    """Outcomes of the SSVC supplier tree (patch development priority), from least to most urgent."""

    DEFER = "defer"
    SCHEDULED = "scheduled"
    OUT_OF_CYCLE = "out-of-cycle"
    IMMEDIATE = "immediate"


Outcome = TypeVar("Outcome", CisaLevel, SupplierPriority)


class Decision(msgspec.Struct, Generic[Outcome], frozen=True):
    """
    What an SSVC tree decides from the points that are known.

    `possible` holds every outcome that the unknown points leave open, least urgent first, and is never empty;
    `unknown` names those points.
    """

    tree: str
    possible: tuple[Outcome, ...]
    unknown: tuple[str, ...]

    @property
    def outcome(self) -> Outcome | None:
        """The outcome, when only one is possible, whatever is unknown; else None."""
        return self.possible[0] if len(self.possible) == 1 else None

    @property
    def worst(self) -> Outcome:
        """The most urgent outcome possible: what to plan for while points are unknown."""
        return self.possible[-1]

    @property
    def label(self) -> str:
        """As people read it: `attend`, or `track to act (mission unknown)`."""
        if self.outcome is not None:
            return self.outcome.value
        return f"{self.possible[0].value} to {self.worst.value} ({', '.join(self.unknown)} unknown)"
