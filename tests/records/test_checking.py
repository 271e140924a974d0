"""The site verifies itself: what it found is recorded, and told when it is not whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from postmarket.records import anchoring
from postmarket.records.alerts import Alert, AlertKind
from postmarket.records.checking import check_now, standing
from postmarket.records.errors import ChainBroken
from postmarket.records.models import Entry
from tests.records.attacker import execute, forged, found, rows, write
from tests.records.builders import NOON, story

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def test_a_chain_that_is_whole_leaves_one_entry_and_tells_nobody(told: list[Alert]) -> None:
    """Machine results are audited once a run."""
    story(3)
    checked = check_now(now=LATER)

    assert (checked.at, checked.entries, checked.problems, checked.altered, checked.lines) == (LATER, 3, 0, 0, ())
    assert list(Entry.objects.values_list("kind", flat=True))[3:] == ["records.verified"]
    assert told == []
    assert found(now=LATER) == []


def test_a_problem_is_recorded_and_told_with_its_place(told: list[Alert]) -> None:
    """Whoever hears it knows which entry to look at."""
    story(5)
    table = rows()
    table[2] = forged(table[2], bytes(table[2][2]), why="Forged.")
    write(table)
    checked = check_now(now=LATER)

    assert checked.problems == 1
    assert [alert.kind for alert in told] == [AlertKind.VERIFY_FAILED]
    assert "1 thing is wrong" in told[0].text
    assert "entry 3, " in told[0].text
    now = standing()
    assert now is not None
    assert now.checked == checked


def test_what_was_not_anchored_in_time_is_told_as_that(told: list[Alert]) -> None:
    """Nothing was altered: it could be without being seen."""
    story(3, start=NOON - timedelta(days=3))
    checked = check_now(now=LATER)

    assert (checked.problems, checked.altered) == (1, 0)
    assert [alert.kind for alert in told] == [AlertKind.ANCHORING_FAILED]
    assert "could be changed without being seen: entries 1 to 3" in told[0].text


def test_a_flood_of_problems_is_counted_and_only_its_beginning_kept(told: list[Alert]) -> None:
    """The record stays small whatever was done."""
    story(60)
    write(rows()[::2])
    checked = check_now(now=LATER)

    assert checked.problems == 30
    assert len(checked.lines) == 20
    assert "30 things are wrong" in told[0].text


def test_it_is_told_although_nothing_can_be_recorded_any_more(told: list[Alert]) -> None:
    """Without a head no entry can be written: that is when somebody must hear."""
    story(3)
    execute("DELETE FROM records_head")
    with pytest.raises(ChainBroken):
        check_now(now=LATER)
    assert standing() is None

    assert [alert.kind for alert in told] == [AlertKind.VERIFY_FAILED]


def test_where_the_chain_stands_is_known_without_walking_it(django_assert_max_num_queries: object) -> None:
    """Length, the last anchor and the last verification, in a few small queries."""
    before = standing()
    assert before is not None
    assert (before.checked, before.anchored) == (None, None)
    story(3)
    check_now(now=LATER)
    anchoring.anchor_now(now=LATER + timedelta(minutes=5))

    with django_assert_max_num_queries(4):  # type: ignore[operator]
        now = standing()
    assert now is not None
    assert now.entries == 5
    assert now.checked is not None
    assert (now.checked.entries, now.checked.problems) == (3, 0)
    assert now.anchored is not None
    assert (now.anchored.entries, now.anchored.at) == (4, LATER + timedelta(minutes=5))
    assert now.anchored.reached == (anchoring.anchor_folder().name,)
    assert now.anchored.missed == ()
