"""Is the SBOM current? Three questions, and unknown is never yes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.inventory.policy import limits
from postmarket.inventory.rules.currency import (
    BuildFacts,
    Currency,
    SbomFacts,
    VersionFacts,
    about_another,
    currency,
    held_back,
)
from postmarket.inventory.words import Answer

TODAY = date(2026, 11, 24)
ALLOWED = limits().sbom_age
OLD, NEW = "a" * 64, "b" * 64
BUILT = datetime(2026, 2, 9, tzinfo=UTC)
GOOD = SbomFacts("ventorsa", "5.2", made_on=date(2026, 3, 1))


def asked(sbom: SbomFacts | None, *builds: BuildFacts, version: str = "5.2") -> Currency:
    """The three answers for Ventorsa 5.2."""
    return currency(VersionFacts(("Ventorsa 5", "VT5-100"), version, builds), sbom, today=TODAY, allowed=ALLOWED)


def build(label: str, days: int = 0, sha256: str = "", *, has_sbom: bool = False) -> BuildFacts:
    """A build made so many days after the first."""
    return BuildFacts(label, BUILT + timedelta(days=days), sha256, has_sbom)


def test_all_three_good_is_current() -> None:
    """It is about this version, young enough, and the newest build has it."""
    assert asked(GOOD, build("b1", has_sbom=True)).is_current is Answer.YES


def test_without_an_sbom_nothing_belongs() -> None:
    """And nothing can be too old."""
    found = asked(None)

    assert (found.belongs.answer, found.too_old.answer, found.is_current) == (Answer.NO, Answer.UNKNOWN, Answer.NO)


@pytest.mark.parametrize(
    ("sbom", "answer", "why"),
    [
        (SbomFacts("ventorsa", "5.2"), Answer.YES, "about ventorsa 5.2"),
        (SbomFacts("ventorsa", "v5.2"), Answer.YES, "about ventorsa v5.2"),
        (SbomFacts("ventorsa", "5.1"), Answer.NO, "about version 5.1"),
        (SbomFacts("ventorsa"), Answer.UNKNOWN, "does not say which version"),
        (SbomFacts("", "5.2"), Answer.UNKNOWN, "of what it does not say"),
        (SbomFacts("infusion-gateway", "5.2"), Answer.UNKNOWN, "the name does not"),
        (SbomFacts("x", "9", OLD), Answer.NO, "of the older build b1"),
        (SbomFacts("x", "9", NEW), Answer.YES, "the SHA-256 of the newest build, b2"),
        (SbomFacts("ventorsa", "5.2", "c" * 64), Answer.NO, "of no build recorded here"),
    ],
)
def test_whether_it_belongs_is_said_by_hash_then_version_then_name(sbom: SbomFacts, answer: Answer, why: str) -> None:
    """A hash says it for sure; a name alone never says no."""
    verdict = asked(sbom, build("b1", sha256=OLD), build("b2", 10, NEW)).belongs

    assert verdict.answer is answer
    assert why in verdict.why


@given(st.integers(0, 2000))
def test_age_is_counted_in_days_and_the_last_allowed_day_still_counts(days: int) -> None:
    """For every age."""
    sbom = SbomFacts("ventorsa", "5.2", made_on=TODAY - timedelta(days=days))

    verdict = asked(sbom).too_old

    assert verdict.answer is (Answer.YES if days > ALLOWED.days else Answer.NO)
    assert f"{days} days ago" in verdict.why


def test_an_sbom_from_the_future_has_no_age() -> None:
    """Its clock was wrong, or ours is: nobody can say how old it is."""
    assert asked(SbomFacts("ventorsa", "5.2", made_on=TODAY + timedelta(days=2))).too_old.answer is Answer.UNKNOWN


@given(st.lists(st.tuples(st.integers(0, 500), st.booleans()), min_size=1, max_size=6, unique_by=lambda one: one[0]))
def test_only_the_newest_build_counts(made: list[tuple[int, bool]]) -> None:
    """Whatever order builds are listed in, and whatever older ones lack."""
    builds = [build(f"b{days}", days, has_sbom=has) for days, has in made]

    verdict = asked(GOOD, *builds).newer_build_without

    assert verdict.answer is (Answer.NO if max(made)[1] else Answer.YES)


@given(
    st.sampled_from([GOOD, None, SbomFacts("ventorsa", "5.1"), SbomFacts(), SbomFacts(made_on=date(2020, 1, 1))]),
    st.lists(st.booleans(), max_size=1),
)
def test_current_is_never_said_over_an_unknown(sbom: SbomFacts | None, builds: list[bool]) -> None:
    """Yes takes three good answers; one bad one makes it no."""
    found = asked(sbom, *(build("b1", has_sbom=has) for has in builds))
    answers = (found.belongs.answer, found.too_old.answer, found.newer_build_without.answer)

    assert (found.is_current is Answer.YES) is (answers == (Answer.YES, Answer.NO, Answer.NO))
    bad = any(one is wrong for one, wrong in zip(answers, (Answer.NO, Answer.YES, Answer.YES), strict=True))
    assert (found.is_current is Answer.NO) is bad


@pytest.mark.parametrize(
    ("sbom", "said"),
    [
        (SbomFacts("juice-shop", "11.1.2"), "juice-shop 11.1.2"),
        (SbomFacts("ventorsa", "5.1"), "ventorsa 5.1"),
        (SbomFacts("infusion-gateway", "5.2"), "infusion-gateway 5.2"),
        (SbomFacts("infusion-gateway"), "infusion-gateway"),
        (SbomFacts("", "5.1"), "version 5.1"),
        (SbomFacts("ventorsa", "v5.2"), ""),
        (SbomFacts("ventorsa"), ""),
        (SbomFacts(), ""),
        (SbomFacts("x", "9", NEW), ""),
    ],
)
def test_what_an_sbom_says_it_is_about_is_told_where_it_is_not_this(sbom: SbomFacts, said: str) -> None:
    """Saying nothing is not saying another; the hash of the newest build wins over names."""
    version = VersionFacts(("Ventorsa 5", "VT5-100"), "5.2", (build("b1", sha256=OLD), build("b2", 10, NEW)))

    assert about_another(version, sbom) == said


OURS = VersionFacts(("Ventorsa 5", "VT5-100"), "5.2", (build("b1", sha256=OLD), build("b2", 10, NEW)))


@pytest.mark.parametrize(
    ("sbom", "current", "why"),
    [
        (SbomFacts("juice-shop", "11.1.2"), GOOD, "about juice-shop 11.1.2; the one in use is about ventorsa 5.2"),
        (SbomFacts("juice-shop"), SbomFacts(), "about juice-shop; the one in use does not say what it is about"),
        (SbomFacts("ventorsa", "5.1"), SbomFacts("firmware", "1207"), "5.1 is another version of this device"),
        (SbomFacts("", "v5.1"), GOOD, "v5.1 is another version of this device"),
        (SbomFacts("ventorsa", "7"), GOOD, "about ventorsa 7; the one in use is about 5.2"),
    ],
)
def test_what_is_likely_a_slip_is_held_and_says_why(sbom: SbomFacts, current: SbomFacts, why: str) -> None:
    """Another product, another version of the device, or a version where the one before said the right one."""
    assert why in held_back(OURS, sbom, current, others=("5.1",))


@pytest.mark.parametrize(
    ("sbom", "current"),
    [
        (GOOD, SbomFacts("juice-shop", "11.1.2")),
        (SbomFacts(), GOOD),
        (SbomFacts("ventorsa"), GOOD),
        (SbomFacts("Firmware", "1208"), SbomFacts("firmware", "1207")),
        (SbomFacts("ventorsa", "5.2.1+b8"), SbomFacts("ventorsa", "5.2.1+b7")),
        (SbomFacts("juice-shop", "11.1.2", NEW), GOOD),
        (SbomFacts("ventorsa", "5.1"), SbomFacts("ventorsa", "v5.1")),
    ],
)
def test_a_firms_own_way_of_naming_is_not_held_twice(sbom: SbomFacts, current: SbomFacts) -> None:
    """What goes by the words of the one in use comes through, and so does what states the newest build's hash."""
    assert held_back(OURS, sbom, current, others=("5.1",)) == ""


WORDS = st.sampled_from(["", "ventorsa", "firmware", "5.2", "v5.2", "5.1", "5.3", "1207"])
FACTS = st.builds(SbomFacts, subject_name=WORDS, subject_version=WORDS, subject_sha256=st.sampled_from(["", OLD, NEW]))


@given(FACTS, FACTS)
def test_only_what_says_it_is_about_another_is_ever_held(sbom: SbomFacts, current: SbomFacts) -> None:
    """And the same words a second time are not."""
    held = held_back(OURS, sbom, current, others=("5.1", "5.3"))

    assert not held or about_another(OURS, sbom)
    assert held_back(OURS, sbom, sbom, others=("5.1", "5.3")) == ""
