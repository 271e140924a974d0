"""Alias groups: only one-to-one names merge."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from postmarket.matching.store.groups import groups, lead

names = st.sampled_from(["CVE-1", "CVE-2", "CVE-3", "GHSA-a", "GHSA-b", "PYSEC-1", "PYSEC-2"])


def test_a_chain_of_one_to_one_names_is_one_group_under_its_cve() -> None:
    """PYSEC to GHSA to CVE."""
    (group,) = groups([("PYSEC-1", "GHSA-a"), ("GHSA-a", "CVE-1")])

    assert group == {"PYSEC-1", "GHSA-a", "CVE-1"}
    assert lead(group) == "CVE-1"


def test_an_advisory_with_two_cves_joins_neither() -> None:
    """Which one it means is not known: merging would hide one vulnerability behind another."""
    assert groups([("GHSA-a", "CVE-1"), ("GHSA-a", "CVE-2")]) == []


def test_two_advisories_of_one_cve_are_one_group() -> None:
    """Both name the same vulnerability and nothing else."""
    assert groups([("GHSA-a", "CVE-1"), ("PYSEC-1", "CVE-1")]) == [frozenset({"GHSA-a", "PYSEC-1", "CVE-1"})]


def test_without_a_cve_githubs_name_leads() -> None:
    """Then the alphabetically first."""
    assert lead({"PYSEC-1", "GHSA-a"}) == "GHSA-a"
    assert lead({"PYSEC-2", "PYSEC-1"}) == "PYSEC-1"


@given(st.lists(st.tuples(names, names).filter(lambda pair: pair[0] != pair[1]), max_size=12))
def test_no_group_ever_holds_two_cves_and_no_name_is_in_two(pairs: list[tuple[str, str]]) -> None:
    """Whatever the feeds say."""
    found = groups(pairs)

    assert all(sum(name.startswith("CVE-") for name in group) <= 1 for group in found)
    assert sum(map(len, found)) == len({name for group in found for name in group})


@given(st.lists(st.tuples(names, names).filter(lambda pair: pair[0] != pair[1]), max_size=8), st.randoms())
def test_the_order_feeds_are_loaded_in_does_not_matter(pairs: list[tuple[str, str]], random: object) -> None:
    """The same aliases make the same groups."""
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert groups(shuffled) == groups(pairs)
