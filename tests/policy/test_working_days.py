"""Counting working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.policy.errors import PolicyError
from postmarket.policy.working_days import add_working_days, federal_holidays, is_working_day

DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2045, 12, 31))
COUNTS = st.integers(min_value=1, max_value=60)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 11, 20), 10, date(2026, 12, 7)),
        (date(2026, 11, 21), 10, date(2026, 12, 7)),
        (date(2026, 12, 18), 10, date(2027, 1, 5)),
        (date(2027, 6, 11), 10, date(2027, 6, 28)),
        (date(2027, 12, 22), 10, date(2028, 1, 7)),
        (date(2027, 3, 4), 10, date(2027, 3, 18)),
        (date(2026, 11, 25), 5, date(2026, 12, 3)),
    ],
)
def test_the_reference_vectors(start: date, days: int, due: date) -> None:
    """The seven working-day vectors of the regulatory reference §10.3; its two calendar vectors are with the clocks."""
    assert add_working_days(start, days) == due


def test_conservative_counting_knows_no_holidays() -> None:
    """Thanksgiving 2026 moves the date only where holidays count."""
    assert add_working_days(date(2026, 11, 20), 10, conservative=True) == date(2026, 12, 4)


def _third(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _statutory(year: int) -> set[date]:
    """5 USC 6103, written out independently of the library."""
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= 2021:
        fixed.append(date(year, 6, 19))
    last_may = date(year, 5, 31)
    return {
        *fixed,
        _third(year, 1, 0, 3),
        _third(year, 2, 0, 3),
        last_may - timedelta(days=last_may.weekday()),
        _third(year, 9, 0, 1),
        _third(year, 10, 0, 2),
        _third(year, 11, 3, 4),
    }


def _observed(day: date) -> date:
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def test_the_holidays_are_those_of_the_statute() -> None:
    """Every weekday of 2015–2045 is a holiday exactly when the statute, with its observed days, says so."""
    statutory = {_observed(day) for year in range(2014, 2047) for day in _statutory(year)}
    days = [date(2015, 1, 1) + timedelta(days=index) for index in range(31 * 365)]

    wrong = [day for day in days if day.weekday() < 5 and (day in federal_holidays(day.year)) != (day in statutory)]

    assert wrong == []


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2027, 12, 31), False),  # New Year 2028 is a Saturday
        (date(2021, 6, 18), False),  # the first Juneteenth, observed
        (date(2020, 6, 19), True),  # before the statute
        (date(2025, 1, 20), False),  # Martin Luther King Jr. Day, not Inauguration Day
        (date(2021, 1, 20), True),  # Inauguration Day, Washington only
        (date(2024, 12, 24), True),  # closed by executive order, not by statute
        (date(2019, 12, 24), True),
        (date(2025, 1, 9), True),  # day of mourning, by executive order
        (date(2026, 11, 21), False),
    ],
)
def test_single_days(day: date, working: bool) -> None:
    """Observed days count, closings without a statute do not."""
    assert is_working_day(day) is working


@given(DAYS, COUNTS)
def test_it_lands_on_a_working_day_after_the_start(start: date, days: int) -> None:
    """A deadline is never a weekend or a holiday, nor the day of the event."""
    due = add_working_days(start, days)

    assert is_working_day(due)
    assert due > start


@given(DAYS, COUNTS)
def test_the_days_between_are_as_many_as_asked(start: date, days: int) -> None:
    """The working days after the start up to the deadline are exactly the number asked for."""
    due = add_working_days(start, days)

    span = (start + timedelta(days=index) for index in range(1, (due - start).days + 1))
    assert sum(is_working_day(day) for day in span) == days


@given(DAYS, st.integers(min_value=0, max_value=400), COUNTS, COUNTS)
def test_later_start_or_more_days_never_give_an_earlier_date(start: date, gap: int, days: int, more: int) -> None:
    """Monotone in both inputs."""
    due = add_working_days(start, days)

    assert add_working_days(start + timedelta(days=gap), days) >= due
    assert add_working_days(start, days + more) > due


@given(DAYS, COUNTS)
def test_conservative_is_never_later(start: date, days: int) -> None:
    """Leaving holidays out gives the same or an earlier date."""
    assert add_working_days(start, days, conservative=True) <= add_working_days(start, days)


@given(DAYS, COUNTS, COUNTS, st.booleans())
def test_counting_in_two_steps_is_counting_once(start: date, first: int, then: int, conservative: bool) -> None:
    """Additive: every step ends on a working day, so nothing is lost between two steps."""
    middle = add_working_days(start, first, conservative=conservative)

    assert add_working_days(middle, then, conservative=conservative) == add_working_days(
        start, first + then, conservative=conservative
    )


@pytest.mark.parametrize("days", [0, -1, 10_001])
def test_an_absurd_number_is_refused(days: int) -> None:
    """Zero, negative and endless counts are errors, not dates."""
    with pytest.raises(PolicyError, match="working days is out of range"):
        add_working_days(date(2026, 1, 1), days)


def test_the_end_of_the_calendar_is_refused() -> None:
    """A deadline after the year 9999 is one clear line."""
    with pytest.raises(PolicyError, match="beyond the calendar"):
        add_working_days(date(9999, 12, 20), 30, conservative=True)
