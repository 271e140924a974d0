"""CVSS vectors taken apart without the scoring library."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.scoring.errors import ScoringError
from postmarket.scoring.vectors import has_threat_or_environment, metrics, parse, version_of
from tests.scoring.strategies import vectors

V31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"


@pytest.mark.parametrize(
    ("vector", "version"),
    [(V2, "2.0"), (f"({V2})", "2.0"), (f"CVSS:2.0/{V2}", "2.0"), (V31, "3.1"), (f" {V4}\n", "4.0")],
)
def test_a_vector_says_its_version(vector: str, version: str) -> None:
    """By its prefix; without one it is of version 2.0."""
    assert version_of(vector) == version


def test_metrics_are_those_given() -> None:
    """A metric that is "not defined" is not given."""
    assert metrics(f"{V2}/E:ND/CDP:H") == {
        "AV": "N",
        "AC": "L",
        "Au": "N",
        "C": "P",
        "I": "P",
        "A": "P",
        "CDP": "H",
    }


@pytest.mark.parametrize(
    ("vector", "expected"),
    [
        (V4, False),
        (f"{V4}/E:X/CR:X/MAV:X", False),
        (f"{V4}/S:P/U:Red/RE:H", False),
        (f"{V4}/E:U", True),
        (f"{V4}/MSA:S", True),
        (V31, False),
        (f"{V31}/RC:C", True),
        (f"{V31}/MS:C", True),
        (V2, False),
        (f"{V2}/E:ND/RL:ND/RC:ND", False),
        (f"{V2}/TD:N", True),
    ],
)
def test_threat_and_environment_are_told_from_base_and_supplemental(vector: str, expected: bool) -> None:
    """Only metrics that can change the number count."""
    assert has_threat_or_environment(vector) is expected


def test_rubric_questions_are_left_out() -> None:
    """An extended vector of the MITRE rubric scores as its version 3 metrics alone (reference §5.2)."""
    assert parse(f"{V31}/XAVN:Y/XCPM:N").vector == V31


@pytest.mark.parametrize(
    ("vector", "says"),
    [
        ("", "is empty"),
        ("CVSS:3.1/", "is empty"),
        ("()", "is empty"),
        ("CVSS:5.0/AV:N", "no known CVSS version"),
        ("cvss:3.1/AV:N", "no known CVSS version"),
        (V31.removeprefix("CVSS:3.1/"), "metric 3: CVSS 2.0 has no metric 'PR'"),
        ("AV:N/AC:L/Au:N/C:P/I:P", "missing: A. Give every base metric"),
        (f"{V31}/", "metric 9: '' is no metric"),
        (f"{V31}/E:A", "metric 9: E cannot be 'A'. Use one of X, H, F, P, U"),
        (f"{V31}/AV:N", "metric 9: AV is given twice"),
        (f"{V31}/AV:N:N", "AV cannot be 'N:N'"),
        (f"{V4}/XAVN:Y", "has no metric 'XAVN'"),
        (f"{V4}/SI:S", "SI cannot be 'S'"),
        (f"({V31})", "has no metric 'CVSS'"),
        ("AV:N/" * 200, "more than 500"),
    ],
)
def test_a_wrong_vector_is_refused_with_its_place(vector: str, says: str) -> None:
    """One line: what is wrong, where in the vector, and what to do."""
    with pytest.raises(ScoringError, match=says) as raised:
        parse(vector)

    assert raised.value.next_step
    assert "\n" not in raised.value.line()


@given(vectors())
def test_the_ordered_vector_is_the_same_vector(vector: str) -> None:
    """Parsing what parsing wrote changes nothing."""
    parsed = parse(vector)

    assert parse(parsed.vector) == parsed


@given(st.text(max_size=600) | st.text("CVSS:4.0/AVNLPHCISMETXWUF(): ", max_size=120))
def test_any_text_is_a_vector_or_a_scoring_error(text: str) -> None:
    """Nothing else ever comes out."""
    line = ""
    try:
        parse(text)
    except ScoringError as error:
        line = error.line()

    assert line == "" or line.isprintable()
