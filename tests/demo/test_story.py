"""What the demo is made to show: each test is one row, or one order of rows, that a newcomer should meet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from postmarket.cli.scan import Request, scan
from postmarket.demo import feed_paths, portfolio_path
from postmarket.matching.interface import Coverage, Grade
from postmarket.matching.store.connection import open_store
from postmarket.matching.store.loading import load
from postmarket.policy.interface import Criticality
from postmarket.worklist.interface import Lane, Row, VexOutcome, Worklist

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def worklist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worklist]:
    """The demo's worklist, made as `postmarket demo` makes it."""
    home: Path = tmp_path_factory.mktemp("demo")
    connection = open_store(home / "store.sqlite3", create=True)
    try:
        for source, paths in feed_paths().items():
            load(connection, source, paths, home=home, clock=lambda: NOW)
        yield scan(connection, Request(inputs=(portfolio_path(),)), now=NOW)
    finally:
        connection.close()


def rows(worklist: Worklist, cve: str, device: str = "") -> dict[str, Row]:
    """The rows about `cve` by device version, of devices whose label begins with `device`."""
    return {
        row.device.label: row
        for row in worklist.rows
        if cve in (row.vulnerability.name, *row.vulnerability.aliases) and row.device.label.startswith(device)
    }


def test_everything_is_read(worklist: Worklist) -> None:
    """Fourteen device versions, and no file refused."""
    assert len(worklist.devices) == 14
    assert not worklist.refused


def test_the_first_row_is_exploited_and_in_a_life_sustaining_device(worklist: Worklist) -> None:
    """Patients first: the ventilator's exploited kernel leads, with 7.8, before every 9.8 and 10.0."""
    first = worklist.rows[0]

    assert first.device.criticality is Criticality.LIFE_SUSTAINING
    assert first.vulnerability.kev is not None


@pytest.mark.parametrize("high", ["CVE-2024-42005", "CVE-2021-44228"])
def test_a_moderate_score_on_the_alarm_path_outranks_a_high_one_in_billing(worklist: Worklist, high: str) -> None:
    """The article's example: 5.3 in the ventilator's alarm gateway comes before 9.8 and 10.0 in billing."""
    (moderate,) = rows(worklist, "CVE-2024-4603", "Ventorsa").values()
    billing = rows(worklist, high, "Ledgrane").values()
    order = [id(row) for row in worklist.rows]

    assert moderate.score.score is not None
    assert moderate.score.score.value == 5.3
    assert billing
    assert all(order.index(id(moderate)) < order.index(id(row)) for row in billing)


def test_a_condition_is_judged_by_the_device(worklist: Worklist) -> None:
    """The same xz: on Windows it stays on the worklist, on the ventilator's Linux it is suggested as not affected."""
    lanes = {label: row.lane for label, row in rows(worklist, "CVE-2024-47611").items()}

    assert lanes["Lumisarn 2 2.0"] is Lane.WORKLIST
    assert lanes["Ventorsa 5 5.3"] is Lane.SUGGESTED_NOT_AFFECTED


def test_a_criterion_without_a_version_is_only_possible(worklist: Worklist) -> None:
    """NVD says of CVE-2023-27349 only `bluez:-`: shown apart, not counted."""
    found = rows(worklist, "CVE-2023-27349", "Dosimere")

    assert found["Dosimere 3 3.2"].lane is Lane.POSSIBLE


@pytest.mark.parametrize(
    ("cve", "affected"),
    [
        ("CVE-2025-27363", {"Ventorsa 5 5.1", "Ventorsa 5 5.2"}),
        ("CVE-2024-38373", {"Ventorsa 5 5.2"}),
        ("CVE-2022-24805", {"Ventorsa 5 5.1"}),
        ("CVE-2021-23839", {"Dosimere 3 3.2"}),
        ("CVE-2011-2716", {"Dosimere 3 3.0"}),
        ("CVE-2017-1000253", {"Dosimere 3 3.0"}),
        ("CVE-2019-12256", {"Vigilorn 7 7.0"}),
        ("CVE-2024-1638", {"Dosimere 3 3.3", "Vigilorn 7 7.1"}),
        ("CVE-2024-35250", {"Lumisarn 2 2.0"}),
        ("CVE-2024-27628", {"Lumisarn 2 2.1"}),
        ("CVE-2022-2119", {"Lumisarn 2 2.0"}),
        ("CVE-2021-44228", {"Ledgrane 4 4.0"}),
        ("CVE-2024-45230", {"Ledgrane 4 4.1"}),
    ],
)
def test_versions_differ(worklist: Worklist, cve: str, affected: set[str]) -> None:
    """What one version has another may have fixed, or never had; OpenSSL's letters are ordered (1.0.2u, not 1.0.2k)."""
    devices = tuple(label.rpartition(" ")[0] for label in affected)

    assert {label for label in rows(worklist, cve) if label.startswith(devices)} == affected


def test_a_distribution_s_backport_is_left_open(worklist: Worklist) -> None:
    """Debian's OpenSSH reads 9.2p1 before and after the fix; by NVD alone neither is confirmed."""
    grades = {label: row.match.grade for label, row in rows(worklist, "CVE-2024-6387", "Ledgrane").items()}

    assert grades == {"Ledgrane 4 4.1": Grade.UNVERIFIED, "Ledgrane 4 4.2": Grade.UNVERIFIED}


def test_a_supplier_s_vex_clears_with_a_reason(worklist: Worklist) -> None:
    """NVD's one range up to 6.8 hits kernel 6.6.74 too; the supplier of the board says why it is not affected."""
    cleared = rows(worklist, "CVE-2024-1086", "Ventorsa")["Ventorsa 5 5.3"]

    assert cleared.lane is Lane.SUPPLIER_NOT_AFFECTED
    assert cleared.vex[0].author == "Norrlake Embedded"
    assert cleared.vex[0].justification
    assert {line.outcome for line in worklist.vex} >= {VexOutcome.APPLIED}


def test_what_cannot_be_identified_is_not_hidden(worklist: Worklist) -> None:
    """The pump's FreeRTOS-Plus-TCP has no version, and the touch controller is unknown: both are unmatched."""
    blind = {
        (report.device.label, component.name)
        for report in worklist.devices
        for component, coverage in report.coverage
        if coverage.state is Coverage.UNMATCHED
    }

    assert ("Dosimere 3 3.3", "FreeRTOS-Plus-TCP") in blind
    assert ("Dosimere 3 3.0", "Touch controller firmware") in blind
