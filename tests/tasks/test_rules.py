"""How long a failed task waits, and when it is spent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.tasks.rules import is_spent, pause_after


def test_pauses_grow_to_an_hour() -> None:
    """A short hiccup costs seconds, a long outage no more than an hour of delay."""
    pauses = [pause_after(attempts).total_seconds() for attempts in range(1, 7)]

    assert pauses == [10, 40, 160, 640, 2560, 3600]


@given(st.integers(0, 10**9))
def test_a_pause_never_shrinks_with_attempts(attempts: int) -> None:
    """Nor does it grow past an hour, whatever number stands in the row."""
    assert timedelta(seconds=10) <= pause_after(attempts) <= pause_after(attempts + 1) <= timedelta(hours=1)


@pytest.mark.parametrize(("attempts", "retries", "spent"), [(1, 0, True), (1, 1, False), (2, 1, True), (0, 0, False)])
def test_retries_come_after_the_first_attempt(attempts: int, retries: int, spent: bool) -> None:
    """No retries still means one attempt."""
    assert is_spent(attempts, retries) is spent
