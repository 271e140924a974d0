"""What was it, on that day? Records answer from what was recorded, never from what a table says now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from postmarket.records.queries import FieldChange, as_of, differences, history
from tests.records.builders import ANALYST, LEAD, NOON, PUMP, VENTILATOR, record, story

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def lived() -> None:
    """A pump is created, changed, spoken about, and deleted, each a day later; a ventilator beside it."""
    record("device.created", at=NOON, before=None, after={"name": "Pump", "markets": ["us"]})
    record("device.created", at=NOON, subject=VENTILATOR, before=None, after={"name": "Vent"})
    record(
        at=NOON + DAY,
        before={"name": "Pump", "markets": ["us"]},
        after={"name": "VersaPump 3", "markets": ["us", "eu"]},
    )
    record("device.reviewed", at=NOON + 2 * DAY)
    record("device.deleted", at=NOON + 3 * DAY, before={"name": "VersaPump 3", "markets": ["us", "eu"]}, after=None)


def test_what_a_subject_was_at_a_time() -> None:
    """The entry that says so comes with it; a record that says nothing of its state changes nothing."""
    lived()

    assert as_of(PUMP, NOON - timedelta(seconds=1)) is None
    for at, number, name in (
        (NOON, 1, "Pump"),
        (NOON + DAY - timedelta(microseconds=1), 1, "Pump"),
        (NOON + DAY, 3, "VersaPump 3"),
        (NOON + 2 * DAY, 3, "VersaPump 3"),
    ):
        found = as_of(PUMP, at)
        assert found is not None
        assert (found.number, found.snapshot and found.snapshot["name"]) == (number, name)


def test_a_subject_that_was_deleted_is_known_to_be_gone() -> None:
    """Which is something else than that nobody ever spoke of it."""
    record(after={"name": "Pump"})
    record("device.deleted", at=NOON + DAY, before={"name": "Pump"}, after=None)

    found = as_of(PUMP, NOON + DAY)
    assert found is not None
    assert (found.number, found.snapshot) == (2, None)


def test_the_chain_s_order_counts_where_clocks_disagree() -> None:
    """A second machine whose clock is behind writes later: what it wrote is the newer state."""
    record(at=NOON, after={"firmware": "1.0"})
    record(at=NOON - timedelta(minutes=5), after={"firmware": "1.1"})

    found = as_of(PUMP, NOON)
    assert found is not None
    assert found.snapshot == {"firmware": "1.1"}


def test_a_history_says_who_changed_what() -> None:
    """Oldest first, only of this subject, each with the fields that changed."""
    lived()
    first, second, reviewed, _ = history(PUMP)

    assert [change.path for change in first.changes] == ["markets", "name"]
    assert second.changes == (FieldChange("markets[1]", None, "eu"), FieldChange("name", "Pump", "VersaPump 3"))
    assert (reviewed.said.kind, reviewed.changes) == ("device.reviewed", ())


def test_each_entry_of_a_history_names_its_person() -> None:
    """With the name they then had."""
    record(actor=ANALYST)
    record(actor=LEAD)

    assert [step.said.actor.name for step in history(PUMP)] == ["Petra Sommer", "Dr. Amara Okafor"]


def test_a_question_about_one_subject_reads_only_its_entries(django_assert_num_queries: object) -> None:
    """One query however long the chain is."""
    story(5)
    with django_assert_num_queries(1):  # type: ignore[operator]
        as_of(PUMP, NOON)
    with django_assert_num_queries(1):  # type: ignore[operator]
        list(history(PUMP))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, {"a": 1}, [FieldChange("a", None, 1)]),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [FieldChange("a.b", 1, 2)]),
        ({"a": True}, {"a": 1}, [FieldChange("a", True, 1)]),
        ({"a": [1, 2]}, {"a": [1]}, [FieldChange("a[1]", 2, None)]),
        ({"a": {"b": 1}}, {"a": None}, [FieldChange("a.b", 1, None)]),
        ({"a": 1}, {"a": 1}, []),
    ],
)
def test_differences_are_told_by_path(before: object, after: object, expected: list[FieldChange]) -> None:
    """Leaves only; yes and 1 are not the same."""
    assert list(differences(before, after)) == expected  # type: ignore[arg-type]
