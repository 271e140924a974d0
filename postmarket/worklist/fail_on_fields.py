"""What a `--fail-on` rule can ask of a row or a device version, and between which values the answers lie."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from postmarket.matching.interface import Coverage
from postmarket.policy.interface import Priority
from postmarket.scoring.interface import Severity

if TYPE_CHECKING:
    from postmarket.worklist.interface import DeviceReport, Row

SEVERITIES = {name: rank for rank, name in enumerate(("none", "low", "medium", "high", "critical", "unknown"))}
"""Unknown is never low."""
PRIORITIES = {priority.name.lower(): -priority.value for priority in Priority}
"""`>= urgent` is urgent or more pressing."""
HIGHEST_SCORE = 10.0


def _score(row: Row) -> float:
    return row.score.score.value if row.score.score is not None else HIGHEST_SCORE


def _coverage(device: DeviceReport) -> float:
    share = device.monitored
    return 100.0 * share if share is not None else 0.0


def _quality(device: DeviceReport) -> float:
    from postmarket.sbom.profiles import load_profile
    from postmarket.sbom.quality import check

    return check(device.device.bom, load_profile("seed")).score


# What is asked of a row; None where nothing is known, and every comparison then false.
ROW_FIELDS: dict[str, Callable[[Row], float | None]] = {
    "priority": lambda row: -row.ranking.priority.value,
    "severity": lambda row: SEVERITIES[Severity(row.score.severity).value],
    "score": _score,
    "epss": lambda row: row.vulnerability.epss.probability if row.vulnerability.epss is not None else None,
}
DEVICE_FIELDS: dict[str, Callable[[DeviceReport], float]] = {
    "unmatched": lambda device: device.counts[Coverage.UNMATCHED],
    "coverage": _coverage,
    "quality": _quality,
}
# The lowest and the highest answer of each field, for a gate that could never shut.
RANGES: dict[str, tuple[float, float]] = {
    "priority": (min(PRIORITIES.values()), max(PRIORITIES.values())),
    "severity": (min(SEVERITIES.values()), max(SEVERITIES.values())),
    "score": (0.0, HIGHEST_SCORE),
    "epss": (0.0, 1.0),
    "unmatched": (0.0, math.inf),
    "coverage": (0.0, 100.0),
    "quality": (0.0, 100.0),
}
RANGE_WORDS = {
    "priority": "watch, planned, soon, urgent or now, the last the highest",
    "severity": "none, low, medium, high, critical or unknown, the last the highest",
    "score": "0 to 10",
    "epss": "0 to 1",
    "unmatched": "a whole number from 0 on",
    "coverage": "0 to 100 percent",
    "quality": "0 to 100 percent",
}
