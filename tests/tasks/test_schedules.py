"""When ticks are."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.tasks.errors import WrongHandler
from postmarket.tasks.schedules import Daily, Every, Schedule

moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone
schedules = st.one_of(
    st.builds(Every, st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=40))),
    st.builds(Daily, st.times(), st.frozensets(st.integers(0, 6), min_size=1)),
)


@pytest.mark.parametrize(
    ("schedule", "after", "tick"),
    [
        (Every(timedelta(hours=1)), "2026-11-24T09:30:00", "2026-11-24T10:00:00"),
        (Every(timedelta(hours=1)), "2026-11-24T10:00:00", "2026-11-24T11:00:00"),
        (Daily(time(3, 40)), "2026-11-24T03:39:59", "2026-11-24T03:40:00"),
        (Daily(time(3, 40)), "2026-11-24T03:40:00", "2026-11-25T03:40:00"),
        (Daily(time(6), frozenset({0})), "2026-11-24T09:00:00", "2026-11-30T06:00:00"),  # from a Tuesday to Monday
        (Daily(time(6), frozenset({1})), "2026-11-24T06:00:00", "2026-12-01T06:00:00"),
    ],
)
def test_the_next_tick(schedule: Schedule, after: str, tick: str) -> None:
    """The next tick is later than the moment it is asked for, never that moment."""
    found = schedule.next_after(datetime.fromisoformat(after).replace(tzinfo=UTC))

    assert found == datetime.fromisoformat(tick).replace(tzinfo=UTC)


@given(schedules, moments, moments)
def test_ticks_go_forward_and_none_is_skipped(schedule: Schedule, one: datetime, other: datetime) -> None:
    """Whoever asks later, before the next tick, gets the same tick: all machines agree."""
    tick = schedule.next_after(one)

    assert tick > one
    if one <= other < tick:
        assert schedule.next_after(other) == tick


@pytest.mark.parametrize("days", [frozenset[int](), frozenset({7}), frozenset({-1})])
def test_days_are_those_of_a_week(days: frozenset[int]) -> None:
    """A schedule that never ticks is refused when it is written."""
    with pytest.raises(WrongHandler, match="names no day"):
        Daily(time(3), days)
