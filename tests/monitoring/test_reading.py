"""What pages read of findings, and who may read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmarket.documents.vex.interface import Status
from postmarket.monitoring.errors import NotFound
from postmarket.monitoring.models import Judgement
from postmarket.monitoring.queries.decisions import decisions, reopened, to_sign
from postmarket.monitoring.queries.explaining import explained
from postmarket.monitoring.queries.finding import finding
from postmarket.monitoring.queries.findings import Asked, counts, findings
from postmarket.monitoring.queries.today import today
from postmarket.monitoring.queries.vulnerability import vulnerability
from postmarket.monitoring.services.deciding.answering import decide
from postmarket.monitoring.words import UNDECIDED, FindingState, Order
from postmarket.policy.interface import ClinicalRole, Priority
from postmarket.policy.pack import Pack
from postmarket.sources.interface import Source
from postmarket.worklist.interface import Lane
from tests.accounts.builders import line
from tests.builders import Tell, kev, nvd_range, record
from tests.monitoring.builders import NOW, keep_device, keep_version
from tests.monitoring.given import (
    AFFECTED,
    CVE,
    LATER,
    MITIGATED,
    NOT_REACHED,
    OPENSSL,
    ZLIB,
    Analyst,
    decision_for,
    place_of,
    pump,
    row_of,
    told,
)

pytestmark = pytest.mark.django_db

BringUp = Callable[..., object]


def test_each_filter_keeps_what_it_says(tell: Tell, bring_up: BringUp) -> None:
    """Alone and together; what is counted is what is shown."""
    tell(told(), kev(CVE))
    tell(record("CVE-2026-2000", nvd_range("a:zlib:zlib", "1.2.12"), ratings=()))
    shipped = pump("3.1")
    pump("4.0", shipped=False)
    bring_up()
    ana = Analyst().person
    openssl = row_of(shipped).identity

    def shown(**asked: object) -> set[tuple[str, str]]:
        found = findings(by=ana, asked=Asked(**asked))  # type: ignore[arg-type]
        rows = found.cut(0, 50)
        assert found.count() == len(rows) == sum(count.rows for count in counts(by=ana, asked=found.asked))
        return {(row.version.label, row.facts.name) for row in rows}

    everything = {(label, name) for label in ("3.1", "4.0") for name in (CVE, "CVE-2026-2000")}
    assert shown() == everything
    assert shown(versions=(shipped.pk,)) == {("3.1", CVE), ("3.1", "CVE-2026-2000")}
    assert shown(devices=(shipped.device_id,)) == everything
    assert shown(kev=True) == {("3.1", CVE), ("4.0", CVE)}
    assert shown(kev=False, shipped=False) == {("4.0", "CVE-2026-2000")}
    assert shown(identities=(openssl.pk,), shipped=True) == {("3.1", CVE)}
    assert shown(lanes=(Lane.WORKLIST,), priorities=tuple(Priority)) == everything
    assert shown(lanes=(Lane.POSSIBLE,)) == set()
    assert shown(roles=(ClinicalRole.UNKNOWN,), states=UNDECIDED) == everything
    assert shown(roles=(ClinicalRole.ALARM,)) == set()
    assert shown(states=(FindingState.DECIDED,)) == set()
    assert shown(text="OpenSSL") == shown(text="cve-2026-10") == {("3.1", CVE), ("4.0", CVE)}
    assert shown(text="%") == shown(text="_") == set()
    assert shown(since=NOW) == everything
    assert shown(since=LATER) == set()


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("descending", [False, True])
def test_pages_in_any_order_show_each_row_once(
    tell: Tell, bring_up: BringUp, order: Order, *, descending: bool
) -> None:
    """Cut into pages of two, nothing is lost and nothing comes twice."""
    tell(told(), record("CVE-2026-2000", nvd_range("a:zlib:zlib", "1.2.12"), ratings=()))
    for label in ("3.1", "3.2", "3.3"):
        pump(label)
    bring_up()

    shown = findings(by=Analyst().person, order=order, descending=descending)
    pages = [row.place for start in range(0, 8, 2) for row in shown.cut(start, start + 2)]

    assert len(pages) == len(set(pages)) == shown.count() == 6


def test_nobody_reads_another_lines_findings(tell: Tell, bring_up: BringUp) -> None:
    """Not in lists, counts, details or decisions; a vulnerability's page shows them none of its rows."""
    tell(told())
    pumps, monitors = line("Pumps"), line("Monitors")
    version = pump("3.1", line=pumps)
    other = keep_version(keep_device("Vigil monitor", line=monitors), "7.0", [OPENSSL])
    bring_up()
    mine, theirs = Analyst("Ana Reed", line=pumps).person, Analyst("Max Stone", line=monitors).person
    place = place_of(version)
    decide(by=mine, place=place, answer=NOT_REACHED, now=NOW)

    assert [row.version for row in findings(by=theirs).every()] == [other]
    assert sum(count.rows for count in counts(by=theirs)) == 1
    with pytest.raises(NotFound):
        finding(place, by=theirs, now=NOW)
    assert {row.version_id for row in decisions(by=theirs)} == {other.pk}
    assert {row.version_id for row in to_sign(by=mine)} == {version.pk}
    assert vulnerability(CVE, by=theirs).findings.count() == 1
    assert finding(place, by=mine, now=NOW).siblings == ()


def test_a_version_in_development_has_no_clock(tell: Tell, bring_up: BringUp, pack: Pack) -> None:
    """It is matched and shown, and nothing of it carries a date."""
    tell(told(), kev(CVE))
    coming = pump("4.0", shipped=False)
    bring_up()

    row = row_of(coming)
    (one,) = explained([row], pack=pack, now=NOW)

    assert row.aware is None
    assert one.timeline is None
    assert one.next_step.startswith("In development, so without case and clock:")
    assert not today(by=Analyst().person, since=NOW, now=NOW).new


def test_dates_run_from_when_the_marketed_version_was_known_to_have_it(tell: Tell, bring_up: BringUp) -> None:
    """Known of one version is not known of another that comes to market, or gets the component, later."""
    tell(told())
    first = pump("3.1")
    bring_up()
    second = pump("3.2", at=LATER)
    bring_up(LATER)

    assert row_of(first).aware == NOW
    assert row_of(second).aware == LATER
    assert row_of(second).match.first_matched == NOW


def test_a_vulnerability_is_found_by_any_name_with_every_sources_words(tell: Tell, bring_up: BringUp) -> None:
    """NVD's and OSV's side by side, and each device version it is in."""
    tell(told(description="NVD's words."))
    tell(record("GHSA-aaaa-bbbb-cccc", source=Source.OSV, aliases=(CVE,), description="GitHub's words."))
    version = pump("3.1")
    bring_up()

    for name in (CVE, CVE.lower(), "GHSA-aaaa-bbbb-cccc"):
        found = vulnerability(name, by=Analyst().person)
        assert [text.description for text in found.told] == ["NVD's words.", "GitHub's words."]
        assert found.vulnerability.aliases == ("GHSA-aaaa-bbbb-cccc",)
        assert [row.version for row in found.findings.cut(0, 9)] == [version]
    with pytest.raises(NotFound, match="No loaded source knows"):
        vulnerability("CVE-1999-0001", by=Analyst().person)


def test_a_finding_shows_siblings_history_and_what_each_answer_causes(tell: Tell, bring_up: BringUp) -> None:
    """All four answers, filled in as far as the sources go."""
    tell(told())
    first, second = pump("3.1"), pump("3.2")
    bring_up()
    ana = Analyst()
    decide(by=ana.person, place=place_of(second), answer=AFFECTED, now=NOW)

    detail = finding(place_of(first), by=ana.person, now=NOW)

    assert [row.version for row in detail.siblings] == [second]
    assert [row.decision.status for row in detail.history] == ["affected"]
    assert [one.answer.status for one in detail.consequences] == [
        Status.AFFECTED,
        Status.NOT_AFFECTED,
        Status.UNDER_INVESTIGATION,
        Status.FIXED,
    ]
    assert "Is proposed for 1 other version with the same component." in detail.consequences[0].says


def test_today_says_what_is_new_what_waits_and_what_came_back(tell: Tell, bring_up: BringUp) -> None:
    """Of versions on the market, most pressing first; as many queries for three as for two."""
    tell(told())
    first, second = pump("3.1"), pump("3.2")
    bring_up()
    ana = Analyst()
    decide(by=ana.person, place=place_of(first), answer=MITIGATED, now=NOW)
    ana.sign([decision_for(first)])
    tell(kev(CVE), record("CVE-2026-2000", nvd_range("a:zlib:zlib", "1.2.12"), ratings=()))
    bring_up(LATER)

    with CaptureQueriesContext(connection) as of_two:
        said = today(by=ana.person, since=LATER - timedelta(hours=1), now=LATER)

    assert {(one.row.version, one.row.facts.name) for one in said.new} == {
        (first, "CVE-2026-2000"),
        (second, "CVE-2026-2000"),
    }
    assert said.new_count == 2
    assert [row.version for row in said.to_sign] == [second]
    assert [row.version for row in said.reopened] == [first]
    assert list(reopened(by=ana.person)) == list(said.reopened)
    assert sum(said.undecided.values()) == 4
    assert said.coverage.versions == 2
    assert said.data_as_of
    pump("3.3", at=LATER)
    bring_up(LATER)
    with CaptureQueriesContext(connection) as of_three:
        assert today(by=ana.person, since=LATER - timedelta(hours=1), now=LATER).new_count == 4
    assert len(of_two) == len(of_three)


def test_a_profile_contradicts_for_its_device_alone(tell: Tell, bring_up: BringUp) -> None:
    """Two devices with one component: what a profile says of one is kept for that one."""
    criterion = nvd_range("a:zlib:zlib", "1.2.12", attributes="*:*:*:*:windows:*:*")
    tell(record("CVE-2026-3000", criterion, ratings=()))
    linux = {"operating_systems": ["cpe:2.3:o:linux:linux_kernel:6.1:*:*:*:*:*:*:*"]}
    contradicted = keep_version(keep_device("Alder pump", profile=linux), "1", [ZLIB])
    plain = keep_version(keep_device("Vigil monitor"), "1", [ZLIB])
    bring_up()

    assert row_of(contradicted, "CVE-2026-3000").lane is Lane.SUGGESTED_NOT_AFFECTED
    assert row_of(plain, "CVE-2026-3000").lane is Lane.WORKLIST
    assert {row.version_id for row in Judgement.objects.all()} == {contradicted.pk}


def test_a_page_between_a_load_and_its_run_shows_what_is_known_still(tell: Tell, bring_up: BringUp, pack: Pack) -> None:
    """The load swept away the words a finding rests on; it stays, without them, until the run that follows."""
    tell(told())
    version = pump("3.1")
    bring_up()
    tell(told(below="3.0.9", modified="2026-11-25T00:00:00Z"))
    tell(told(below="3.1", modified="2026-11-26T00:00:00Z"))

    (between,) = explained([row_of(version)], pack=pack, now=NOW)
    bring_up(LATER)
    (after,) = explained([row_of(version)], pack=pack, now=LATER)

    assert between.reasons == ()
    assert [reason.range for reason in after.reasons] == ["< 3.1"]


def test_what_leaves_the_catalogue_is_no_longer_said_to_be_in_it(tell: Tell, bring_up: BringUp) -> None:
    """CISA takes an entry back: the finding ranks without it."""
    tell(told(), kev(CVE))
    version = pump("3.1")
    bring_up()
    before = row_of(version)
    tell(kev("CVE-2020-0001"))
    bring_up(LATER)

    assert before.facts.kev_added is not None
    assert row_of(version).facts.kev_added is None
    assert row_of(version).priority > before.priority
