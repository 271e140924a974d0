"""Evidence: what came in from outside, kept under the hash of its bytes, never overwritten, and looked at."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from postmarket import records
from postmarket.records import evidence
from postmarket.records.errors import RecordRefused
from postmarket.records.models import Entry, Evidence
from postmarket.records.problems import Fault
from tests.records.attacker import execute, found
from tests.records.builders import FEEDS, NOON, PUMP

pytestmark = pytest.mark.django_db
SBOM = b'{"bomFormat": "CycloneDX"}' * 1_000
SHA256 = hashlib.sha256(SBOM).hexdigest()


def keep(content: bytes | Path = SBOM, *, source: str = "upload by CI") -> Evidence:
    """Keep it in an act of its own."""
    with records.act(actor=FEEDS, at=NOON, why="An SBOM came.") as act:
        return evidence.keep(act, content, media_type="application/json", source=source, about=PUMP)


def place(sha256: str = SHA256) -> Path:
    """The file it lies in."""
    return evidence.folder() / sha256[:2] / f"{sha256}.zst"


def test_it_lies_under_the_hash_of_its_bytes_compressed_and_recorded(tmp_path: Path) -> None:
    """The same from memory and from a file."""
    row = keep()
    file = tmp_path / "bom.json"
    file.write_bytes(SBOM)

    assert (row.sha256, row.bytes) == (SHA256, len(SBOM))
    assert place().stat().st_size < len(SBOM) / 10
    assert b"".join(evidence.read(SHA256)) == SBOM
    assert keep(file).pk == SHA256
    assert Entry.objects.get().kind == "evidence.kept"


def test_the_same_bytes_stay_as_they_were_first_kept() -> None:
    """Neither the file nor the row nor the record is written again."""
    keep()
    before = place().stat()
    again = keep(source="another upload")

    assert (place().stat().st_mtime_ns, place().stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert again.source == "upload by CI"
    assert Entry.objects.count() == 1


def test_what_was_put_away_before_an_act_that_failed_is_still_there() -> None:
    """Raw input is kept before it is parsed, whatever becomes of that; only the row goes with the act."""
    with pytest.raises(KeyError), records.act(actor=FEEDS, at=NOON, why="") as act:
        evidence.keep(act, SBOM, media_type="application/json", source="upload")
        raise KeyError

    assert b"".join(evidence.read(SHA256)) == SBOM
    assert not Evidence.objects.exists()
    assert found() == []


def test_evidence_without_a_source_is_refused() -> None:
    """Nobody could say later where it came from."""
    with pytest.raises(RecordRefused, match="where it came from"):
        keep(source=" ")


def test_the_database_forbids_changing_and_deleting_its_row() -> None:
    """On both engines."""
    keep()
    for change in (Evidence.objects.all().delete, lambda: Evidence.objects.update(source="elsewhere")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_damaged_file_is_found_by_reading_it() -> None:
    """Other bytes, half a file, or none; a quick look without reading finds only the last."""
    import zstandard

    keep()
    assert found() == []
    place().write_bytes(zstandard.compress(SBOM + b" "))
    assert found() == [(Fault.EVIDENCE_ALTERED, 1, None)]
    assert found(files=False) == []
    place().write_bytes(place().read_bytes()[:20])
    assert found() == [(Fault.EVIDENCE_ALTERED, 1, None)]
    place().write_bytes(b"no zstandard at all")
    assert found() == [(Fault.EVIDENCE_ALTERED, 1, None)]
    place().unlink()
    assert found() == found(files=False) == [(Fault.EVIDENCE_MISSING, 1, None)]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("DELETE FROM records_evidence", [(Fault.ROW_MISSING, 1, None)]),
        ("UPDATE records_evidence SET source = 'elsewhere'", [(Fault.ROW_DIFFERS, 1, None)]),
        (
            "INSERT INTO records_evidence SELECT 'abc', bytes, media_type, source, kept_at FROM records_evidence",
            [(Fault.ROW_UNRECORDED, None, None)],
        ),
    ],
    ids=["deleted", "changed", "inserted"],
)
def test_its_table_is_held_against_the_entries(sql: str, expected: list[object]) -> None:
    """A row deleted, changed or smuggled in."""
    keep()
    execute(sql)

    assert found() == expected


def test_a_run_s_list_of_changes_must_be_evidence() -> None:
    """The record of a machine's run names it by hash: counts alone prove nothing."""
    with records.act(actor=FEEDS, at=NOON, why="Daily feed run.") as act:
        changes = evidence.keep(act, SBOM, media_type="application/json", source="feed run 1")
        act.note_run("feed.run", subject=PUMP, counts={"new": 3}, changes_sha256=changes.sha256)
    assert found() == []

    with records.act(actor=FEEDS, at=NOON + timedelta(minutes=1), why="Daily feed run.") as act:
        act.note_run("feed.run", subject=PUMP, counts={"new": 3}, changes_sha256="0" * 64)
    assert found() == [(Fault.EVIDENCE_MISSING, 3, None)]
