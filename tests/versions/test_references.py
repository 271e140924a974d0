"""Every scheme against the reference comparator of its ecosystem, where PyPI has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from debian.debian_support import NativeVersion
from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.version import InvalidVersion
from packaging.version import Version as PythonVersion
from rpm_vercmp import vercmp
from semver import Version as SemanticVersion
from univers.versions import InvalidVersion as UniversInvalid
from univers.versions import NugetVersion, RubygemsVersion

from postmarket.versions.interface import Scheme
from postmarket.versions.keys import key

NUMBER = st.sampled_from(["0", "1", "2", "9", "10", "00", "01", "20230105"])
LETTERS = ["a", "b", "rc", "A", "Z", "alpha", "beta", "pre", "dev", "post", "x"]


def texts(marks: str) -> st.SearchStrategy[str]:
    """Versions that begin with a number, of numbers, words and `marks`."""
    piece = NUMBER | st.sampled_from([*LETTERS, *marks, *marks])
    return st.builds(lambda first, rest: first + "".join(rest), NUMBER, st.lists(piece, max_size=7))


def order(one: Any, other: Any) -> int:
    """-1, 0 or 1, by a reference's own operators."""
    return int(one > other) - int(one < other)


def agree(scheme: Scheme, one: str, other: str, reference: int) -> None:
    """The keys are in the order of the reference."""
    key_one, key_other = key(scheme, one), key(scheme, other)

    assert key_one is not None
    assert key_other is not None
    assert order(key_one, key_other) == reference


@given(texts(".-_+!"), texts(".-_+!"))
def test_pypi_orders_as_packaging(one: str, other: str) -> None:
    """Also what is a version at all."""
    try:
        reference = order(PythonVersion(one), PythonVersion(other))
    except InvalidVersion:
        assert None in (key(Scheme.PYPI, one), key(Scheme.PYPI, other))
        return

    agree(Scheme.PYPI, one, other, reference)


IDENTIFIERS = st.lists(
    st.sampled_from(["0", "1", "10", "a", "A", "b1", "0b", "-", "rc", "rc-2"]), min_size=1, max_size=3
)
SEMANTIC = st.builds(
    lambda numbers, pre, build: ".".join(numbers) + pre + build,
    st.lists(st.sampled_from(["0", "1", "2", "10"]), min_size=3, max_size=3),
    st.just("") | IDENTIFIERS.map(lambda parts: "-" + ".".join(parts)),
    st.just("") | IDENTIFIERS.map(lambda parts: "+" + ".".join(parts)),
)


@given(SEMANTIC, SEMANTIC)
def test_semver_orders_as_the_semver_package(one: str, other: str) -> None:
    """For all that is strictly a semantic version; our leniency is in the tables."""
    agree(Scheme.SEMVER, one, other, SemanticVersion.parse(one).compare(other))


@given(texts(".-+~:"), texts(".-+~:"))
def test_deb_orders_as_python_debian(one: str, other: str) -> None:
    """Whose native comparison is dpkg's algorithm."""
    assume(key(Scheme.DEB, one) is not None)
    assume(key(Scheme.DEB, other) is not None)

    agree(Scheme.DEB, one, other, order(NativeVersion(one), NativeVersion(other)))


@given(texts("._+~"), texts("._+~"))
def test_rpm_orders_as_rpmvercmp(one: str, other: str) -> None:
    """Without `^`, which the reference is too old for; the tables have it."""
    agree(Scheme.RPM, one, other, vercmp(one, other))


@pytest.mark.parametrize(("scheme", "reference"), [(Scheme.GEM, RubygemsVersion), (Scheme.NUGET, NugetVersion)])
@given(one=texts(".-"), other=texts(".-"))
def test_gem_and_nuget_order_as_univers(scheme: Scheme, reference: Callable[[str], Any], one: str, other: str) -> None:
    """For all that both accept."""
    assume(key(scheme, one) is not None)
    assume(key(scheme, other) is not None)
    try:
        expected = order(reference(one), reference(other))
    except (UniversInvalid, ValueError):
        assume(False)

    agree(scheme, one, other, expected)
