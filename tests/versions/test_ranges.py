"""Ranges: their ends, their wildcards, their complement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.versions.errors import UnknownVersion, VersionsError
from postmarket.versions.interface import HIGHEST, LOWEST, Range, Scheme
from postmarket.versions.keys import key
from postmarket.versions.ranges import between, complement, everything, exactly, wildcard

GENERIC = Scheme.GENERIC


def holds(found: Range, version: str) -> bool:
    """Whether the range holds a version that has a key."""
    known = key(found.scheme, version)
    assert known is not None
    return found.holds(known)


def test_exactly_holds_the_version_and_its_equals_only() -> None:
    """1.0 and 1.0.0 are one version, 1.0.1 and 1.0-rc1 are others."""
    found = exactly(GENERIC, "1.0")

    assert [holds(found, text) for text in ("1.0", "v1.0.0", "1.0.1", "1.0-rc1", "1.0a")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("lower_inclusive", "upper_inclusive", "expected"),
    [
        (True, False, [False, True, True, False, False]),
        (True, True, [False, True, True, True, False]),
        (False, False, [False, False, True, False, False]),
        (False, True, [False, False, True, True, False]),
    ],
)
def test_each_end_is_in_or_out_as_stated(lower_inclusive: bool, upper_inclusive: bool, expected: list[bool]) -> None:
    """By default the lower end is in and the upper one is out."""
    found = between(GENERIC, lower="1.0", lower_inclusive=lower_inclusive, upper="2.0", upper_inclusive=upper_inclusive)

    assert [holds(found, text) for text in ("0.9", "1.0", "1.5", "2.0", "2.0.0.1")] == expected


def test_an_open_end_reaches_as_far_as_keys_go() -> None:
    """Both open is everything."""
    assert holds(between(GENERIC, upper="2.0"), "0-alpha1")
    assert holds(between(GENERIC, lower="2.0"), "9" * 300)
    assert between(GENERIC) == everything(GENERIC) == Range(GENERIC, LOWEST, HIGHEST)


def test_an_unknown_end_is_an_error_with_the_version_in_it() -> None:
    """Never an open end."""
    with pytest.raises(UnknownVersion, match="'unspecified' is unknown"):
        between(GENERIC, upper="unspecified")
    with pytest.raises(UnknownVersion, match="not written as a pypi version"):
        exactly(Scheme.PYPI, "1.0-final")


@pytest.mark.parametrize(("lower", "upper"), [("2.0", "1.0"), ("1.0", "1.0"), ("1.0", "1.0-rc1")])
def test_a_range_the_wrong_way_round_is_refused(lower: str, upper: str) -> None:
    """It says which ends, so that the source can be asked."""
    with pytest.raises(VersionsError, match=f">= {lower}, < {upper} is empty"):
        between(GENERIC, lower=lower, upper=upper)


def test_commits_have_no_ranges() -> None:
    """Only equality."""
    commit = "1da177e4c3f41524e886b7f1b8a0c1fc7321cac2"

    assert holds(exactly(Scheme.GIT, commit), commit.upper())
    with pytest.raises(VersionsError, match="commits have no order"):
        between(Scheme.GIT, upper=commit)


@pytest.mark.parametrize("scheme", [GENERIC, Scheme.SEMVER, Scheme.NPM, Scheme.PYPI, Scheme.MAVEN, Scheme.DEB])
@pytest.mark.parametrize("pattern", ["5.10.*", "5.10.x", "5.10.X", "v5.10.*.*"])
def test_a_wildcard_holds_what_begins_with_its_numbers(scheme: Scheme, pattern: str) -> None:
    """Pre-releases belong to the release they precede."""
    found = wildcard(scheme, pattern)

    assert [holds(found, text) for text in ("5.10", "5.10.0", "5.10.999")] == [True, True, True]
    assert [holds(found, text) for text in ("5.9.999", "5.11", "5.1", "5.100", "6.0")] == [False] * 5


def test_a_wildcards_pre_releases() -> None:
    """5.10-rc1 is of 5.10, 5.11-rc1 is of 5.11."""
    assert holds(wildcard(GENERIC, "5.10.*"), "5.10-rc1")
    assert not holds(wildcard(GENERIC, "5.10.*"), "5.11-rc1")
    assert holds(wildcard(Scheme.PYPI, "1.*"), "1.0.dev1")
    assert holds(wildcard(Scheme.WINDOWS, "10.*"), "10.0.19045.3803")
    assert wildcard(GENERIC, "*") == everything(GENERIC)


@pytest.mark.parametrize("pattern", ["", "5.1*", "*.5", "5.*.1", "x", "5.10", "5.10.**", "rc.*", "9" * 300 + ".*"])
def test_any_other_pattern_is_unknown(pattern: str) -> None:
    """`5.1*` may mean 5.1.x or 5.10: nobody knows."""
    with pytest.raises(UnknownVersion, match="means no range"):
        wildcard(GENERIC, pattern)


def test_dates_have_no_wildcards() -> None:
    """Their numbers do not nest as others do."""
    with pytest.raises(UnknownVersion, match="means no range of date versions"):
        wildcard(Scheme.DATE, "2023.*")


def test_complement_of_fixed_versions_is_the_affected_rest() -> None:
    """What CVE 5 means by `defaultStatus: affected` with unaffected ranges."""
    affected = complement(
        [between(GENERIC, lower="2.0"), between(GENERIC, lower="1.4.7", upper="1.5"), exactly(GENERIC, "1.4.7")]
    )

    assert [
        any(holds(part, text) for part in affected) for text in ("1.4.6", "1.4.7", "1.4.9", "1.5", "1.9", "2.0", "3")
    ] == [
        True,
        False,
        False,
        True,
        True,
        False,
        False,
    ]
    assert complement([everything(GENERIC)]) == ()


def test_no_ranges_or_mixed_schemes_have_no_complement() -> None:
    """An order has one scheme."""
    with pytest.raises(VersionsError, match="there are none"):
        complement([])
    with pytest.raises(VersionsError, match="generic, semver"):
        complement([everything(GENERIC), everything(Scheme.SEMVER)])


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10), st.booleans(), st.booleans()), min_size=1, max_size=5),
    st.integers(0, 45),
)
def test_a_version_is_in_the_ranges_or_in_their_complement(
    ends: list[tuple[int, int, bool, bool]], version: int
) -> None:
    """Never in both, never in neither."""
    ranges = [
        between(
            Scheme.SEMVER,
            lower=f"{lower}",
            lower_inclusive=with_lower,
            upper=f"{lower + more}",
            upper_inclusive=with_upper,
        )
        for lower, more, with_lower, with_upper in ends
    ]
    inside = any(holds(item, f"{version}") for item in ranges)

    assert sum(holds(item, f"{version}") for item in complement(ranges)) == (not inside)


@pytest.mark.parametrize("version", ["5.10-dev", "5.10-dev-rc1", "5.10-dev-snapshot", "5.10-nightly-alpha", "5.10rc1"])
def test_a_prefix_begins_below_every_pre_release_of_its_first_version(version: str) -> None:
    """Pre-releases of a pre-release too: none of them belongs to the series before."""
    found = key(Scheme.GENERIC, version)

    assert found is not None
    assert wildcard(Scheme.GENERIC, "5.10.*").holds(found)
    assert not wildcard(Scheme.GENERIC, "5.9.*").holds(found)
