"""What goes wrong around a command: a stop, a full disk, a misspelt word, a store that is damaged or too old."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from postmarket.matching.store.connection import SCHEMA_VERSION
from tests.cli.conftest import PROGRAM, Run
from tests.cli.files import SBOM, nvd, put, zlib_cve

PATIENCE_SECONDS = 60
FULL = Path("/dev/full")


def stop(*_: object, **__: object) -> None:
    """Somebody presses Ctrl-C here."""
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("body", "words", "said"),
    [
        ("scan.run", ("scan", "x.json"), "nothing was changed"),
        ("demo.run", ("demo",), "nothing was changed"),
        ("feeds.status", ("feeds", "status"), "nothing was changed"),
        ("sbom.check", ("sbom", "check", "x.json"), "nothing was changed"),
        ("sbom.diff", ("sbom", "diff", "x.json", "y.json"), "nothing was changed"),
        ("feeds.load", ("feeds", "load", "nvd", "x.json"), "Run the same command again: it goes on"),
        ("feeds.sync", ("feeds", "sync"), "Run the same command again: it goes on"),
    ],
)
def test_ctrl_c_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, body: str, words: tuple[str, ...], said: str
) -> None:
    """In every command: what is kept, how to go on, exit 130."""
    monkeypatch.setattr(f"postmarket.cli.{body}", stop)

    ran = run(*words)

    assert (ran.code, ran.out) == (130, "")
    assert said in ran.complaint


@pytest.mark.parametrize(
    ("words", "help_"),
    [
        (("scan",), "postmarket scan --help"),
        (("scan", "--format", "pdf", "x"), "postmarket scan --help"),
        (("feeds", "lod"), "postmarket feeds --help"),
        (("feeds", "load", "nvdd", "x"), "postmarket feeds load --help"),
        (("sbom", "diff", "x"), "postmarket sbom diff --help"),
        (("--bogus",), "postmarket --help"),
    ],
)
def test_a_usage_error_names_the_help_of_its_command(run: Run, words: tuple[str, ...], help_: str) -> None:
    """One line without a line break written out, exit 2."""
    ran = run(*words)

    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint.endswith(f"Try: {help_}")
    assert "\\n" not in ran.complaint


def test_the_version_is_what_a_defect_report_needs(run: Run, home: Path) -> None:
    """Version, Python, schema; no home is made."""
    ran = run("--version")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("postmarket ")
    assert f"store schema {SCHEMA_VERSION})" in ran.out
    assert not home.exists()


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    "words", [("--version",), ("feeds", "status"), ("feeds", "status", "--json"), ("scan", "device.json", "-f", "csv")]
)
def test_output_that_cannot_be_written_is_named(loaded: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    """A full disk under `> file` is one line, exit 5, whichever way the command writes."""
    put(tmp_path / "device.json", SBOM)
    with FULL.open("wb") as full:
        ended = subprocess.run(
            [*PROGRAM, *words], stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE_SECONDS, env=os.environ
        )

    (line,) = ended.stderr.decode().splitlines()
    assert ended.returncode == 5
    assert line.startswith("postmarket: Standard output cannot be written: No space left on device.")


def test_a_closed_standard_output_is_no_defect(loaded: Run) -> None:
    """Started by something that listens to nothing."""
    ended = subprocess.run(
        ["/bin/sh", "-c", '"$@" >&-', "sh", *PROGRAM, "feeds", "status"],
        stderr=subprocess.PIPE,
        timeout=PATIENCE_SECONDS,
    )

    assert (ended.returncode, ended.stderr) == (0, b"")


def test_the_demo_in_json(run: Run) -> None:
    """The same worklist as values."""
    ran = run("demo", "--json")

    assert (ran.code, ran.err) == (0, "")
    assert {"format_version", "rows"} <= json.loads(ran.out).keys()


@pytest.mark.parametrize("words", [("feeds", "status"), ("scan", "device.json"), ("feeds", "load", "nvd", "feed.json")])
def test_a_damaged_store_is_named_with_the_way_out(
    loaded: Run, home: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Every page but the first overwritten: one line and exit 5, no defect."""
    put(tmp_path / "device.json", SBOM)
    put(tmp_path / "feed.json", nvd(zlib_cve("CVE-2026-1009")))
    store = home / "postmarket.sqlite3"
    size = store.stat().st_size
    with store.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))

    ran = loaded(*words)

    assert (ran.code, ran.out) == (5, "")
    assert "postmarket.sqlite3" in ran.complaint
    assert "POSTMARKET_HOME" in ran.complaint


@pytest.mark.parametrize("bytes_", [b"", b"\x28\xb5\x2f\xfdxx", b"\xff" * 40])
def test_damage_that_sqlite_does_not_see_is_named_too(loaded: Run, home: Path, tmp_path: Path, bytes_: bytes) -> None:
    """The words of a record overwritten inside their row."""
    with closing(sqlite3.connect(home / "postmarket.sqlite3")) as connection:
        connection.execute("UPDATE telling SET words = ?", (bytes_,))
        connection.commit()

    ran = loaded("scan", put(tmp_path / "device.json", SBOM))

    assert ran.code == 5
    assert "postmarket.sqlite3: The vulnerability store is damaged" in ran.complaint


@pytest.mark.parametrize(
    "lost",
    [
        "DELETE FROM telling",
        "DELETE FROM vulnerability",
        "DELETE FROM store_state WHERE name = 'generation'",
        "UPDATE vulnerability SET lead_id = 99",
    ],
)
def test_a_row_that_is_missing_is_damage_too(loaded: Run, home: Path, tmp_path: Path, lost: str) -> None:
    """What a row that is there names is gone: the store is named, with the way out, and nothing is called harmless."""
    with closing(sqlite3.connect(home / "postmarket.sqlite3")) as connection:
        connection.execute(lost)
        connection.commit()

    ran = loaded("scan", put(tmp_path / "device.json", SBOM))

    assert ran.code == 5
    assert "postmarket.sqlite3: The vulnerability store is damaged: " in ran.complaint
    assert "POSTMARKET_HOME" in ran.complaint


@pytest.mark.parametrize(
    ("version", "said"),
    [(SCHEMA_VERSION - 1, "made by an older postmarket"), (SCHEMA_VERSION + 1, "Upgrade postmarket, or:")],
)
@pytest.mark.parametrize("words", [("feeds", "status"), ("feeds", "load", "nvd", "feed.json")])
def test_a_store_of_another_version_is_left_as_it_is(
    loaded: Run, home: Path, tmp_path: Path, words: tuple[str, ...], version: int, said: str
) -> None:
    """It says which schema it has and which is read, and how to go on."""
    put(tmp_path / "feed.json", nvd(zlib_cve("CVE-2026-1009")))
    store = home / "postmarket.sqlite3"
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("UPDATE store_state SET value = ? WHERE name = 'schema'", (version,))
        connection.commit()
    before = store.read_bytes()

    ran = loaded(*words)

    assert (ran.code, ran.out) == (5, "")
    assert said in ran.complaint
    assert f"it has schema {version}, this postmarket reads and writes {SCHEMA_VERSION}" in ran.complaint
    assert "Set POSTMARKET_HOME to a new folder" in ran.complaint
    assert store.read_bytes() == before


def test_a_database_of_something_else_is_not_written_to(run: Run, home: Path, tmp_path: Path) -> None:
    """Whoever points POSTMARKET_HOME at the wrong folder loses nothing."""
    home.mkdir()
    store = home / "postmarket.sqlite3"
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("CREATE TABLE diary (entry TEXT)")
        connection.commit()
    before = store.read_bytes()

    ran = run("feeds", "load", "nvd", put(tmp_path / "feed.json", nvd(zlib_cve("CVE-2026-1001"))))

    assert ran.code == 5
    assert "postmarket.sqlite3: This database is no vulnerability store" in ran.complaint
    assert store.read_bytes() == before
