"""
A device's own CVSS 4.0 vector: base metrics with what is known of this device laid over them.

The four numbers stand side by side (CVSS 4.0 specification §1.3), so that nobody mistakes one for another. Only MSI:S
and MSA:S make patient safety count in the number; the supplemental metric S never does (regulatory reference §5.3).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from postmarket.scoring.cvss import score
from postmarket.scoring.errors import ScoringError
from postmarket.scoring.interface import Score
from postmarket.scoring.metric_tables import V4
from postmarket.scoring.vectors import parse

EDITABLE = {**V4.threat, **V4.environmental, **V4.supplemental}
"""What an assessor may say of the device, in the order of the specification; base metrics stay the source's."""
SAFETY_METRICS = ("MSI", "MSA")


class DeviceScores(msgspec.Struct, frozen=True):
    """
    The numbers of one device-specific vector.

    `full` is of the whole vector, under the name its metrics give it; the others leave groups out. `safety_counts` is
    true when MSI:S or MSA:S is in it.
    """

    vector: str
    base: Score
    threat: Score
    environmental: Score
    full: Score
    safety_counts: bool


def device_scores(base: str, edits: Mapping[str, str]) -> DeviceScores:
    """
    The scores of the CVSS 4.0 vector `base` with `edits` (metric to value; X takes one out) laid over it.

    Raises ScoringError for a vector that is not version 4.0, and for a metric or value that an assessor may not set.
    """
    parsed = parse(base)
    if parsed.version != V4.version:
        raise ScoringError(
            f"A CVSS {parsed.version} vector has no safety metrics",
            where=parsed.vector,
            next_step="Rate it as CVSS 4.0, or answer the questions of the rubric.",
        )
    for name, value in edits.items():
        if name not in EDITABLE or value not in EDITABLE[name]:
            raise ScoringError(
                f"{name[:10]}:{value[:10]} cannot be set for a device",
                next_step=f"Use threat, environmental and supplemental metrics: {', '.join(EDITABLE)}.",
            )
    metrics = {**parsed.metrics, **edits}
    return DeviceScores(
        vector=_vector(metrics, V4.values),
        base=score(_vector(metrics, V4.base)),
        threat=score(_vector(metrics, {**V4.base, **V4.threat})),
        environmental=score(_vector(metrics, {**V4.base, **V4.environmental})),
        full=score(_vector(metrics, V4.values)),
        safety_counts=any(metrics.get(name) == "S" for name in SAFETY_METRICS),
    )


def _vector(metrics: Mapping[str, str], wanted: Mapping[str, tuple[str, ...]]) -> str:
    kept = (f"{name}:{metrics[name]}" for name in wanted if metrics.get(name, V4.not_defined) != V4.not_defined)
    return V4.prefix + "/".join(kept)


class EditMoved(msgspec.Struct, frozen=True):
    """One metric set for the device, and what that did to the number: `before` without it, `after` with it."""

    metric: str
    value_before: str
    value: str
    before: float
    after: float


def edits_moved(base: str, edits: Mapping[str, str]) -> tuple[EditMoved, ...]:
    """
    What each edit did to the score, in the order of the specification, each on top of those before it.

    A modified metric's `value_before` is that of the base metric it modifies. Raises ScoringError as `device_scores`.
    """
    given = parse(base).metrics
    laid: dict[str, str] = {}
    now = device_scores(base, laid).full.value
    moved = []
    device_scores(base, edits)
    for metric in EDITABLE:
        value = edits.get(metric, V4.not_defined)
        if value == V4.not_defined:
            continue
        laid[metric] = value
        then, now = now, device_scores(base, laid).full.value
        before = given.get(metric) or given.get(metric.removeprefix("M"), V4.not_defined)
        moved.append(EditMoved(metric, before, value, then, now))
    return tuple(moved)
