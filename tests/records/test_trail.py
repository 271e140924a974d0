"""Acts: a change and its records, together or not at all."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta, timezone

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from postmarket import records
from postmarket.records import Subject, chain
from postmarket.records.errors import ChainBroken, RecordRefused
from postmarket.records.keys import signing_key, trusted
from postmarket.records.models import Entry, Head
from tests.records.builders import ANALYST, FEEDS, NOON, PUMP, VENTILATOR, record, story
from tests.records.flushing.guards import drop_guards

pytestmark = pytest.mark.django_db


def said(number: int) -> dict[str, object]:
    """What entry `number` says."""
    content: dict[str, object] = json.loads(bytes(Entry.objects.get(number=number).content))
    return content


def test_a_record_says_who_did_what_when_why_and_what_changed() -> None:
    """21 CFR 11.10(e): the person, the time, the change, and the value before it."""
    berlin = timezone(timedelta(hours=1))
    with records.act(actor=ANALYST, at=NOON.astimezone(berlin), why="Typing error.", policy="primary-source 3") as act:
        act.note("device.changed", subject=PUMP, before={"name": "Pmup"}, after={"name": "Pump"})

    written = said(1)
    assert written.pop("act")
    assert written == {
        "format": 1,
        "number": 1,
        "kind": "device.changed",
        "subject": {"kind": "device", "id": "42"},
        "actor": {"id": "7", "name": "Petra Sommer", "kind": "human"},
        "at": "2026-11-24T12:00:00.000000Z",
        "site_zone": "UTC",
        "why": "Typing error.",
        "policy": "primary-source 3",
        "before": {"name": "Pmup"},
        "after": {"name": "Pump"},
    }


def test_each_entry_continues_the_one_before_and_the_head_is_signed() -> None:
    """Numbers without a gap, hashes over the exact bytes, a head that the key outside the database signed."""
    story(3)

    head = Head.objects.get()
    previous = chain.genesis(head.chain)
    for number, entry in enumerate(Entry.objects.order_by("number"), start=1):
        assert entry.number == number
        assert bytes(entry.previous) == previous
        previous = chain.link(previous, bytes(entry.content))
        assert bytes(entry.hash) == previous
    assert (head.number, bytes(head.hash)) == (3, previous)
    assert head.key in trusted(settings.POSTMARKET_HOME)


def test_columns_repeat_what_the_bytes_say() -> None:
    """So that records can be searched."""
    record("feed.run", subject=VENTILATOR, actor=FEEDS, after={"entries": 3})

    entry = Entry.objects.get()
    assert (entry.kind, entry.subject_kind, entry.subject_id) == ("feed.run", "device", "43")
    assert (entry.actor_kind, entry.actor_id, entry.at, entry.states) == ("machine", "feeds", NOON, True)


def test_a_change_whose_record_cannot_be_written_is_undone() -> None:
    """The record is written in the same transaction, or neither is."""
    record()
    drop_guards(connection)
    Head.objects.all().delete()
    with pytest.raises(ChainBroken, match="records verify"), records.act(actor=ANALYST, at=NOON, why="") as act:
        begin_another_chain()
        act.note("device.changed", subject=PUMP)

    assert not Head.objects.exists()


def begin_another_chain() -> None:
    """Some change in the database that can be looked for."""
    Head.objects.create(pk=1, chain="x", number=0, hash=b"", signature=b"")
    Head.objects.filter(pk=1).delete()


def test_an_act_that_fails_leaves_no_record() -> None:
    """Neither its own nor that of an act within it."""
    with pytest.raises(KeyError), records.act(actor=ANALYST, at=NOON, why="") as act:
        act.note("device.changed", subject=PUMP)
        record(subject=VENTILATOR)
        raise KeyError

    assert not Entry.objects.exists()


def test_an_inner_act_is_written_with_the_outer_in_the_order_of_doing() -> None:
    """With its own person and reason."""
    with records.act(actor=ANALYST, at=NOON, why="outer") as act:
        act.note("first", subject=PUMP)
        record("second", actor=FEEDS, why="inner")
        act.note("third", subject=PUMP)
        assert not Entry.objects.exists()

    assert list(Entry.objects.values_list("kind", "actor_id")) == [("first", "7"), ("second", "feeds"), ("third", "7")]


def test_an_inner_act_that_fails_takes_only_its_own_records_with_it() -> None:
    """What it changed was rolled back, so nothing may say that it happened."""
    with records.act(actor=ANALYST, at=NOON, why="outer") as act:
        act.note("first", subject=PUMP)
        with pytest.raises(KeyError), records.act(actor=ANALYST, at=NOON, why="inner") as inner:
            inner.note("second", subject=PUMP)
            raise KeyError

    assert list(Entry.objects.values_list("kind", flat=True)) == ["first"]


def test_a_record_that_lasts_outlives_its_act() -> None:
    """What was tried and failed is recorded although the trying was undone."""
    with pytest.raises(KeyError), records.act(actor=ANALYST, at=NOON, why="") as act:
        act.note("device.changed", subject=PUMP)
        act.note_lasting("signing.failed", subject=PUMP)
        raise KeyError

    assert list(Entry.objects.values_list("kind", flat=True)) == ["signing.failed"]


@pytest.mark.parametrize(
    "after",
    [
        {"score": 9.8},
        {"when": NOON},
        {"n": 2**53},
        {"text": "\ud800"},
        {1: "one"},
        {"blob": b"x"},
        {"big": "x" * 2**20},
    ],
    ids=["fraction", "time", "integer", "surrogate", "key", "bytes", "size"],
)
def test_what_json_cannot_hold_exactly_is_refused_where_it_is_noted(after: dict[str, object]) -> None:
    """A rounded or reinterpreted value would not be what was recorded."""
    with records.act(actor=ANALYST, at=NOON, why="") as act, pytest.raises(RecordRefused):
        act.note("device.changed", subject=PUMP, after=after)  # type: ignore[arg-type]

    assert not Entry.objects.exists()


def test_a_snapshot_nested_without_end_is_refused() -> None:
    """Instead of ending in the interpreter's recursion limit."""
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    with records.act(actor=ANALYST, at=NOON, why="") as act, pytest.raises(RecordRefused, match="nested"):
        act.note("device.changed", subject=PUMP, after={"deep": nested})  # type: ignore[dict-item]


def test_a_time_without_a_zone_is_refused() -> None:
    """Nobody could say later which moment it was."""
    naive = datetime(2026, 11, 24, 12)  # noqa: DTZ001 - that is the point
    with pytest.raises(RecordRefused, match="zone"):
        record(at=naive)


@pytest.mark.parametrize(("kind", "id_"), [("", "1"), ("device", ""), ("device", "a\x00b"), ("device", "x" * 201)])
def test_a_subject_without_a_usable_name_is_refused(kind: str, id_: str) -> None:
    """Every engine must keep it as it is."""
    with pytest.raises(RecordRefused):
        Subject(kind, id_)


def test_any_text_a_person_can_write_is_kept_as_it_is() -> None:
    """Newlines, other scripts, emoji, and the NUL that PostgreSQL's own types refuse."""
    text = "Zeile 1\r\nZeile 2\x00 呼吸 🫁 \\u0000 \u2028"
    record(after={"note": text}, why=text)

    assert said(1)["after"] == {"note": text}
    assert said(1)["why"] == text


@pytest.mark.parametrize("model", [Entry, Head])
def test_the_database_itself_forbids_deleting(model: type[Entry] | type[Head]) -> None:
    """Also past our code: triggers stand on both engines."""
    record()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.all().delete()


def test_the_database_itself_forbids_changing_an_entry() -> None:
    """Whatever column."""
    record()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(kind="something else")


@pytest.mark.parametrize("change", [{"number": 0}, {"number": 1}, {"chain": "another", "number": 2}])
def test_the_database_lets_the_head_only_move_forward(change: dict[str, object]) -> None:
    """Neither back, nor aside, nor to another chain."""
    record()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Head.objects.update(**change)


def test_postgresql_forbids_emptying_a_table() -> None:
    """TRUNCATE fires no row trigger."""
    if connection.vendor != "postgresql":
        assert connection.vendor == "sqlite"  # it has no TRUNCATE
        return
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE records_entry")


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_leave_neither_gap_nor_fork() -> None:
    """Eight threads, each with its own connection, six acts of two records each."""
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for step in range(6):
                with records.act(actor=FEEDS, at=NOON, why="") as act:
                    act.note("device.changed", subject=Subject("device", f"{writer}-{step}"))
                    act.note("device.changed", subject=Subject("device", f"{writer}-{step}"))
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    head = Head.objects.get()
    entries = list(Entry.objects.order_by("number"))
    assert [entry.number for entry in entries] == list(range(1, 97))
    previous = chain.genesis(head.chain)
    for entry in entries:
        assert bytes(entry.previous) == previous
        previous = bytes(entry.hash)
    assert (head.number, bytes(head.hash)) == (96, previous)
    pairs = [entry.subject_id for entry in entries]
    assert pairs[::2] == pairs[1::2]


@pytest.mark.django_db(transaction=True)
def test_after_real_commits_a_test_finds_a_new_chain() -> None:
    """What emptying the database between tests leaves behind is a working installation."""
    record()

    assert Entry.objects.get().number == 1


def test_the_key_is_its_owner_s_alone() -> None:
    """Made once; the same one afterwards."""
    home = settings.POSTMARKET_HOME
    key = signing_key(home)
    secret = home / "keys" / "records.key"

    assert secret.stat().st_mode & 0o777 == 0o600
    signing_key.cache_clear()
    assert signing_key(home).public == key.public
