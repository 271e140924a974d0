"""Spans: ranges that still know their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.sources.spans import covers, exact, read_span, rest, span, whole
from postmarket.versions.errors import UnknownVersion, VersionsError
from postmarket.versions.interface import Scheme
from tests.sources.given import holds

NUMBERS = st.integers(0, 30).map(lambda number: f"{number // 10}.{number % 10}")


def test_the_words_say_the_range() -> None:
    """In one fixed form, whatever the scheme."""
    generic = Scheme.GENERIC

    assert whole(generic).words == "any"
    assert exact(generic, "1.2").words == "= 1.2"
    assert exact(generic, "5.10.*").words == "= 5.10.*"
    assert span(generic, lower="1.0.2", upper="1.0.2zf").words == ">= 1.0.2, < 1.0.2zf"
    assert span(generic, lower="1.0", lower_inclusive=False).words == "> 1.0"
    assert span(generic, upper="2.0", upper_inclusive=True).words == "<= 2.0"
    assert span(generic, upper="5.10.x", upper_inclusive=True).words == "<= 5.10.x"


def test_only_an_exclusive_end_is_a_fixed_version() -> None:
    """Up to and including says nothing about what comes next."""
    assert span(Scheme.GENERIC, upper="2.0").fixed == "2.0"
    assert span(Scheme.GENERIC, upper="2.0", upper_inclusive=True).fixed == ""
    assert whole(Scheme.GENERIC).fixed == ""


@given(st.none() | NUMBERS, st.booleans(), st.none() | NUMBERS, st.booleans())
def test_words_read_back_are_the_same_range(
    lower: str | None, lower_inclusive: bool, upper: str | None, upper_inclusive: bool
) -> None:
    """So that another room can key them in another scheme."""
    try:
        made = span(
            Scheme.GENERIC,
            lower=lower,
            lower_inclusive=lower_inclusive,
            upper=upper,
            upper_inclusive=upper_inclusive,
        )
    except VersionsError:
        return  # nothing lies between the ends

    assert read_span(made.words, Scheme.GENERIC) == made.range


def test_words_are_keyed_in_the_scheme_asked_for() -> None:
    """A letter release of OpenSSL is after its number in openssl's own scheme."""
    found = read_span(">= 1.0.2, < 1.0.2zf", Scheme.OPENSSL)

    assert found.scheme is Scheme.OPENSSL
    assert holds(found, "1.0.2u")
    assert not holds(found, "1.0.2zf")


@pytest.mark.parametrize("words", ["-", "", "sometimes", "= ", ">= 2.0, < 1.0"])
def test_other_words_are_no_span(words: str) -> None:
    """The criterion then stays only possible."""
    with pytest.raises(VersionsError):
        read_span(words, Scheme.GENERIC)


def test_commits_have_no_range() -> None:
    """One whole commit is a span, from one to another is none."""
    one, other = "a" * 40, "b" * 40

    assert exact(Scheme.GIT, one).words == f"= {one}"
    with pytest.raises(VersionsError):
        span(Scheme.GIT, lower=one, upper=other)
    with pytest.raises(UnknownVersion):
        exact(Scheme.GIT, "a" * 12)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5), NUMBERS)
def test_the_rest_holds_what_the_spans_do_not(pairs: list[tuple[str, str]], version: str) -> None:
    """Every version is in exactly one of the two, and the rest is put in words."""
    spans = []
    for lower, upper in pairs:
        try:
            spans.append(span(Scheme.GENERIC, lower=lower, upper=upper))
        except VersionsError:
            continue

    left = rest(Scheme.GENERIC, spans)

    inside = any(holds(one.range, version) for one in spans)
    assert inside is not any(holds(one.range, version) for one in left)
    assert all(read_span(one.words, Scheme.GENERIC) == one.range for one in left)


def test_a_span_covers_what_lies_in_it() -> None:
    """The ends count."""
    outer = [span(Scheme.GENERIC, lower="1.0", upper="2.0")]

    assert covers(outer, exact(Scheme.GENERIC, "1.0"))
    assert not covers(outer, exact(Scheme.GENERIC, "2.0"))
    assert not covers([], exact(Scheme.GENERIC, "1.0"))
