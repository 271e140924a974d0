"""`postmarket scan` under fire: names that would move a cursor, bytes that are no text, commands that are none."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from postmarket.cli import scan
from tests.builders import component, cyclonedx
from tests.cli.conftest import Run
from tests.cli.files import CVE, ESCAPE, SBOM, ZLIB, put


def test_hostile_names_in_the_sbom_do_not_reach_the_terminal(loaded: Run, tmp_path: Path) -> None:
    """Escape sequences in every name an SBOM can hold are shown, not obeyed, in the table and in the complaints."""
    nasty = component(f"zlib{ESCAPE}", "1.2.11", ref=f"r{ESCAPE}", supplier=f"s{ESCAPE}", cpes=ZLIB.cpes)
    blind = component(f"blob{ESCAPE}\u202e\x9b", "1")
    path = put(tmp_path / "a.json", cyclonedx(nasty, blind, subject=component(f"dev{ESCAPE}\nice", "1\r2")))

    ran = loaded("scan", path, "--all", "--fail-on", "any")

    assert ran.code == 1
    assert "zlib\\x1b[2J" in ran.out
    for line in (ran.out + ran.err).splitlines():
        assert line.isprintable(), line


def test_hostile_file_names(loaded: Run, tmp_path: Path) -> None:
    """A path with control characters, read or refused, is shown escaped."""
    put(tmp_path / "sboms" / f"good{ESCAPE}\n.json", cyclonedx(ZLIB))
    put(tmp_path / "sboms" / f"bad{ESCAPE}\n.json", b"{")

    ran = loaded("scan", tmp_path / "sboms")

    assert ran.code == 3
    assert "bad\\x1b[2J" in "".join(ran.out.split())
    for line in (ran.out + ran.err).splitlines():
        assert line.isprintable(), line


@pytest.mark.parametrize(
    "form",
    [
        "table",
        "csv",
        "cyclonedx-vdr",
        "json",
        "sarif",
    ],
)
def test_a_file_name_that_is_not_utf_8(loaded: Run, tmp_path: Path, form: str) -> None:
    """Linux allows any bytes: each format still writes its rows."""
    (tmp_path / "sboms").mkdir()
    (tmp_path / os.fsdecode(b"sboms/d\xffevice.json")).write_bytes(SBOM)

    ran = loaded("scan", tmp_path / "sboms", "--format", form)

    assert ran.code == 0, ran.err
    assert CVE in ran.out


@pytest.mark.parametrize("form", ["json", "csv"])
def test_half_a_character_in_a_portfolio(loaded: Run, device: Path, tmp_path: Path, form: str) -> None:
    """Refused as in JSON, or written somehow; never a defect."""
    text = 'devices: [{name: "\\ud800", versions: [{version: "1", sbom: device.cdx.json}]}]'

    assert loaded("scan", put(tmp_path / "p.yaml", text), "--format", form).code in {0, 5}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("scan",), "Missing argument 'inputs'"),
        (("scn",), "No such command 'scn'"),
        (("scan", "--fail"), "--fail"),
        (("scan", "a.json", "--format", "pdf"), "'pdf' is not one of 'table', 'json'"),
        (("scan", "a.json", "--criticality", "toy"), "'toy' is not one of 'life-sustaining'"),
        (("scan", "a.json", "--show", "0"), "'--show': 0 is not in the range"),
        (("scan", f"--{ESCAPE}"), "No such option"),
    ],
)
def test_a_command_that_is_not_understood(run: Run, arguments: tuple[str, ...], said: str) -> None:
    """Exit 2 and one line that says where help is."""
    ran = run(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.complaint
    assert re.search(r" Try: postmarket( scan)? --help$", ran.complaint)


def test_a_defect_is_one_line_that_asks_to_be_reported(
    loaded: Run, device: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 70, apart from every other meaning; POSTMARKET_DEBUG shows the traceback."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(f"a\nb{ESCAPE}")

    monkeypatch.setattr(scan, "write", fail)

    ran = loaded("scan", device)
    assert ran.code == 70
    assert "A defect of postmarket: ZeroDivisionError: a." in ran.complaint

    monkeypatch.setenv("POSTMARKET_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        loaded("scan", device)
