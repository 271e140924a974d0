"""The program as a process: what a cold start imports, pipes that close, screens that cannot show everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import component, cyclonedx
from tests.cli.conftest import Run, start
from tests.cli.files import BLOB, SBOM, VENTILATOR, ZLIB, put

HEAVY = ("httpx", "stamina", "holidays", "cvss", "yaml", "pydantic", "rich", "django")
REPORTING = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from postmarket.cli import main
main()
"""
PATIENCE_SECONDS = 60


def imported(*arguments: object, code: int = 0) -> set[str]:
    """The top-level packages a cold run imports."""
    ran = subprocess.run(
        [sys.executable, "-c", REPORTING, *map(str, arguments)], capture_output=True, timeout=PATIENCE_SECONDS
    )
    assert ran.returncode == code, ran.stderr
    return {name.partition(".")[0] for name in json.loads(ran.stderr.splitlines()[-1])}


@pytest.mark.parametrize("arguments", [("--help",), ("scan", "--help"), ("feeds", "--help")])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """Asking for help is instant."""
    packages = imported(*arguments)

    assert "postmarket" in packages
    assert not packages.intersection((*HEAVY, "sqlite3", "hypothesis"))


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_scan_imports_nothing_heavy(loaded: Run, tmp_path: Path, form: str) -> None:
    """Rows with a score, a purl to parse and dates to count, without the packages that only other commands need."""
    packaged = component("requests", "2.19.0", purl="pkg:pypi/requests@2.19.0")
    device = put(tmp_path / "device.json", cyclonedx(ZLIB, BLOB, packaged, subject=VENTILATOR))

    packages = imported("scan", device, "--format", form)

    assert "sqlite3" in packages
    assert not packages.intersection(HEAVY)


def test_a_scan_without_data_is_one_line_in_a_fresh_process(home: Path, tmp_path: Path) -> None:
    """As the very first command on a machine."""
    process = start("scan", put(tmp_path / "device.json", SBOM))
    out, err = process.communicate(timeout=PATIENCE_SECONDS)

    assert (process.returncode, out) == (5, b"")
    assert err.startswith(b"postmarket: ")
    assert err.count(b"\n") == 1


def test_a_pipe_that_closes_early(home: Path) -> None:
    """`postmarket demo | head -1` is no failure and complains of nothing."""
    process = start("demo", SHOW="1000")
    assert process.stdout is not None
    process.stdout.close()  # before the first byte is written

    assert process.stderr is not None
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(PATIENCE_SECONDS), err) == (0, b"")


def test_a_screen_that_shows_only_ascii(home: Path) -> None:
    """What cannot be shown is replaced; rows about patients do not end in the middle."""
    process = start("demo", "--no-site", PYTHONIOENCODING="ascii", SHOW="2")
    out, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 0
    assert b"What we can and cannot see" in out


def test_a_locale_without_utf_8(loaded: Run, tmp_path: Path) -> None:
    """LC_ALL=C, as in many containers: the rows are all there, whatever letters a name has."""
    device = put(tmp_path / "device.json", cyclonedx(ZLIB, subject=component("Beatmungsgerät 呼吸", "5")))

    process = start("scan", device, LC_ALL="C", LANG="C", POSTMARKET_HOME=os.environ["POSTMARKET_HOME"])
    out, err = process.communicate(timeout=PATIENCE_SECONDS)

    assert (process.returncode, err) == (0, b"")
    assert "Beatmungsgerät 呼吸 5" in out.decode("utf-8")
