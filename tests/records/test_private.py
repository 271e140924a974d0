"""Personal data can go: by two people, leaving a signed tombstone, and the chain still verifies."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from postmarket import records
from postmarket.records import Actor, private
from postmarket.records.errors import RecordRefused, RedactionRefused
from postmarket.records.models import Entry, PrivateDatum
from postmarket.records.private import Reference
from postmarket.records.problems import Fault
from tests.records.attacker import execute, found, rows, sign_head, write
from tests.records.builders import ANALYST, FEEDS, LEAD, NOON, PUMP

pytestmark = pytest.mark.django_db
NAME = "Mrs. Ada Winter, ward 7"
LATER = NOON + timedelta(minutes=5)


def keep(content: bytes | str = NAME) -> Reference:
    """A patient's name in a hospital's report."""
    with records.act(actor=ANALYST, at=NOON, why="Report of the hospital.") as act:
        kept = private.keep(act, content, about=PUMP)
        act.note("report.received", subject=PUMP, before=None, after={"reporter": kept.value})
    return kept


def redact(id_: str, *, proposer: Actor = ANALYST, actor: Actor = LEAD) -> None:
    """Propose it, and carry it out."""
    private.propose(id_=id_, actor=proposer, at=LATER, why="The patient asked for it.")
    private.redact(id_=id_, actor=actor, at=LATER, why="Confirmed.")


def test_records_never_hold_it_but_by_id_and_salted_hash() -> None:
    """Whoever guesses a name cannot try it against the hash: the salt is secret."""
    kept = keep()

    assert private.reveal(kept.id) == NAME.encode()
    for entry in Entry.objects.all():
        assert b"Winter" not in bytes(entry.content)
    assert kept.sha256 not in {hashlib.sha256(NAME.encode()).hexdigest(), keep().sha256}
    assert found() == []


def test_two_people_redact_and_the_chain_still_verifies() -> None:
    """Content and salt are gone; the tombstone says who proposed, who did it, and when; the entry stays as it was."""
    kept = keep()
    before = rows()
    redact(kept.id)

    datum = PrivateDatum.objects.get()
    assert private.reveal(kept.id) is None
    assert (datum.content, datum.salt, datum.sha256) == (None, None, kept.sha256)
    assert [list(map(str, row)) for row in rows()[:2]] == [list(map(str, row)) for row in before]
    assert list(Entry.objects.values_list("kind", flat=True))[2:] == ["redaction.proposed", "private.redacted"]
    assert found() == []


def test_nobody_redacts_alone_or_unasked() -> None:
    """Not the proposer, not without a proposal, not after it was withdrawn, not twice."""
    id_ = keep().id
    with pytest.raises(RedactionRefused, match="Nobody proposed"):
        private.redact(id_=id_, actor=LEAD, at=LATER, why="Asked for.")
    private.propose(id_=id_, actor=ANALYST, at=LATER, why="Asked for.")
    with pytest.raises(RedactionRefused, match="takes two people"):
        private.redact(id_=id_, actor=ANALYST, at=LATER, why="Asked for.")
    private.withdraw(id_=id_, actor=LEAD, at=LATER, why="A mistake.")
    with pytest.raises(RedactionRefused, match="Nobody proposed"):
        private.redact(id_=id_, actor=LEAD, at=LATER, why="Asked for.")
    assert private.reveal(id_) == NAME.encode()

    redact(id_)
    with pytest.raises(RedactionRefused, match="redacted already"):
        redact(id_)


@pytest.mark.parametrize(("actor", "why"), [(FEEDS, "Asked for."), (LEAD, " ")])
def test_a_machine_or_a_person_without_reason_redacts_nothing(actor: Actor, why: str) -> None:
    """Neither proposes nor carries out."""
    id_ = keep().id
    for act in (private.propose, private.redact):
        with pytest.raises(RedactionRefused):
            act(id_=id_, actor=actor, at=LATER, why=why)


def test_the_database_forbids_everything_but_redacting() -> None:
    """Deleting the row, giving it other content, or another hash."""
    keep()
    for change in (
        PrivateDatum.objects.all().delete,
        lambda: PrivateDatum.objects.update(content=b"somebody else"),
        lambda: PrivateDatum.objects.update(content=None),
        lambda: PrivateDatum.objects.update(content=None, salt=None, sha256="0" * 64),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_an_attachment_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its size."""
    monkeypatch.setattr(private, "MOST_BYTES", 10)
    with pytest.raises(RecordRefused, match="11 bytes"):
        keep(b"x" * 11)


def test_a_datum_changed_or_removed_past_the_two_people_is_found() -> None:
    """Each is located at the entry that says it was kept."""
    id_ = keep().id
    execute("UPDATE records_privatedatum SET content = %s", b"Mr. Nobody")
    assert found() == [(Fault.PRIVATE_ALTERED, 1, None)]
    execute("UPDATE records_privatedatum SET content = NULL, salt = NULL WHERE id = %s", id_)
    assert found() == [(Fault.PRIVATE_REMOVED, 1, None)]
    execute("DELETE FROM records_privatedatum")
    assert found() == [(Fault.ROW_MISSING, 1, None)]


def test_a_redacted_datum_that_came_back_is_found() -> None:
    """As after restoring that one table from a backup."""
    kept = keep()
    datum = PrivateDatum.objects.get()
    salt, content = bytes(datum.salt or b""), bytes(datum.content or b"")
    redact(kept.id)
    execute("UPDATE records_privatedatum SET content = %s, salt = %s", content, salt)

    assert found() == [(Fault.PRIVATE_RETURNED, 1, None)]


def test_a_tombstone_somebody_forged_is_found() -> None:
    """One person's name put where the other's was; the entry's hash fits, and the head is signed with a stolen key."""
    from tests.records.attacker import forged

    redact(keep().id)
    table = rows()
    told = forged(table[-1], bytes(table[-1][2]), detail={"proposed_by": "9", "redacted_by": LEAD.id})
    write([*table[:-1], told])
    sign_head(4, bytes(told[3]))

    assert found() == [(Fault.PRIVATE_RETURNED, 1, None)]
