"""From a number to its band."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.scoring.bands import VERSIONS, band
from postmarket.scoring.errors import ScoringError
from postmarket.scoring.interface import Severity

ORDER = [Severity.NONE, Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL]


@pytest.mark.parametrize(
    ("score", "severity"),
    [
        (0.0, Severity.NONE),
        (0.1, Severity.LOW),
        (3.9, Severity.LOW),
        (4.0, Severity.MEDIUM),
        (6.9, Severity.MEDIUM),
        (7.0, Severity.HIGH),
        (8.9, Severity.HIGH),
        (9.0, Severity.CRITICAL),
        (10.0, Severity.CRITICAL),
    ],
)
@pytest.mark.parametrize("version", ["3.0", "3.1", "4.0"])
def test_the_ends_of_each_band(score: float, severity: Severity, version: str) -> None:
    """Both ends of a band belong to it."""
    assert band(score, version) is severity


@pytest.mark.parametrize(
    ("score", "severity"),
    [(0.0, Severity.LOW), (3.9, Severity.LOW), (4.0, Severity.MEDIUM), (7.0, Severity.HIGH), (10.0, Severity.HIGH)],
)
def test_version_2_has_neither_none_nor_critical(score: float, severity: Severity) -> None:
    """The NVD's bands for version 2.0 know low, medium and high only."""
    assert band(score, "2.0") is severity


@pytest.mark.parametrize("score", [math.nan, math.inf, -0.1, 10.1])
def test_what_is_no_score_is_refused(score: float) -> None:
    """A number off the scale has no band, not even low."""
    with pytest.raises(ScoringError, match=r"from 0\.0 to 10\.0"):
        band(score, "3.1")


@pytest.mark.parametrize("version", ["", "3", "3.2", "v4.0"])
def test_an_unknown_version_is_refused(version: str) -> None:
    """Bands differ between versions, so none is assumed."""
    with pytest.raises(ScoringError, match="is no CVSS version"):
        band(5.0, version)


@given(st.floats(0, 10), st.floats(0, 10), st.sampled_from(VERSIONS))
def test_a_higher_score_is_never_a_lower_band(one: float, other: float, version: str) -> None:
    """Bands rise with the score."""
    low, high = sorted((one, other))

    assert ORDER.index(band(low, version)) <= ORDER.index(band(high, version))
