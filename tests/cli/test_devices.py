"""`postmarket devices import`, as a person runs it."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest

from postmarket.inventory.models import Device
from postmarket.records.models import Entry
from tests.cli.conftest import Run
from tests.cli.files import PORTFOLIO, SBOM, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def portfolio(tmp_path: Path) -> Path:
    """A portfolio of one shipped version, beside its SBOM."""
    put(tmp_path / "one.json", SBOM)
    return put(tmp_path / "portfolio.yaml", PORTFOLIO)


def test_it_says_in_a_sentence_what_it_did_and_then_that_nothing_was_left(run: Run, portfolio: Path) -> None:
    """Numbers and things; nothing on standard error."""
    ran = run("devices", "import", portfolio)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"{portfolio}: 1 device, 1 version, 1 version marked as shipped, 1 count of units, 1 SBOM added.\n"
    )

    ran = run("devices", "import", portfolio)
    assert (ran.code, ran.out) == (0, f"{portfolio}: Nothing to do: the inventory says all of this already.\n")

    put(portfolio, PORTFOLIO.replace("units: 12", "units: 13"))
    assert run("devices", "import", portfolio).out == f"{portfolio}: 1 count of units changed; 4 unchanged.\n"


def test_the_record_names_the_user_of_the_system_and_not_what_the_environment_says(
    run: Run, portfolio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LOGNAME is anybody's to set."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    run("devices", "import", portfolio, "--why", "As quality signed.")

    said = json.loads(bytes(Entry.objects.get(kind="device.created").content))
    name = pwd.getpwuid(os.getuid()).pw_name
    assert said["actor"]["name"] == f"{name} (command line of the server)"
    assert said["why"] == "As quality signed."


def test_a_dry_run_says_it_and_leaves_the_inventory_as_it_is(run: Run, portfolio: Path) -> None:
    """With the same numbers."""
    ran = run("devices", "import", portfolio, "--dry-run")

    assert (ran.code, Device.objects.count()) == (0, 0)
    assert "A dry run, nothing was written. It would say: 1 device, 1 version" in ran.out


def test_json_lists_everything_the_file_does(run: Run, portfolio: Path) -> None:
    """By kind, name and outcome."""
    found = json.loads(run("devices", "import", portfolio, "--json").out)

    assert (found["changed"], found["dry_run"]) == (True, False)
    assert {"kind": "sbom", "name": "Ventilator 5.1: one.json", "outcome": "added"} in found["changes"]


def test_suppliers_vex_and_alias_tables_are_not_passed_over_without_a_word(run: Run, portfolio: Path) -> None:
    """A scan reads them, an import does not: it names the files and where they go."""
    put(portfolio, PORTFOLIO + "vex: [quellmar.json, kernel.json]\naliases: [ours.yaml]\n")
    ran = run("devices", "import", portfolio)

    assert ran.code == 0
    assert "vex: not imported: quellmar.json, kernel.json. What suppliers say there counts once" in ran.err
    assert "aliases: not imported: ours.yaml." in ran.err
    assert len(json.loads(run("devices", "import", portfolio, "--json").out)["notices"]) == 2


def test_a_refusal_is_one_line_and_exit_5(run: Run, portfolio: Path) -> None:
    """With file, device, version and field."""
    put(portfolio, PORTFOLIO.replace("one.json", "two.json"))
    ran = run("devices", "import", portfolio)

    assert (ran.code, ran.out) == (5, "")
    assert "portfolio.yaml: Ventilator 5.1: sbom: there is no file two.json" in ran.complaint
    assert not Device.objects.exists()


def test_a_slip_is_said_and_the_import_goes_on(run: Run, portfolio: Path) -> None:
    """As a scan says it."""
    put(portfolio, PORTFOLIO.replace("units: 12", "units: 12, released: 2031-01-01"))
    ran = run("devices", "import", portfolio)

    assert ran.code == 0
    assert "is in the future" in ran.complaint


def test_a_scan_reads_the_same_file(loaded: Run, portfolio: Path) -> None:
    """One reader: what only the inventory needs does not disturb the worklist."""
    more = "units: 12, customers: [{name: St. Anna, units: 5}]"
    put(portfolio, PORTFOLIO.replace("units: 12", more).replace("versions:", "class: II\n    versions:"))
    ran = loaded("scan", portfolio, "--format", "json")

    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["devices"][0]["units"] == 12
