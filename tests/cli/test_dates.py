"""Dates and ages as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from postmarket.cli.dates import ago, day, old, parse_moment, past_or_end
from postmarket.policy.errors import PolicyError
from tests.builders import NOW


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-11-24T08:00:00Z", "just now"),
        ("2026-11-24T07:59:01Z", "just now"),
        ("2026-11-24T07:58:00Z", "2 minutes old"),
        ("2026-11-24", "8 hours old"),
        ("2026-11-23", "1 day old"),
        ("2027-11-23", "dated in the future"),
        ("soon", "age unknown"),
        ("0001-01-01T00:00:00+14:00", "age unknown"),
    ],
)
def test_how_old_a_feed_s_word_is(when: str, said: str) -> None:
    """A feed's date that is none ends nothing and blames no option."""
    assert old(when, NOW) == said


def test_when_a_load_ran() -> None:
    """A run that has just begun began just now."""
    assert ago("2026-11-24T08:00:00Z", NOW) == "just now"
    assert ago("2026-11-24T05:00:00Z", NOW) == "3 hours ago"


def test_what_is_no_date_blames_who_gave_it() -> None:
    """The option, or whatever else it came from."""
    with pytest.raises(PolicyError, match=r"^--aware: 'soon' is no date"):
        parse_moment("soon", where="--aware")


def test_a_day_is_written_one_way() -> None:
    """In UTC, whatever zone the moment was given in."""
    assert day(datetime(2026, 11, 24, 1, tzinfo=timezone(timedelta(hours=2)))) == "2026-11-23"


def test_what_has_been_may_be_now_and_today_and_nothing_later() -> None:
    """While the clock runs: nothing given is now, today is until now."""
    before = datetime.now(UTC)
    for text in ("", f"{before.astimezone(ZoneInfo(settings.SITE_TIME_ZONE)):%Y-%m-%d}"):
        assert before <= past_or_end(text, where="--as-of") <= datetime.now(UTC)
    assert past_or_end("2026-01-01T08:00:00Z", where="--as-of") == datetime(2026, 1, 1, 8, tzinfo=UTC)
    for later in (timedelta(days=2), timedelta(days=400)):
        with pytest.raises(PolicyError, match="is to come"):
            past_or_end(f"{before + later:%Y-%m-%d}", where="--as-of")
    with pytest.raises(PolicyError, match="is to come"):
        past_or_end((before + timedelta(hours=1)).isoformat(), where="--as-of")
