"""Which rating the severity band stands on."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.scoring.bands import VERSIONS
from postmarket.scoring.choice import choose
from postmarket.scoring.interface import Severity
from postmarket.sources.interface import Rating
from tests.scoring.strategies import vectors

V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
V31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V30 = V31.replace("3.1", "3.0")
V2 = "AV:N/AC:L/Au:N/C:C/I:C/A:C"

BTE = Rating("4.0", f"{V4}/E:U/MAV:L", None, "psirt", primary=False)
BT = Rating("4.0", f"{V4}/E:U", 9.3, "cna")
B = Rating("4.0", V4, 9.3, "cna")
THREE = Rating("3.1", V31, 9.8, "nvd@nist.gov")
THREE_0 = Rating("3.0", V30, 9.8, "nvd@nist.gov")
TWO = Rating("2.0", V2, 10.0, "nvd@nist.gov")


@pytest.mark.parametrize(
    ("ratings", "chosen", "flag"),
    [
        ([TWO, THREE, B, BTE], BTE, ""),
        ([TWO, THREE, B], B, "no CVSS-BTE; CVSS-B used instead"),
        ([BT, THREE], BT, "no CVSS-BTE; CVSS-BT used instead"),
        ([TWO, THREE], THREE, "no CVSS v4; v3.1 used instead"),
        ([TWO, THREE_0], THREE_0, "no CVSS v4; v3.0 used instead"),
        ([TWO], TWO, "no CVSS v4, v3.1 or v3.0; v2 used instead, which has no critical band"),
    ],
)
def test_the_order_of_versions(ratings: list[Rating], chosen: Rating, flag: str) -> None:
    """Version 4.0 (BTE first), then 3.1 or 3.0, then 2.0; a substitute says that it is one."""
    for order in (ratings, ratings[::-1]):
        result = choose(order)

        assert result.rating == chosen
        assert result.flag == flag
        assert result.substitute is (chosen.version != "4.0")
        assert sorted(result.others, key=repr) == sorted((r for r in ratings if r != chosen), key=repr)


def test_nothing_is_unknown_not_low() -> None:
    """Without any rating the band is unknown, and says so."""
    result = choose([])

    assert (result.rating, result.score, result.severity) == (None, None, Severity.UNKNOWN)
    assert "unknown, not low" in result.flag


def test_primary_goes_before_secondary_even_if_lower() -> None:
    """The one answerable for the record speaks first; the other is kept."""
    primary = Rating("3.1", V31, 5.0, "nvd@nist.gov")
    secondary = Rating("3.1", V31, 9.8, "cna", primary=False)

    result = choose([secondary, primary])

    assert result.rating == primary
    assert result.others == (secondary,)
    assert result.why == (
        "5.0 Base (3.1), primary, by nvd@nist.gov: first of 2 by version, then primary, then highest score"
    )


def test_the_highest_of_equals_wins() -> None:
    """Two primaries of the same standing: unknown which is right, so never the lower; 3.0 and 3.1 are equals."""
    low, high = Rating("3.1", V31, 5.0, "one"), Rating("3.0", V30, 7.5, "other")

    assert choose([low, high]).rating == choose([high, low]).rating == high


def test_a_sources_number_is_used_for_base_metrics() -> None:
    """What the source published is what the source said."""
    result = choose([Rating("3.1", V31, 9.7, "odd")])

    assert result.score is not None
    assert (result.score.value, result.score.nomenclature, result.severity) == (9.7, "Base", Severity.CRITICAL)
    assert result.why == "the only usable rating: 9.7 Base (3.1), primary, by odd"


def test_threat_metrics_are_computed_not_taken() -> None:
    """A source prints the base score 9.3 beside a vector with E:U, whose score is 8.1."""
    result = choose([BT])

    assert result.score is not None
    assert result.score.label == "8.1 CVSS-BT (4.0)"
    assert result.severity is Severity.HIGH


@pytest.mark.parametrize("number", [None, math.nan, -1.0, 11.0])
def test_a_number_that_is_none_is_computed(number: float | None) -> None:
    """A vector is enough."""
    result = choose([Rating("3.1", V31, number, "cna")])

    assert result.score is not None
    assert result.score.value == 9.8


def test_an_unreadable_vector_leaves_the_number() -> None:
    """The source's number still counts, and the flag says on what it stands."""
    result = choose([Rating("4.0", "CVSS:4.0/AV:N", 9.3, "cna")])

    assert result.severity is Severity.CRITICAL
    assert result.flag.endswith("its vector cannot be read, so the source's own number stands")


def test_what_is_unusable_is_named_and_kept() -> None:
    """Neither vector nor number: not chosen, not lost."""
    broken = Rating("4.0", "CVSS:4.0/AV:N", None, "cna")
    foreign = Rating("9.9", "", 10.0, "")

    result = choose([broken, THREE, foreign])

    assert result.rating == THREE
    assert result.others == (broken, foreign)
    assert [line.split(":")[0] for line in result.unusable] == ["cna", "an unnamed source"]


ratings = st.builds(
    Rating,
    version=st.sampled_from([*VERSIONS, "", "5"]),
    vector=vectors() | st.text(max_size=20),
    score=st.none() | st.floats(),
    by=st.sampled_from(["", "nvd@nist.gov", "cna"]),
    primary=st.booleans(),
)


@given(st.lists(ratings, max_size=5))
def test_nothing_is_lost_and_nothing_raises(given_ratings: list[Rating]) -> None:
    """The chosen one and the others are all that was given, whatever a source wrote."""
    result = choose(given_ratings)
    chosen = () if result.rating is None else (result.rating,)

    assert sorted(map(repr, (*chosen, *result.others))) == sorted(map(repr, given_ratings))
    assert (result.severity is Severity.UNKNOWN) == (result.rating is None)


@given(st.lists(ratings, min_size=1, max_size=4), ratings)
def test_another_rating_never_makes_it_unknown(some: list[Rating], more: Rating) -> None:
    """A bad rating beside a good one takes nothing away."""
    if choose(some).rating is not None:
        assert choose([*some, more]).rating is not None
