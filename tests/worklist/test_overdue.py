"""Dates that have passed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from postmarket.worklist.overdue import is_overdue, overdue, overdue_words
from tests.builders import NOW, Tell, nvd_range, rated, record
from tests.worklist.conftest import CRITICAL, ZLIB, Scan, device


@pytest.mark.parametrize(
    ("passed", "days", "words"),
    [
        (timedelta(seconds=1), 0, "OVERDUE less than a day"),
        (timedelta(days=1), 1, "OVERDUE 1 day"),
        (timedelta(days=12, hours=23), 12, "OVERDUE 12 days"),
    ],
)
def test_how_long_a_date_has_passed(passed: timedelta, days: int, words: str) -> None:
    """In whole days; never "0 days", as if it were not."""
    assert overdue(NOW - passed, NOW) == days
    assert overdue_words(days) == words


def test_what_has_not_passed_is_not_overdue() -> None:
    """The moment itself is still in time; no date is never late."""
    assert overdue(NOW, NOW) is None
    assert overdue(NOW + timedelta(days=1), NOW) is None
    assert overdue(None, NOW) is None


def test_only_a_hard_limit_is_breached(tell: Tell, scan: Scan) -> None:
    """A target that has passed is no breach: the limit is still to come."""
    tell(record("CVE-2026-0001", nvd_range("a:zlib:zlib", "1.2.12"), ratings=(rated(CRITICAL),)))

    late = {days: scan(device(ZLIB), aware=NOW - timedelta(days=days)).rows[0].timeline for days in (2, 4)}

    assert (is_overdue(late[2], NOW), is_overdue(late[4], NOW)) == (False, True)
