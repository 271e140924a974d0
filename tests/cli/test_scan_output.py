"""What `postmarket scan` writes: every format, on the screen and in a file, as wide and as long as asked."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path

import pytest

from tests.builders import component, cyclonedx
from tests.cli.conftest import Run
from tests.cli.files import CVE, SBOM, ZLIB, nvd, put, zlib_cve

FORMATS = ("table", "json", "sarif", "csv", "cyclonedx-vdr")


def rows(out: str) -> list[dict[str, str]]:
    """The CSV's lines by column."""
    return list(csv.DictReader(io.StringIO(out, newline="")))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_on_the_screen_and_in_a_file(loaded: Run, device: Path, tmp_path: Path, form: str) -> None:
    """The file holds what the screen would show, nothing is left beside it, and the screen stays empty."""
    shown = loaded("scan", device, "--format", form)

    written = loaded("scan", device, "--format", form, "-o", "answer")

    assert (shown.code, written.code, written.out, written.err) == (0, 0, "", "")
    assert (tmp_path / "answer").read_bytes().decode() == shown.out
    assert CVE in shown.out
    assert "\x1b" not in shown.out
    assert not list(tmp_path.glob("*.part"))


def test_the_formats_are_what_they_say(loaded: Run, device: Path) -> None:
    """JSON, SARIF, CSV and CycloneDX, each readable as such, each in triage."""
    out = {form: loaded("scan", device, "-f", form).out for form in FORMATS[1:]}

    assert json.loads(out["json"])["rows"][0]["state"] == "in_triage"
    assert json.loads(out["sarif"])["version"] == "2.1.0"
    assert json.loads(out["cyclonedx-vdr"])["vulnerabilities"][0]["analysis"]["state"] == "in_triage"
    assert [(row["record"], row["vulnerability"], row["state"]) for row in rows(out["csv"])] == [
        ("row", CVE, "in_triage"),
        ("device", "", ""),
        ("component", "", "unmatched"),
    ]


def test_the_table_in_a_file_keeps_to_its_width(loaded: Run, tmp_path: Path) -> None:
    """120 columns, however long the names."""
    long = component("a " * 200, "1.2.11", cpes=ZLIB.cpes)

    assert loaded("scan", put(tmp_path / "a.json", cyclonedx(ZLIB, long)), "-o", "table.txt").code == 0

    lines = (tmp_path / "table.txt").read_text("utf-8").splitlines()
    assert lines
    wide = [line for line in lines if len(line) > 120]
    assert not [line for line in wide if not line.startswith(("NOW", "URGENT", "SOON", "PLANNED", "WATCH"))]


def test_a_failing_scan_leaves_the_file_of_the_last_one(loaded: Run, device: Path, tmp_path: Path) -> None:
    """The answer of yesterday is not replaced by nothing."""
    before = put(tmp_path / "worklist.json", b"yesterday")

    assert loaded("scan", "nowhere.json", "-f", "json", "-o", before).code == 5
    assert before.read_bytes() == b"yesterday"


@pytest.mark.parametrize("output", ["nowhere/out.json", "device.cdx.json/out.json"])
def test_an_output_that_cannot_be_written(loaded: Run, device: Path, output: str) -> None:
    """One line, exit 5."""
    ran = loaded("scan", device, "-f", "json", "-o", output)

    assert (ran.code, ran.out) == (5, "")
    assert "out.json" in ran.complaint


@pytest.mark.parametrize("output", ["folder", ".", ""])
def test_an_output_that_is_a_folder(loaded: Run, device: Path, tmp_path: Path, output: str) -> None:
    """One line that names the folder, exit 5, and nothing left beside it."""
    (tmp_path / "folder").mkdir()

    ran = loaded("scan", device, "-f", "json", "-o", output)

    assert ran.code == 5
    assert ".part" not in ran.complaint
    assert not list(tmp_path.glob("*.part"))


def test_an_output_that_is_no_plain_file_is_written_to_not_replaced(loaded: Run, device: Path, tmp_path: Path) -> None:
    """`-o /dev/null` or a pipe must stay what it is."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        assert loaded("scan", device, "-f", "csv", "-o", pipe).code == 0

        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert CVE.encode() in os.read(reading, 65_536)
    finally:
        os.close(reading)


def test_show_and_all(loaded: Run, tmp_path: Path) -> None:
    """`--show 2` says how many rows are further down; `--all` shows them."""
    feed = nvd(*(zlib_cve(f"CVE-2026-20{number:02d}") for number in range(9)))
    assert loaded("feeds", "load", "nvd", put(tmp_path / "more.json", feed)).code == 0
    device = put(tmp_path / "a.json", SBOM)

    few, every = loaded("scan", device, "--show", "2").out, loaded("scan", device, "--all").out

    assert few.count("  CVE-2026-") == 2
    assert "… 8 more rows further down: --all, or --format json." in few
    assert every.count("  CVE-2026-") == 10
    assert "further down" not in every


@pytest.mark.parametrize("columns", ["40", "80", "400"])
def test_the_table_fits_the_width_asked_for(
    loaded: Run, device: Path, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    """COLUMNS, as other programs read it."""
    monkeypatch.setenv("COLUMNS", columns)

    ran = loaded("scan", device)

    assert ran.code == 0
    told = [line for line in ran.out.splitlines() if line.startswith("        ")]
    assert len(told) >= 5
    assert max(map(len, told)) <= int(columns)


@pytest.mark.parametrize("columns", ["", "0", "-5", "39", "wide", "9" * 5_000, "²"])
def test_a_width_that_is_none_is_passed_over(
    loaded: Run, device: Path, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    """A variable nobody meant for us ends no scan."""
    monkeypatch.setenv("COLUMNS", columns)

    assert loaded("scan", device).code == 0


def test_a_link_stays_a_link_and_a_file_keeps_its_mode(loaded: Run, device: Path, tmp_path: Path) -> None:
    """What the link points at is replaced, with the permissions it had."""
    before = put(tmp_path / "real" / "answer.json", b"yesterday")
    before.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to(before)

    assert loaded("scan", device, "-f", "json", "-o", link).code == 0

    assert link.is_symlink()
    assert json.loads(before.read_bytes())["rows"]
    assert stat.S_IMODE(before.stat().st_mode) == 0o640
    assert [path.name for path in before.parent.iterdir()] == ["answer.json"]


def test_a_table_in_a_file_names_what_is_not_utf_8(loaded: Run, tmp_path: Path) -> None:
    """A stray byte in a file name is shown, in every format, on screen and in a file."""
    (tmp_path / "sboms").mkdir()
    (tmp_path / os.fsdecode(b"sboms/d\xffevice.json")).write_bytes(b"{")
    put(tmp_path / "sboms" / "good.json", SBOM)

    for form in FORMATS:
        assert loaded("scan", tmp_path / "sboms", "-f", form).code == 3
        assert loaded("scan", tmp_path / "sboms", "-f", form, "-o", "answer").code == 3
