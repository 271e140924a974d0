"""Changes made straight in the database by somebody who knows how it works: each is found, and located."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from postmarket.records import anchoring
from postmarket.records.anchors.folder import Folder
from postmarket.records.models import Head
from postmarket.records.problems import MEANINGS, NEXT_STEPS, Fault, Problem
from postmarket.records.verifying import Verification
from tests.records.attacker import (
    Found,
    execute,
    forged,
    found,
    head_row,
    put_head,
    rewritten,
    rows,
    sign_head,
    unguarded,
    write,
)
from tests.records.builders import NOON, record, story
from tests.records.flushing.guards import drop_guards

pytestmark = pytest.mark.django_db
LENGTH = 10
Rows = list[list[Any]]


@pytest.fixture
def chain_of_ten() -> None:
    """Ten entries, whole."""
    story(LENGTH)


def anchored(folder: Path) -> Path:
    """An anchor of now, kept where the attacker cannot reach; making it adds one entry."""
    anchoring.anchor_now(now=NOON + timedelta(minutes=30), to=[Folder(folder)])
    return Folder(folder).files()[-1]


def test_what_nobody_touched_is_whole(chain_of_ten: None, tmp_path: Path) -> None:
    """With an anchor and without; otherwise nothing below would prove anything."""
    assert found() == []

    anchor = anchored(tmp_path)
    assert found(anchor_files=[anchor]) == []


def edit_bytes(table: Rows) -> Rows:
    """The words of entry 4, its hash left."""
    table[3][1] = bytes(table[3][1]).replace(b"As reported", b"Not reported")
    return table


def edit_hash(table: Rows) -> Rows:
    """The hash of entry 4."""
    table[3][3] = bytes(32)
    return table


def forge(table: Rows) -> Rows:
    """Entry 4 with a hash that fits."""
    table[3] = forged(table[3], bytes(table[3][2]), why="Forged.")
    return table


def forge_last(table: Rows) -> Rows:
    """The last entry with a hash that fits."""
    table[-1] = forged(table[-1], bytes(table[-1][2]), why="Forged.")
    return table


def delete(table: Rows) -> Rows:
    """Entries 4 and 5."""
    return table[:3] + table[5:]


def delete_first(table: Rows) -> Rows:
    """Where it began."""
    return table[1:]


def renumber_after(table: Rows) -> Rows:
    """Entry 4 deleted, and those after it numbered down so that no gap shows."""
    return table[:3] + [[row[0] - 1, *row[1:]] for row in table[4:]]


def insert(table: Rows) -> Rows:
    """Another entry 4, and those after it numbered up."""
    new = forged(table[3], bytes(table[2][3]), why="Inserted.")
    return [*table[:3], new, *[[row[0] + 1, *row[1:]] for row in table[3:]]]


def insert_before_all(table: Rows) -> Rows:
    """An entry 0."""
    return [[0, *table[0][1:]], *table]


def append(table: Rows) -> Rows:
    """An entry 11 that continues the chain, past the head."""
    return [*table, forged([LENGTH + 1, *table[-1][1:]], bytes(table[-1][3]), number=LENGTH + 1)]


def reorder(table: Rows) -> Rows:
    """Entries 4 and 7 change places, with all their columns."""
    table[3][1:], table[6][1:] = table[6][1:], table[3][1:]
    return table


def cut(table: Rows) -> Rows:
    """The last three are gone."""
    return table[:-3]


def copy(table: Rows) -> Rows:
    """The column that searches use says another person than the entry."""
    table[3][8] = "99"
    return table


def rewrite(table: Rows) -> Rows:
    """Everything from entry 4 on, links and hashes fitting."""
    return rewritten(table, 3)


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (edit_bytes, [(Fault.EDITED, 4, None)]),
        (edit_hash, [(Fault.EDITED, 4, None)]),
        (forge, [(Fault.REPLACED, 4, None)]),
        (forge_last, [(Fault.HEAD_DIFFERS, 10, None)]),
        (delete, [(Fault.DELETED, 4, 5)]),
        (delete_first, [(Fault.DELETED, 1, 1)]),
        (renumber_after, [(Fault.MOVED, 4, 9), (Fault.CUT, 10, 10)]),
        (insert, [(Fault.INSERTED, 4, None), (Fault.MOVED, 5, 11), (Fault.INSERTED, 11, 11)]),
        (insert_before_all, [(Fault.INSERTED, 0, None), (Fault.MOVED, 0, None)]),
        (append, [(Fault.INSERTED, 11, 11)]),
        (reorder, [(Fault.MOVED, 4, None), (Fault.MOVED, 7, None)]),
        (cut, [(Fault.CUT, 8, 10)]),
        (copy, [(Fault.COPY_DIFFERS, 4, None)]),
        (rewrite, [(Fault.HEAD_DIFFERS, 10, None)]),
    ],
)
def test_a_change_of_the_entries_is_found_where_it_was_made(
    chain_of_ten: None, tamper: Callable[[Rows], Rows], expected: list[Found]
) -> None:
    """Without any anchor: bytes, hashes, links, numbers and the head tell, although the guards stand again."""
    write(tamper(rows()))

    assert found() == expected


def test_a_head_moved_by_hand_is_not_signed(chain_of_ten: None) -> None:
    """Cutting the tail and setting the head back takes the key, which is not in the database."""
    table = rows()[:-3]
    write(table)
    with unguarded():
        Head.objects.update(number=7, hash=bytes(table[-1][3]))

    assert found() == [(Fault.HEAD_UNSIGNED, 7, None)]


def test_a_head_that_is_gone_is_found(chain_of_ten: None) -> None:
    """And the entries are still looked at: they do not begin a chain that anything names."""
    execute("DELETE FROM records_head")

    assert (Fault.HEAD_MISSING, None, None) in found()


def test_a_tail_cut_off_with_the_key_is_seen_only_by_an_anchor(chain_of_ten: None, tmp_path: Path) -> None:
    """DESIGN §6: a chain alone cannot see it; whoever also stole the key leaves a chain that is whole in itself."""
    anchor = anchored(tmp_path)
    table = rows()[:6]
    write(table)
    sign_head(6, bytes(table[-1][3]))

    assert found() == []
    assert found(anchor_files=[anchor]) == [(Fault.ROLLED_BACK, 7, 10)]


def test_an_old_copy_put_back_is_seen_only_by_an_anchor(tmp_path: Path) -> None:
    """No key is needed for that: the old head was signed when it was the head."""
    story(6)
    table, head = rows(), head_row()
    story(4, start=NOON + timedelta(hours=1))
    anchor = anchored(tmp_path)
    write(table)
    put_head(head)

    assert found() == []
    assert found(anchor_files=[anchor]) == [(Fault.ROLLED_BACK, 7, 10)]


def test_an_old_copy_that_was_continued_is_seen_by_an_anchor(tmp_path: Path) -> None:
    """The newest anchor before it agrees, so the change lies after that."""
    story(6)
    first = anchored(tmp_path / "first")
    table, head = rows(), head_row()
    story(4, start=NOON + timedelta(hours=1))
    second = anchored(tmp_path / "second")
    write(table)
    put_head(head)
    record(why="After the restored copy.")
    story(9, start=NOON + timedelta(hours=2))

    assert found() == []
    assert found(anchor_files=[second, first]) == [(Fault.REWRITTEN, 7, 11)]


def test_a_rewritten_chain_is_seen_by_its_head_or_with_a_stolen_key_by_an_anchor(
    chain_of_ten: None, tmp_path: Path
) -> None:
    """All entries anew, links and hashes fitting."""
    anchor = anchored(tmp_path)
    table = rewritten(rows(), 0)
    write(table)
    with unguarded():
        Head.objects.update(hash=bytes(table[-1][3]))
    assert found() == [(Fault.HEAD_UNSIGNED, 11, None)]

    sign_head(11, bytes(table[-1][3]))
    assert found() == []
    assert found(anchor_files=[anchor]) == [(Fault.REWRITTEN, 1, 10)]


def test_another_database_in_its_place_is_seen_by_an_anchor(chain_of_ten: None, tmp_path: Path) -> None:
    """The anchor names the chain it was made of."""
    anchor = anchored(tmp_path)
    write([])
    put_head(("0" * 32, 0, bytes(32), None, "", b""))

    assert (Fault.OTHER_CHAIN, 10, None) in found(anchor_files=[anchor])


def triggers() -> list[tuple[str, str]]:
    """Every guard of this engine with its table."""
    from tests.records.flushing.guards import GUARDS

    with connection.cursor() as cursor:
        cursor.execute(GUARDS[connection.vendor])
        return list(cursor.fetchall())


def test_each_guard_that_is_dropped_is_named(chain_of_ten: None) -> None:
    """None is forgotten on either engine."""
    from tests.records.flushing.guards import DROP

    standing = triggers()
    assert len(standing) > 10
    for name, table in standing:
        with connection.cursor() as cursor:
            cursor.execute(DROP[connection.vendor].format(name=name, table=table))
    lines = [one.line() for one in Verification(now=NOON).problems()]

    assert len(lines) == len(standing)
    for name, _ in standing:
        assert any(f"The guard {name} of the database is not there" in line for line in lines)


def test_a_guard_that_lets_everything_through_is_found(chain_of_ten: None) -> None:
    """Its name alone proves nothing."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER records_entry_no_update")
            cursor.execute("CREATE TRIGGER records_entry_no_update BEFORE UPDATE ON records_entry BEGIN SELECT 1; END")
        else:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RETURN NEW; END $$"
            )

    assert found() == [(Fault.GUARD_ALTERED, None, None)]


def test_a_guard_that_is_switched_off_is_found(chain_of_ten: None) -> None:
    """PostgreSQL can leave a trigger in place and not fire it; SQLite has no such switch."""
    if connection.vendor == "sqlite":
        drop_guards(connection)
        assert {fault for fault, _, _ in found()} == {Fault.GUARD_MISSING}
        return
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_entry DISABLE TRIGGER records_entry_no_delete")

    assert found() == [(Fault.GUARD_ALTERED, None, None)]


def test_many_entries_with_the_same_problem_are_one_line() -> None:
    """A million moved entries are one sentence."""
    story(40)
    write([[row[0] - 1, *row[1:]] for row in rows()[1:]])

    assert found() == [(Fault.MOVED, 1, 39), (Fault.CUT, 40, 40)]


def test_every_finding_says_what_it_means_and_what_to_do() -> None:
    """No kind of problem without either, each a sentence."""
    assert set(MEANINGS) == set(NEXT_STEPS) == set(Fault)
    for text in [*MEANINGS.values(), *NEXT_STEPS.values()]:
        assert text[0].isupper()
        assert text.endswith((".", "anchor"))


def test_a_finding_is_one_line_whatever_the_entry_holds() -> None:
    """A hostile value cannot move the cursor of whoever reads it."""
    line = Problem(Fault.EDITED, "the column kind says 'a\x1b[2J\nb'", 4, at="2026-11-24", kind="x\ny").line()

    assert line.isprintable()
    assert line.startswith("entry 4, 2026-11-24, x\\ny: ")


def test_replacing_a_row_is_refused_like_deleting_it(chain_of_ten: None) -> None:
    """SQLite's REPLACE deletes without firing the trigger of deleting; PostgreSQL's way fires that of updating."""
    from django.db import DatabaseError, transaction

    sql = (
        "INSERT OR REPLACE INTO records_entry SELECT * FROM records_entry WHERE number = 4"
        if connection.vendor == "sqlite"
        else "INSERT INTO records_entry SELECT * FROM records_entry WHERE number = 4 "
        "ON CONFLICT (number) DO UPDATE SET kind = 'x'"
    )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
