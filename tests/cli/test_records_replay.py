"""`postmarket records replay`: the worklist of a day, as a person asks for it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from postmarket.inventory.store import store
from postmarket.matching.store.loading import load
from postmarket.monitoring.services.feeds.closing import settle
from postmarket.records import evidence
from postmarket.sources.interface import Source
from tests.builders import NOW
from tests.cli.conftest import Run
from tests.inventory.builders import device, manager, version
from tests.inventory.given import LODASH, uploaded
from tests.monitoring.feeds.given import osv_about

pytestmark = pytest.mark.django_db
CVE = "CVE-2026-0007"


@pytest.fixture
def day(settings: Settings, tmp_path: Path) -> str:
    """The day on which a shipped version was hit; nothing is left of it in the store by now."""
    settings.POSTMARKET_HOME = tmp_path / "home"
    uploaded(version("2.1", of=device("Dosimere 3"), shipped=True), LODASH, at=NOW, by=manager())
    for fixed, at in (("4.17.21", NOW), ("4.17.5", NOW + timedelta(days=2))):
        said(osv_about("lodash", fixed=fixed, name=CVE, at=at), tmp_path, at)
    return f"{NOW:%Y-%m-%d}"


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
    """The source has corrected itself since; before, nobody had shipped anything."""
    assert CVE not in run("records", "replay", "--as-of", f"{NOW + timedelta(days=3):%Y-%m-%d}").out
    before = run("records", "replay", "--as-of", f"{NOW - timedelta(days=5):%Y-%m-%d}")
    assert before.code == 5
    assert "No version was shipped by" in before.complaint
    assert "is no date" in run("records", "replay", "--as-of", "soon").complaint


def test_a_file_that_is_gone_is_named_and_the_exit_code_says_that_something_is_missing(run: Run, day: str) -> None:
    """3, as for every input that could not be read."""
    (sha256,) = store().execute("SELECT sha256 FROM feed_file ORDER BY id LIMIT 1").fetchone()
    (evidence.folder() / sha256[:2] / f"{sha256}.zst").unlink()

    ran = run("records", "replay", "--as-of", day)

    assert ran.code == 3
    assert f"osv.json (SHA-256 {sha256}) is not kept any more" in ran.err
