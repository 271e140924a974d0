"""A case is opened over every shipped version hit; the system's match says when the firm learned of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.roles import Role
from postmarket.cases.errors import CaseExists, CaseNotFound, InvalidCase, NothingToOpen
from postmarket.cases.models import Case
from postmarket.cases.services.opening import add_report, open_case, open_case_for_report
from postmarket.cases.words import CaseState, ClockState
from postmarket.intake.models import Counter
from postmarket.intake.services.reports import acknowledge
from postmarket.intake.words import ReporterKind, ReportState
from postmarket.inventory.errors import NoReason
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import Priority, StartBasis
from tests.accounts.builders import line, person
from tests.builders import Tell
from tests.cases.given import MONDAY, RISK, WHY, analyst, clocks, event, manager, opened
from tests.intake.given import FRIDAY, acknowledged, entered, handler
from tests.inventory.builders import kinds
from tests.monitoring.builders import NOW, keep_device, keep_version
from tests.monitoring.given import CVE, OPENSSL, ZLIB, pump, told

pytestmark = pytest.mark.django_db

BringUp = Callable[..., object]


def test_it_is_about_every_shipped_version_hit_and_no_other(tell: Tell, bring_up: BringUp) -> None:
    """Two pumps and a monitor in the field; one version in development, one without the component."""
    tell(told())
    shipped = [pump("3.1"), pump("3.2")]
    monitor = keep_version(keep_device("Alder monitor"), "1.0", [OPENSSL])
    pump("4.0", shipped=False)
    keep_version(keep_device("Alder lamp"), "1.0", [ZLIB])
    bring_up()

    case = opened()

    assert {row.version for row in case.versions.all()} == {*shipped, monitor}
    assert {row.why for row in case.versions.all()} == {"matched"}
    assert (case.number, case.state, case.title) == ("PSIRT-2026-0001", CaseState.RECEIVED, RISK)
    assert case.priority == Priority.URGENT
    assert kinds(case) == ["case.opened", "case.clocks-counted"]


def test_the_systems_match_is_when_the_firm_learned_of_it(hit: DeviceVersion) -> None:
    """Matched on Monday, opened on Tuesday: clocks run from Monday, and the page can say by whom it is said."""
    case = opened()

    learned = event(case)
    assert (learned.basis, learned.at, learned.by_system) == (StartBasis.VULNERABILITY_LEARNED, MONDAY, True)
    assert learned.why == f"{CVE} matched openssl 3.0.7 in Alder pump 3.1."
    assert {row.started_at for row in case.clocks.all()} == {MONDAY}


def test_what_hits_nothing_shipped_opens_nothing(tell: Tell, bring_up: BringUp) -> None:
    """A version in development has findings, and no case and no clock."""
    tell(told())
    pump("4.0", shipped=False)
    bring_up()

    with pytest.raises(NothingToOpen, match="Mark the version as shipped"):
        opened()
    with pytest.raises(NothingToOpen):
        opened(vulnerability="CVE-2000-0001")
    assert not Counter.objects.exists()


def test_one_open_case_for_a_vulnerability_under_all_its_names(hit: DeviceVersion) -> None:
    """The second is told where to go on; no number is lost."""
    first = opened()

    with pytest.raises(CaseExists) as raised:
        opened(vulnerability=CVE.lower())

    assert raised.value.number == first.number
    assert Counter.objects.get(series="PSIRT").last == 1


def test_a_restricted_case_stands_in_nobodys_way_and_is_not_told_of(hit: DeviceVersion) -> None:
    """Who opens another for the same learns nothing of it."""
    hidden = opened(restricted=True)

    seen = opened(by=analyst())

    assert {one.restricted for one in Case.objects.all()} == {True, False}
    assert {row.person for row in hidden.members.all()} == {hidden.owner}
    assert seen.members.count() == 0


def test_who_may_open_one(tell: Tell, bring_up: BringUp) -> None:
    """For one of the lines it touches; the owner has to work here."""
    pumps, monitors = line("Pumps"), line("Monitors")
    tell(told())
    pump("3.1", line=pumps)
    bring_up()

    for nobody in (person("Abe Lund", Role.AUDITOR), analyst("Max Stone", line=monitors)):
        with pytest.raises(NotAllowed):
            opened(by=nobody)
    with pytest.raises(InvalidCase, match="Abe Lund does not work on cases"):
        opened(owner=person("Abe Lund", Role.AUDITOR))
    with pytest.raises(InvalidCase, match="title is missing"):
        open_case(by=manager(), vulnerability=CVE, title=" ", why=WHY, now=NOW)
    owner = analyst("Pia Moss", line=pumps)
    assert opened(by=analyst(line=pumps), owner=owner).owner == owner


def test_a_report_opens_one_over_the_devices_it_names_and_those_hit(hit: DeviceVersion) -> None:
    """St. Brigid told support on Friday about its lamp; the match of the pump came on Monday."""
    lamp = keep_device("Alder lamp")
    named = keep_version(lamp, "1.0", [ZLIB])
    keep_version(lamp, "2.0", [ZLIB], shipped=False)
    report = entered(lamp, vulnerability=CVE)

    case = open_case_for_report(by=manager(), report=report, title=RISK, why=WHY, now=NOW)

    assert {row.version: row.why for row in case.versions.all()} == {hit: "matched", named: "named in the report"}
    assert {(row.basis, row.at) for row in case.start_events.all()} == {
        (StartBasis.VULNERABILITY_LEARNED, MONDAY),
        (StartBasis.VULNERABILITY_LEARNED, FRIDAY),
        (StartBasis.REPORT_RECEIVED, FRIDAY),
    }
    assert {row.started_at for row in case.clocks.all()} == {FRIDAY}
    report.refresh_from_db()
    assert report.state == ReportState.IN_CASE


def test_a_report_about_nothing_known_opens_a_case_without_a_version(db: None) -> None:
    """Somebody has to find out which device; the dates run meanwhile, in the most urgent row."""
    case = open_case_for_report(by=manager(), report=entered(), title=RISK, why=WHY, now=NOW)

    assert case.versions.count() == 0
    assert case.priority is None
    running = clocks(case)
    assert {"CVD-ACK", "CVD-RESPONSE-C", "SEED-C", "SEED-C-MITIGATE", "FDA-PM16-30", "FDA-PM16-60"} == set(running)
    assert "no CVSS score" in running["SEED-C"].provisional


def test_a_coordinators_report_starts_the_45_days(db: None) -> None:
    """CERT/CC publishes 45 days after it first made contact; our own people's report asks for no acknowledgement."""
    by = manager()
    told_by_cert = entered(kind=ReporterKind.COORDINATOR)
    from_cert = open_case_for_report(by=by, report=told_by_cert, title=RISK, why=WHY, now=NOW)
    found_here = entered(kind=ReporterKind.OUR_OWN)
    ours = open_case_for_report(by=by, report=found_here, title=RISK, why=WHY, now=NOW)

    assert clocks(from_cert)["CERTCC-45"].day.isoformat() == "2027-01-04"  # type: ignore[union-attr]
    assert not {"CVD-ACK", "CERTCC-45"} & set(clocks(ours))


def test_acknowledging_the_report_stops_its_clock_and_no_other(hit: DeviceVersion) -> None:
    """Whether it happened before the case was opened or afterwards; each report has its own."""
    by = manager()
    before = acknowledged(entered(vulnerability=CVE))
    case = open_case_for_report(by=by, report=before, title=RISK, why=WHY, now=NOW)
    second, third = entered(organisation="St. Anna"), entered(organisation="St. Jude")
    for report in (second, third):
        add_report(by=by, case=case, report=report, why="The same.", now=NOW)

    acknowledge(by=handler(), report=second, at=NOW, why="By telephone.", now=NOW)

    rows = case.clocks.filter(clock="CVD-ACK").select_related("start__report")
    assert {row.start.report: (row.state, row.ended_at) for row in rows} == {
        before: (ClockState.STOPPED, before.acknowledged_at),
        second: (ClockState.STOPPED, NOW),
        third: (ClockState.RUNNING, None),
    }


def test_a_report_is_in_one_case(hit: DeviceVersion) -> None:
    """Another one with the vulnerability goes to the case there is."""
    by = manager()
    case, report, other = opened(), entered(vulnerability=CVE), entered()

    with pytest.raises(CaseExists) as raised:
        open_case_for_report(by=by, report=report, title=RISK, why=WHY, now=NOW)
    assert raised.value.number == case.number
    add_report(by=by, case=case, report=report, why="The same.", now=NOW)
    with pytest.raises(CaseExists):
        add_report(by=by, case=case, report=report, why="The same.", now=NOW)
    with pytest.raises(CaseExists):
        open_case_for_report(by=by, report=report, title=RISK, why=WHY, now=NOW)
    with pytest.raises(NoReason):
        add_report(by=by, case=case, report=other, why="", now=NOW)
    assert {row.started_at for row in clocks(case).values()} == {FRIDAY}


def test_a_report_of_a_restricted_case_is_out_of_sight(hit: DeviceVersion) -> None:
    """With the case it is in."""
    by, stranger = manager(), analyst()
    report = entered(by=stranger)
    open_case_for_report(by=by, report=report, title=RISK, restricted=True, why=WHY, now=NOW)

    with pytest.raises(CaseNotFound):
        open_case_for_report(by=stranger, report=report, title=RISK, why=WHY, now=NOW + timedelta(hours=1))
