"""`postmarket match`: what came is matched here and now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postmarket.inventory.store import store
from postmarket.matching.store.loading import load
from postmarket.monitoring.models import FeedRun, Match
from postmarket.monitoring.services.matching_now import NAMES
from postmarket.sources.interface import Source
from postmarket.tasks.models import State, Task
from tests.builders import NOW
from tests.cli.conftest import Run
from tests.cli.files import CVE, PORTFOLIO, SBOM, nvd, put, zlib_cve

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought(run: Run, tmp_path: Path) -> None:
    """A portfolio and a vulnerability of it, by the command line; no worker has seen either."""
    put(tmp_path / "one.json", SBOM)
    assert run("devices", "import", put(tmp_path / "portfolio.yaml", PORTFOLIO)).code == 0
    file = put(tmp_path / "nvd.json", nvd(zlib_cve(CVE)))
    load(store(), Source.NVD, [file], home=tmp_path, clock=lambda: NOW)


@pytest.mark.usefixtures("brought")
def test_it_says_what_was_gained_and_findings_stand(run: Run) -> None:
    """The load is in the history of feeds too; a second time nothing is left to do."""
    ran = run("match")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "Matched: 1 match gained, 0 lost.\n"
    assert Match.objects.count() == 1
    assert FeedRun.objects.get().added == 1

    assert run("match").out == "Nothing changed: every component is matched with all that came.\n"
    said = json.loads(run("match", "--json").out)
    assert said == {"gained": 0, "lost": 0, "failed": 0, "elsewhere": False}


@pytest.mark.usefixtures("brought")
def test_a_worker_at_the_same_work_is_said(run: Run) -> None:
    """Then not everything is done when it ends: exit 3."""
    run("match")
    Task.objects.filter(name__in=NAMES).update(state=State.RUNNING.value)

    ran = run("match")

    assert ran.code == 3
    assert ran.out.endswith("A worker is at the rest: see Administration, Tasks.\n")
