"""Every scheme with a specification of its own, by real strings and by the specification's examples."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.versions.interface import MAX_KEY_BYTES, Scheme
from postmarket.versions.keys import key, upstream

IN_ORDER: list[tuple[Scheme, list[str]]] = [
    # semver 2.0 §11.4's own example, then numbers as numbers
    (Scheme.SEMVER, ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2"]),
    (Scheme.SEMVER, ["1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1-0", "1.9.0", "1.10.0", "2.0.0"]),
    (Scheme.SEMVER, ["1.0.0-0", "1.0.0-9", "1.0.0-10", "1.0.0--", "1.0.0-0a", "1.0.0-A", "1.0.0-a"]),
    (Scheme.NPM, ["1.2.3beta", "1.2.3", "1.2.4-rc.1", "=v1.2.4"]),
    (Scheme.GO, ["v0.0.0-20200101000000-0123456789ab", "v0.0.0-20210520170846-37e1c6afe023", "v0.0.1", "v1.0.0"]),
    (Scheme.GO, ["go1.20.3", "go1.21rc2", "1.21.0-rc.3", "go1.21", "1.21.1"]),
    (Scheme.NUGET, ["1.0.0-Alpha", "1.0.0-beta", "1.0.0", "1.0.0.1", "1.0.1"]),
    (Scheme.PYPI, ["1.0.dev1", "1.0a1.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0+abc", "1.0+5", "1.0.post1.dev2"]),
    (Scheme.PYPI, ["1.0.post1", "1.0.15", "1.1.dev1", "2024.1", "1!0.1"]),
    # Maven's POM reference
    (Scheme.MAVEN, ["1-alpha", "1-beta-1", "1-m1", "1-rc1", "1-SNAPSHOT", "1", "1-sp", "1-abc", "1-1", "1.1"]),
    (Scheme.MAVEN, ["1-foo2", "1-foo10"]),
    (Scheme.MAVEN, ["2.14.0-rc1", "2.14.0", "2.14.1", "2.15.0", "2.17.0", "2.17.1"]),
    (Scheme.MAVEN, ["31.0-android", "31.0-jre", "31.0.1-android", "32.0.0-jre"]),
    (Scheme.MAVEN, ["0.0-GA.2", "0.1", "1.10"]),
    (Scheme.GEM, ["1.0.a", "1.0.a.2", "1.0.b1", "1.0", "1.0.1", "1.10"]),
    (Scheme.GEM, ["1.a.b", "1.a.0.b", "1.a", "1.a.0.1", "1.a.1"]),
    (Scheme.DEB, ["0:1.0~~", "1.0~~a", "1.0~", "1.0", "1.0-1", "1.0-1+b1", "1.0-2", "1.0a", "1.0+dfsg-1", "1.0.1"]),
    (Scheme.DEB, ["3.0.11-1~deb12u1", "3.0.11-1~deb12u2", "3.0.11-1", "3.0.13-1~deb12u1", "1:1.0"]),
    (
        Scheme.RPM,
        ["1.0~rc1", "1.0~rc1^git1", "1.0", "1.0^", "1.0^git1~pre", "1.0^git1", "1.0^20160101", "1.0.1", "1.01.1"],
    ),
    (Scheme.RPM, ["1.1.1k-6.el8", "1.1.1k-9.el8_6", "1.1.1k-12.el8", "1:1.1.1k-6.el8"]),
    (Scheme.RPM, ["1.0a", "1.0aa", "1.0b"]),
    # apk-tools, test/unit/version.data
    (
        Scheme.APK,
        ["0.12", "0.13_beta1", "0.13_beta5", "0.13", "0.13-r1", "0.13~ab1c", "0.13_git20", "0.13_p1", "0.13a"],
    ),
    (Scheme.APK, ["1.2.11-r0", "1.2.11-r4", "1.2.12-r3", "1.2.13-r0"]),
    (Scheme.APK, ["1.0", "1.00", "1.01", "1.1", "1.2", "1.10"]),
    (
        Scheme.OPENSSL,
        ["1.0.2-beta1", "1.0.2", "1.0.2a", "1.0.2k-fips", "1.0.2z", "1.0.2za", "1.0.2zf", "1.1.0", "3.0.7"],
    ),
    (Scheme.OPENSSL, ["3.0.0-alpha1", "3.0.0-alpha17", "3.0.0-beta1", "3.0.0", "3.0.10"]),
    (Scheme.DATE, ["1999", "2023-01", "2023-01-05", "2023-01-05T10:15:09Z", "2023.1.6", "20231005"]),
    (Scheme.WINDOWS, ["6.1.7601", "10.0.19041.1", "10.0.19045", "10.0.19045.3803", "10.0.22621.2861"]),
]
EQUAL: list[tuple[Scheme, list[str]]] = [
    (Scheme.SEMVER, ["1.0.0", "v1.0.0", "1.0", "1", "1.0.0+build.5"]),
    (Scheme.GO, ["go1.21.0", "go1.21 X:boringcrypto", "1.21"]),
    (Scheme.GO, ["v2.0.0", "v2.0.0+incompatible", "v2"]),
    (Scheme.NUGET, ["1.0", "1.0.0.0", "1.0.0+metadata"]),
    (Scheme.NUGET, ["1.0.0-Beta", "1.0.0-BETA"]),
    (Scheme.PYPI, ["1.0", "1", "v1.0.0", "0!1"]),
    (Scheme.PYPI, ["1.0rc1", "1.0-c.1", "1.0.pre1", "1.0_preview_1"]),
    (Scheme.PYPI, ["1.0.post2", "1.0-2", "1.0-r2"]),
    (Scheme.MAVEN, ["1", "1.0", "1.0.0", "1-ga", "1.0.Final", "1-0", "1.0-release"]),
    (Scheme.MAVEN, ["2-x", "2.0.x", "2.0.0.x"]),
    (Scheme.MAVEN, ["1-a1", "1-alpha-1", "1-ALPHA1"]),
    (Scheme.GEM, ["1.0", "1", "1.0.0"]),
    (Scheme.GEM, ["1.0-b", "1.pre.b"]),
    (Scheme.DEB, ["1.0", "0:1.0", "1.0-0", "01.00"]),
    (Scheme.RPM, ["1.0-1", "0:1.0-1", "(none):1.0-1", "1_0-1", "1.00-1"]),
    (Scheme.DATE, ["2023-01-05", "20230105", "2023/1/5"]),
    (Scheme.WINDOWS, ["10.0", "10.0.0.0"]),
    (Scheme.GIT, ["1DA177E4C3F41524E886B7F1B8A0C1FC7321CAC2", "1da177e4c3f41524e886b7f1b8a0c1fc7321cac2"]),
]
UNKNOWN = [
    *[(Scheme.SEMVER, text) for text in ("a.b.c", "1.0.0-", "1.0.0-a..b", "1.0.0+", "1..0", "1.0_1", "-1")],
    *[(Scheme.GO, text) for text in ("(devel)", "latest")],
    *[(Scheme.PYPI, text) for text in ("1.0-final", "dev", "1.0.", "2004d", "1.0+", "1.0+a..b")],
    *[(Scheme.MAVEN, text) for text in ("RELEASE", "${project.version}", "[1.0,2.0)")],
    *[(Scheme.GEM, text) for text in ("a", "1..0", "1.0 beta", ">= 1")],
    *[(Scheme.DEB, text) for text in ("1.0 1", "a:1", "1.0-", "1:", ":1", "-1")],
    *[(Scheme.RPM, text) for text in ("1 0", "x:1", "-1", "1:")],
    *[(Scheme.APK, text) for text in ("a1", "1.0bc", "1.", "1_foo", "1-1", "1.0-r", "edge")],
    *[(Scheme.OPENSSL, text) for text in ("1", "1.0.2ab", "fips-2.0", "1.0.2-foo1")],
    *[
        (Scheme.DATE, text)
        for text in ("2023-13-01", "2023-01-32", "0001-01-01", "23-01-05", "2023-01-05T25:00", "soon")
    ],
    *[(Scheme.WINDOWS, text) for text in ("21H2", "10", "Service Pack 1", "10.0.x", "1.2.3.4.5.6.7")],
    *[(Scheme.GIT, text) for text in ("1da177e", "v1.0", "g" * 40)],
]


@pytest.mark.parametrize(("scheme", "versions"), IN_ORDER, ids=lambda value: str(value)[:24])
def test_versions_sort_as_their_scheme_says(scheme: Scheme, versions: list[str]) -> None:
    """Each list is in ascending order and no two of it are equal."""
    keys = [key(scheme, version) for version in versions]

    assert [version for version, found in zip(versions, keys, strict=True) if found is None] == []
    assert [
        pair
        for pair, (one, two) in zip(pairwise(versions), pairwise(keys), strict=True)
        if one is None or two is None or one >= two
    ] == []


@pytest.mark.parametrize(("scheme", "versions"), EQUAL, ids=lambda value: str(value)[:24])
def test_spellings_the_scheme_calls_equal_have_one_key(scheme: Scheme, versions: list[str]) -> None:
    """So that a range's end holds for every spelling of it."""
    keys = {key(scheme, version) for version in versions}

    assert len(keys) == 1
    assert None not in keys


@pytest.mark.parametrize(("scheme", "text"), UNKNOWN)
def test_what_the_scheme_does_not_know_is_unknown(scheme: Scheme, text: str) -> None:
    """None, not a guess."""
    assert key(scheme, text) is None


@pytest.mark.parametrize("scheme", Scheme)
@given(text=st.text(alphabet=st.sampled_from("0019abrcvz.-_+~^:!()*\\ \x00é٣"), max_size=40) | st.text(max_size=20))
def test_hostile_text_has_a_lawful_key_or_none(scheme: Scheme, text: str) -> None:
    """No error, no empty key, none that begins with 0xff, none over the limit, in any scheme."""
    found = key(scheme, text)

    assert found is None or (found and found[0] != 0xFF and len(found) <= MAX_KEY_BYTES)


@pytest.mark.parametrize("scheme", sorted(set(Scheme) - {Scheme.GIT, Scheme.DATE}))
@given(one=st.integers(0, 10**200), other=st.integers(0, 10**200))
def test_numbers_of_any_length_compare_as_numbers(scheme: Scheme, one: int, other: int) -> None:
    """A build number may be longer than any machine word."""
    key_one, key_other = key(scheme, f"1.{one}.5"), key(scheme, f"1.{other}.5")

    assert key_one is not None
    assert key_other is not None
    assert (key_one < key_other) == (one < other)
    assert (key_one == key_other) == (one == other)


@pytest.mark.parametrize("scheme", Scheme)
def test_an_absurd_version_is_unknown(scheme: Scheme) -> None:
    """A megabyte of digits cannot fill an index, nor take the time of one."""
    assert key(scheme, "9" * 1_000_000) is None


@pytest.mark.parametrize(
    ("scheme", "text", "expected"),
    [
        (Scheme.DEB, "1:9.2p1-2+deb12u2", "9.2p1"),
        (Scheme.DEB, "2.4.52+dfsg1-1", "2.4.52"),
        (Scheme.DEB, "7.88.1-10+deb12u5", "7.88.1"),
        (Scheme.DEB, "1.0", "1.0"),
        (Scheme.RPM, "1:1.1.1k-12.el8_9", "1.1.1k"),
        (Scheme.APK, "1.2.13-r0", "1.2.13"),
        (Scheme.APK, "1.2.13", "1.2.13"),
        (Scheme.PYPI, "1.0-1", "1.0-1"),
    ],
)
def test_the_upstream_part_of_a_distributions_version(scheme: Scheme, text: str, expected: str) -> None:
    """NVD's ranges know no epoch and no packaging revision."""
    assert upstream(scheme, text) == expected
