"""From a number to the words people use for it."""

from __future__ import annotations

from postmarket.scoring.errors import ScoringError
from postmarket.scoring.interface import Severity

VERSIONS = ("4.0", "3.1", "3.0", "2.0")


def band(score: float, version: str) -> Severity:
    """
    The qualitative severity of `score` (0.0 to 10.0, both included) in CVSS `version`.

    3.0, 3.1 and 4.0: none 0.0, low 0.1–3.9, medium 4.0–6.9, high 7.0–8.9, critical 9.0–10.0 (each specification's
    "Qualitative Severity Rating Scale"). 2.0 has no bands of its own; the NVD's are used: low 0.0–3.9, medium
    4.0–6.9, high 7.0–10.0, and so neither none nor critical.

    Raises ScoringError for NaN, a number outside the scale, and a version that is none of the four.
    """
    if not 0.0 <= score <= 10.0:
        raise ScoringError(
            f"{score} is no CVSS score", why="scores run from 0.0 to 10.0", next_step="Correct the score."
        )
    if version not in VERSIONS:
        raise ScoringError(f"{version!r} is no CVSS version", next_step=f"Use one of {', '.join(sorted(VERSIONS))}.")
    if version == "2.0":
        return _upper(score, top=Severity.HIGH, bottom=Severity.LOW)
    return _upper(score, top=Severity.CRITICAL, bottom=Severity.NONE)


def _upper(score: float, *, top: Severity, bottom: Severity) -> Severity:
    if score >= 9.0:
        return top
    if score >= 7.0:
        return Severity.HIGH
    if score >= 4.0:
        return Severity.MEDIUM
    return Severity.LOW if score > 0.0 else bottom
