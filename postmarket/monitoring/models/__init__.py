"""What monitoring keeps; only this room's services write it."""

from postmarket.monitoring.models.projection import (
    DueVulnerability,
    Judgement,
    Match,
    ProjectionState,
    Standing,
    VersionState,
)
from postmarket.monitoring.models.vulnerability import VulnerabilityFacts

__all__ = [
    "DueVulnerability",
    "Judgement",
    "Match",
    "ProjectionState",
    "Standing",
    "VersionState",
    "VulnerabilityFacts",
]
