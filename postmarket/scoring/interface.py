"""The vocabulary of scores: a CVSS score with its nomenclature, and exploitability with every factor visible."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(StrEnum):
    """CVSS qualitative severity; `UNKNOWN` means no score at all, and is never treated as low."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Score:
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


@dataclass(frozen=True, slots=True)
class Factor:
    """One ground of an exploitability: what it is, what it says, the level it argues for."""

    name: str
    says: str
    level: Exploitability


@dataclass(frozen=True, slots=True)
class ExploitabilityInputs:
    """What is known of one vulnerability; None and empty are unknown."""

    vector: str = ""
    """CVSS vector the attack vector and complexity are read from, any version."""
    kev: bool = False
    ssvc_exploitation: str = ""
    ssvc_automatable: str = ""
    epss: float | None = None
    maturity: ExploitMaturity = ExploitMaturity.UNKNOWN


@dataclass(frozen=True, slots=True)
class ExploitabilityThresholds:
    """Firm-set limits; they come from the policy pack."""

    epss_medium: float
    epss_high: float | None = None


@dataclass(frozen=True, slots=True)
class ExploitabilityResult:
    """The level and every factor that was looked at, strongest first; `known` is false when nothing was."""

    level: Exploitability
    factors: tuple[Factor, ...]
    known: bool
