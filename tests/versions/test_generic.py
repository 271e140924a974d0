"""The generic scheme, against its written rules."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from postmarket.versions.interface import MAX_KEY_BYTES, Scheme
from postmarket.versions.keys import key
from tests.versions.plain_generic import items

MARKS = [*"....--__", "~", "+", " ", "(", ")", ":", "/", "*", ",", "\t"]
DIGITS = [*"0123456789", "00", "10", "204", "20211224"]
WORDS = [*"abcekmpruvxABC", "alpha", "beta", "rc", "RC", "cr", "dev", "snapshot", "ea", "pre", "final", "ga", "lts"]
WORDS += ["release", "update", "patch", "hotfix", "hf", "sp", "rev", "version", "ver"]
PIECES = st.sampled_from([*MARKS, *DIGITS, *WORDS])
COMMITS = st.text("0123456789abcdefABCDEF", min_size=10, max_size=66)
VERSIONS = st.lists(PIECES, max_size=9).map("".join) | COMMITS

IN_ORDER = [
    ["1.0-dev", "1.0a1", "1.0-beta2", "1.0-M1", "1.0-rc1", "1.0-SNAPSHOT", "1.0", "1.0k", "1.0.1"],
    ["9.8", "9.8p1", "9.8.1"],
    ["1.0.2", "1.0.2k", "1.0.2z", "1.0.2za", "1.0.2zf", "1.1.0", "1.1.1k", "3.0.7"],
    ["7.0", "7.0_update_79", "7.0u80", "7.0.1"],
    ["15.2(4)", "15.2(4)m", "15.2(4)m1", "15.2(4)m2", "15.2(5)"],
    ["12.1(22)", "12.1(22)ea1", "12.1(23)"],
    ["20-ea", "20", "20.0.1"],
    ["r2", "r10", "1.0"],
    ["2.0.9", "10.0.1", "2023-01-05", "2023-01-06"],
    ["2.4.1-beta1", "2.4.1-beta2", "2.4.1-beta10", "2.4.1"],
    ["21.2", "21.2R1", "21.2R1-S1", "21.2R2", "21.3"],
    ["4.1.2", "4.1.2_b20200730", "4.1.2_b20211224", "4.1.3"],
    ["1.0-rc1-SNAPSHOT", "1.0-rc1", "1.0-rc1.1", "1.0-rc2"],
    ["0", "0.0.1-alpha", "0.0.1", "0.1"],
    ["1" + "0" * 40, "1" + "0" * 39 + "1", "1" + "0" * 41],
]
EQUAL = [
    ["1", "1.0", "1.0.0", "v1.0", "V1", "Version 1.0", "ver_1", "1.0.Final", "1.0.0.GA", "1-lts", " 1.0\n", "01.00"],
    ["1.0-rc1", "1.0.0-rc1", "1.0rc1", "1.0.0.RC1", "1.0-cr1"],
    ["7.0_update_80", "7.0u80", "7.0 Update 80", "7.0-upd80"],
    ["9.8p1", "9.8_p1", "9.8-patch1", "9.8 patchlevel 1"],
    ["2023-01-05", "2023.1.5", "2023/01/05"],
    ["15.2(4)m", "15.2.4m"],
    ["4.3-release_p38", "4.3p38"],
]
UNKNOWN = ["", " ", "*", "-", "n/a", "unspecified", "latest", "5.10.*", "< 1.2", "1.0, 2.0", "1;2", "1.0|2.0", "1.x?"]
UNKNOWN += ["1da177e4c3f41524e886b7f1b8a0c1fc7321cac2", "a" * 64, "1.0\x00", "1٢3", "версия 1", "1." * 300, "9" * 513]


@pytest.mark.parametrize("versions", IN_ORDER, ids=lambda versions: versions[0])
def test_versions_sort_as_people_count_them(versions: list[str]) -> None:
    """Each list is in ascending order and no two of it are equal."""
    keys = [key(Scheme.GENERIC, version) for version in versions]

    assert None not in keys
    assert all(before < after for before, after in pairwise(keys) if before and after)


@pytest.mark.parametrize("versions", EQUAL, ids=lambda versions: versions[0])
def test_other_spellings_of_a_version_have_its_key(versions: list[str]) -> None:
    """Trailing zeros, a leading v, separators and words that say nothing make no difference."""
    assert len({key(Scheme.GENERIC, version) for version in versions}) == 1
    assert key(Scheme.GENERIC, versions[0])


@pytest.mark.parametrize("text", UNKNOWN, ids=lambda text: repr(text[:12]))
def test_what_is_no_version_is_unknown(text: str) -> None:
    """Neither zero nor infinite: None."""
    assert key(Scheme.GENERIC, text) is None


@given(VERSIONS, VERSIONS)
@example("1.0", "1.0.0")
@example("000000000000000000000000000000000000000a", "0" * 40)
@example("1.0.final.1", "1.0.1")
@example("1da177e4c3f4", "1da177e4c3f")
@example("g1da177e4c3f4", "123456789012")
@example("abcdefabcdefa", "1da177e4c3f41524e886b7f1b8a0c1fc7321cac")
def test_keys_sort_as_the_written_rules_say(one: str, other: str) -> None:
    """A second comparator, written from the documentation alone, agrees on order, equality and the unknown."""
    plain_one, plain_other = items(one), items(other)
    key_one, key_other = key(Scheme.GENERIC, one), key(Scheme.GENERIC, other)

    assert (key_one is None, key_other is None) == (plain_one is None, plain_other is None)
    if key_one and key_other and plain_one and plain_other:
        assert (key_one < key_other) == (plain_one < plain_other)
        assert (key_one == key_other) == (plain_one == plain_other)


@given(st.text(max_size=600))
def test_any_text_has_a_lawful_key_or_none(text: str) -> None:
    """A key is never empty, never begins with 0xff and never exceeds its limit."""
    found = key(Scheme.GENERIC, text)

    assert found is None or (found and found[0] != 0xFF and len(found) <= MAX_KEY_BYTES)
