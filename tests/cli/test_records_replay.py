"""`postmarket records replay`: the worklist of a day, as a person asks for it."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from postmarket.inventory.rules.fields import DeviceFields
from postmarket.inventory.rules.version_fields import VersionFields
from postmarket.inventory.services.devices import add_device
from postmarket.inventory.services.shipping import mark_shipped
from postmarket.inventory.services.versions import add_version
from postmarket.inventory.store import store
from postmarket.matching.store.loading import load
from postmarket.monitoring.services.feeds.closing import settle
from postmarket.records import evidence
from postmarket.sources.interface import Source
from tests.builders import NOW
from tests.cli.conftest import Run
from tests.inventory.builders import manager
from tests.inventory.given import LODASH, uploaded
from tests.monitoring.feeds.given import osv_about

pytestmark = pytest.mark.django_db
CVE = "CVE-2026-0007"


FIRST, LATER = NOW - timedelta(days=5), NOW - timedelta(days=3)


@pytest.fixture
def day(settings: Settings, tmp_path: Path) -> str:
    """The day on which a shipped version was hit; two days later the source corrected itself."""
    settings.POSTMARKET_HOME = tmp_path / "home"
    by = manager()
    pump = add_device(by=by, fields=DeviceFields("Dosimere 3"), line=None, why="w", now=FIRST)
    made = add_version(by=by, device=pump, fields=VersionFields("2.1"), why="w", now=FIRST)
    uploaded(mark_shipped(by=by, version=made, why="w", now=FIRST), LODASH, at=FIRST, by=by)
    for fixed, at in (("4.17.21", FIRST), ("4.17.5", LATER)):
        said(osv_about("lodash", fixed=fixed, name=CVE, at=at), tmp_path, at)
    return f"{FIRST:%Y-%m-%d}"


def said(content: bytes, folder: Path, at: datetime) -> None:
    """OSV said this then."""
    file = folder / "osv.json"
    file.write_bytes(content)
    load(store(), Source.OSV, [file], home=folder / "home", clock=lambda: at)
    settle(now=at)


def test_it_is_written_as_a_scan_is_and_says_of_when(run: Run, day: str) -> None:
    """On the screen, and as JSON; what it rests on stands beside it."""
    ran = run("records", "replay", "--as-of", day)
    assert ran.code == 0
    assert CVE in ran.out
    assert "matched anew by this version from 1 run of feeds and the SBOMs of then" in ran.err

    rows = json.loads(run("records", "replay", "Dosimere 3 2.1", "--as-of", day, "--format", "json").out)["rows"]
    assert [(row["device"], row["device_version"], row["vulnerability"]["id"]) for row in rows] == [
        ("Dosimere 3", "2.1", CVE)
    ]


def test_another_day_is_another_answer(run: Run, day: str) -> None:
    """The source has corrected itself since; before, nobody had shipped anything; what is to come nobody knows."""
    now = run("records", "replay")
    assert CVE not in now.out
    assert "2 runs of feeds" in now.err
    before = run("records", "replay", "--as-of", f"{FIRST - timedelta(days=1):%Y-%m-%d}")
    assert before.code == 5
    assert "No version was shipped by" in before.complaint
    assert "is to come" in run("records", "replay", "--as-of", f"{NOW + timedelta(days=1):%Y-%m-%d}").complaint
    assert "is no date" in run("records", "replay", "--as-of", "soon").complaint


def test_a_name_nobody_knows_is_not_passed_over(run: Run, day: str) -> None:
    """Also beside one that is known."""
    ran = run("records", "replay", "Dosimere 3 2.1", "Dosimere 3 9.9", "--as-of", day)

    assert ran.code == 5
    assert "Dosimere 3 9.9 was not shipped by" in ran.complaint


def test_the_worklist_goes_where_the_output_goes_though_a_bar_was_shown(
    run: Run, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Piped on, while standard error is a terminal."""
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda self: True, raising=False)

    assert CVE in run("records", "replay", "--as-of", day).out


def test_a_file_that_is_gone_is_named_and_the_exit_code_says_that_something_is_missing(run: Run, day: str) -> None:
    """3, as for every input that could not be read."""
    (sha256,) = store().execute("SELECT sha256 FROM feed_file ORDER BY id LIMIT 1").fetchone()
    (evidence.folder() / sha256[:2] / f"{sha256}.zst").unlink()

    ran = run("records", "replay", "--as-of", day)

    assert ran.code == 3
    assert f"osv.json (SHA-256 {sha256}) is not kept as it came any more" in ran.err
