"""Rows in order of patient risk, none of them lost, each with its lane and its dates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmarket.documents.vex.interface import Justification, Product, Statement, Status, VexFormat
from postmarket.matching.aliases import builtin
from postmarket.matching.devices import match_device
from postmarket.matching.interface import Coverage, DeviceProfile, Grade
from postmarket.matching.store.engine import Connection
from postmarket.policy.interface import ClinicalRole, Criticality, Priority
from postmarket.sbom.interface import Component
from postmarket.scoring.interface import Severity
from postmarket.sources.interface import Certainty, Criterion, Node, Operator, Record, Source, State
from postmarket.worklist.assemble import clinical_role
from postmarket.worklist.interface import Lane, RoleRule, Row, Worklist
from tests.builders import NOW, Tell, component, cpe, epss, kev, nvd_range, rated, record
from tests.worklist.conftest import CRITICAL, MODERATE, OPENSSL, ZLIB, Scan, bom, device

ALARM = RoleRule("openssl", ClinicalRole.ALARM, "Carries alarms to the nurse call.")
ADMINISTRATIVE = RoleRule("zlib", ClinicalRole.ADMINISTRATIVE, "Unpacks service logs.")
LOCAL_MODERATE = "AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:L"
PHYSICAL_MODERATE = "AV:P/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:H"
WINDOWS = Criterion(
    kind=nvd_range("o:microsoft:windows").kind,
    name="o:microsoft:windows",
    range=nvd_range("o:microsoft:windows").range,
    text="any",
    vulnerable=False,
)


def openssl_bug(name: str = "CVE-2026-1001", vector: str = MODERATE) -> Record:
    """A vulnerability of OpenSSL below 1.1.1l."""
    return record(name, nvd_range("a:openssl:openssl", "1.1.1l"), ratings=(rated(vector),))


def zlib_bug(name: str = "CVE-2026-2002", vector: str = CRITICAL) -> Record:
    """A vulnerability of zlib below 1.2.12."""
    return record(name, nvd_range("a:zlib:zlib", "1.2.12"), ratings=(rated(vector),))


def only(worklist: Worklist) -> Row:
    """The one row there is."""
    (row,) = worklist.rows
    return row


@pytest.mark.parametrize("criticality", [Criticality.LIFE_SUSTAINING, Criticality.LIFE_SUPPORTING])
@pytest.mark.parametrize("moderate", [MODERATE, LOCAL_MODERATE, PHYSICAL_MODERATE])
def test_a_moderate_score_on_the_alarm_path_outranks_a_high_one_in_an_administrative_module(
    tell: Tell, scan: Scan, criticality: Criticality, moderate: str
) -> None:
    """The article's example, on one device: patient harm leads, CVSS informs, however hard the moderate one is."""
    tell(openssl_bug(vector=moderate), zlib_bug(vector=CRITICAL))

    rows = scan(device(ZLIB, OPENSSL, criticality=criticality, roles=(ALARM, ADMINISTRATIVE))).rows

    assert [row.component.name for row in rows] == ["openssl", "zlib"]
    assert [row.score.severity for row in rows] == [Severity.MEDIUM, Severity.CRITICAL]
    assert rows[0].role_why == "Carries alarms to the nurse call."


def test_the_same_vulnerability_ranks_by_the_device_it_is_in(tell: Tell, scan: Scan) -> None:
    """Four devices, one library: the order is that of what stands behind them."""
    tell(openssl_bug())

    rows = scan(
        device(OPENSSL, name="Billing", criticality=Criticality.ADMINISTRATIVE),
        device(OPENSSL, name="Workstation", criticality=Criticality.DIAGNOSTIC),
        device(OPENSSL, name="Pump", criticality=Criticality.LIFE_SUPPORTING),
        device(OPENSSL, name="Ventilator", criticality=Criticality.LIFE_SUSTAINING),
    ).rows

    assert [row.device.device for row in rows] == ["Ventilator", "Pump", "Workstation", "Billing"]


def test_unknown_criticality_ranks_as_life_supporting_and_says_so(tell: Tell, scan: Scan) -> None:
    """A bare SBOM is never ranked as something less, and the reason names the assumption."""
    tell(openssl_bug())

    unknown = only(scan(device(OPENSSL)))
    known = only(scan(device(OPENSSL, criticality=Criticality.LIFE_SUPPORTING)))

    assert (unknown.ranking.priority, unknown.ranking.order) == (known.ranking.priority, known.ranking.order)
    assert "unknown criticality (counted as life-supporting)" in unknown.ranking.reason
    assert "ranks as life-supporting" in unknown.response.note
    assert unknown.response.active == known.response.active
    assert known.response.note == ""


def test_an_unknown_role_is_never_a_low_one(tell: Tell, scan: Scan) -> None:
    """Where no rule names the component, it counts as the most clinical one, and the row says so."""
    tell(openssl_bug())

    row = only(scan(device(OPENSSL, criticality=Criticality.LIFE_SUSTAINING)))

    assert row.role is ClinicalRole.UNKNOWN
    assert row.ranking.priority is Priority.NOW
    assert row.ranking.reason.startswith("Clinical role not stated (counted as therapy)")


def test_a_kev_entry_raises(tell: Tell, scan: Scan) -> None:
    """Exploited in the field: at least urgent even in an administrative part, and before its unexploited equal."""
    billing = device(ZLIB, criticality=Criticality.ADMINISTRATIVE, roles=(ADMINISTRATIVE,))
    tell(zlib_bug("CVE-2026-0001"), zlib_bug("CVE-2026-0002"))
    before = {row.vulnerability.name: row.ranking.priority for row in scan(billing).rows}

    tell(kev("CVE-2026-0002"))
    first, second = scan(billing).rows

    assert before["CVE-2026-0002"] > Priority.URGENT
    assert (first.vulnerability.name, first.ranking.priority, first.ranking.rule) == (
        "CVE-2026-0002",
        Priority.URGENT,
        "priority.kev",
    )
    assert first.vulnerability.kev is not None
    assert second.ranking.priority == before["CVE-2026-0001"]


def test_epss_raises_what_is_hard_to_exploit(tell: Tell, scan: Scan) -> None:
    """A forecast argues against the vector's low."""
    tell(openssl_bug(vector=PHYSICAL_MODERATE))
    subject = device(OPENSSL, criticality=Criticality.LIFE_SUSTAINING, roles=(ALARM,))
    before = only(scan(subject))

    tell(epss("CVE-2026-1001", 0.97))
    after = only(scan(subject))

    assert after.ranking.priority < before.ranking.priority
    assert after.vulnerability.epss is not None


def test_equal_components_in_several_places_make_one_row(tell: Tell, scan: Scan) -> None:
    """The same library bundled three times is one piece of work; another version of it is another."""
    tell(openssl_bug())
    copies = [component("openssl", "1.1.1k", ref=f"copy-{number}", cpes=OPENSSL.cpes) for number in range(3)]
    older = component("openssl", "1.1.1a", ref="older", cpes=(cpe("a:openssl:openssl", "1.1.1a"),))

    rows = {row.component.version: row for row in scan(device(*copies, older)).rows}

    assert [item.ref for item in rows["1.1.1k"].components] == ["copy-0", "copy-1", "copy-2"]
    assert [item.ref for item in rows["1.1.1a"].components] == ["older"]


def test_the_same_component_in_two_versions_of_a_device_makes_two_rows(tell: Tell, scan: Scan) -> None:
    """Each shipped version is its own finding."""
    tell(openssl_bug())

    rows = scan(device(OPENSSL, version="1.0"), device(OPENSSL, version="2.0")).rows

    assert [row.device.version for row in rows] == ["1.0", "2.0"]


def test_the_surest_of_several_places_decides_the_lane(tell: Tell, scan: Scan) -> None:
    """One copy is patched by its pedigree, the other is not: the row stays on the worklist, whatever the order."""
    tell(openssl_bug("CVE-2026-1001"))
    patched = component("openssl", "1.1.1k", ref="patched", cpes=OPENSSL.cpes, patched=("CVE-2026-1001",))

    for copies in ((patched, OPENSSL), (OPENSSL, patched)):
        row = only(scan(device(*copies)))
        assert (row.lane, row.match.grade, len(row.components)) == (Lane.WORKLIST, Grade.CONFIRMED, 2)


def test_a_source_without_a_range_makes_a_possible_row(tell: Tell, scan: Scan) -> None:
    """Too vague to count, too good to drop: its own lane, and not on the worklist."""
    tell(record("CVE-2026-0003", nvd_range("a:zlib:zlib", certainty=Certainty.POSSIBLE)))

    worklist = scan(device(ZLIB))

    assert only(worklist).lane is Lane.POSSIBLE
    assert worklist.lane(Lane.WORKLIST) == ()
    assert worklist.devices[0].counts[Coverage.MATCHED] == 0


def test_a_profile_that_contradicts_moves_the_row_and_keeps_it(tell: Tell, scan: Scan) -> None:
    """ "Running on Windows" on a device that is known to run Linux: suggested, with the reason."""
    tell(
        record(
            "CVE-2026-0004",
            nvd_range("a:zlib:zlib", "1.2.12"),
            WINDOWS,
            conditions=(Node(Operator.AND, nodes=(Node(Operator.OR, (0,)), Node(Operator.OR, (1,)))),),
        )
    )
    linux = DeviceProfile(operating_systems=(cpe("o:linux:linux_kernel", "-"),))

    silent = only(scan(device(ZLIB)))
    contradicted = only(scan(device(ZLIB, profile=linux)))

    assert (silent.lane, silent.match.grade) == (Lane.WORKLIST, Grade.UNVERIFIED)
    assert (contradicted.lane, contradicted.match.grade) == (Lane.SUGGESTED_NOT_AFFECTED, Grade.CONTRADICTED)
    assert contradicted.match.evidence[0].notes


def test_all_dates_run_from_awareness(tell: Tell, scan: Scan) -> None:
    """The article's table: 72 hours and 30 days for a critical score, 90 to 180 days for a medium one."""
    tell(openssl_bug(vector=MODERATE), zlib_bug(vector=CRITICAL))
    aware = NOW - timedelta(days=12)

    worklist = scan(device(OPENSSL, ZLIB), aware=aware)
    medium, critical = (
        next(row.timeline for row in worklist.rows if row.component.name == name) for name in ("openssl", "zlib")
    )

    assert worklist.aware == aware
    assert (critical.mitigate_by, critical.patch_limit) == (aware + timedelta(hours=72), aware + timedelta(days=30))
    assert (medium.mitigate_by, medium.patch_target, medium.patch_limit) == (
        None,
        aware + timedelta(days=90),
        aware + timedelta(days=180),
    )


def test_no_score_runs_the_critical_dates_provisionally(tell: Tell, scan: Scan) -> None:
    """Unknown is never low: it is urgent, has the dates of the worst, and says that a person must band it."""
    tell(record("CVE-2026-0009", nvd_range("a:zlib:zlib", "1.2.12")), zlib_bug("CVE-2026-0001"))

    rows = {row.vulnerability.name: row for row in scan(device(ZLIB)).rows}
    scored, unscored = rows["CVE-2026-0001"], rows["CVE-2026-0009"]

    assert unscored.score.severity is Severity.UNKNOWN
    assert unscored.ranking.priority <= Priority.URGENT
    assert unscored.timeline.provisional
    assert unscored.timeline.mitigate_by == scored.timeline.mitigate_by == NOW + timedelta(hours=72)
    assert not scored.timeline.provisional


def test_a_substitute_score_is_flagged_in_the_dates(tell: Tell, scan: Scan) -> None:
    """The article bands by v4: a v3.1 score that stands in for it says so beside the dates."""
    tell(zlib_bug())

    row = only(scan(device(ZLIB)))

    assert row.score.substitute
    assert row.score.flag in row.timeline.notes


def test_what_could_not_be_identified_stands_beside_the_rows(tell: Tell, scan: Scan) -> None:
    """Four states that are never mixed, and a share that says how much was looked at."""
    tell(openssl_bug())
    clean = component("openssl", "3.0.0", ref="clean", cpes=(cpe("a:openssl:openssl", "3.0.0"),))
    own = component("breath-control", "5.0", supplier="Corvid Medical")
    blind = component("Touch controller firmware", "7")

    worklist = scan(device(OPENSSL, clean, own, blind, maker="Corvid Medical, Inc."))

    (report,) = worklist.devices
    assert {item.ref: coverage.state for item, coverage in report.coverage} == {
        "openssl": Coverage.MATCHED,
        "clean": Coverage.MATCHED_NONE,
        "breath-control": Coverage.NOT_MONITORABLE,
        "Touch controller firmware": Coverage.UNMATCHED,
    }
    assert report.counts == dict.fromkeys(Coverage, 1)
    assert report.monitored == 0.5


def test_a_device_without_components_has_no_share(scan: Scan) -> None:
    """An empty SBOM is not 0 % and not 100 %."""
    (report,) = scan(device()).devices

    assert report.monitored is None


def test_a_withdrawn_record_is_kept_apart_not_deleted(tell: Tell, scan: Scan) -> None:
    """Nothing is lost: a rejected CVE moves to the lane a person confirms."""
    tell(record("CVE-2026-0005", nvd_range("a:zlib:zlib", "1.2.12"), state=State.REJECTED))

    assert only(scan(device(ZLIB))).lane is Lane.SUGGESTED_NOT_AFFECTED


def test_aliases_are_one_row_under_the_cve(tell: Tell, scan: Scan) -> None:
    """What two sources say of the same vulnerability is one piece of work with both names."""
    tell(zlib_bug("CVE-2026-0001"))
    tell(record("GHSA-aaaa", nvd_range("a:zlib:zlib", "1.3"), source=Source.OSV, aliases=("CVE-2026-0001",)))

    row = only(scan(device(ZLIB)))

    assert (row.vulnerability.name, row.vulnerability.aliases) == ("CVE-2026-0001", ("GHSA-aaaa",))
    assert len(row.match.evidence) == 2


def test_the_worklist_says_how_old_its_data_is_and_by_which_policy(tell: Tell, scan: Scan) -> None:
    """Both stand on every answer."""
    tell(record("CVE-2026-0001", nvd_range("a:zlib:zlib", "1.2.12"), modified="2026-11-20T00:00:00Z"))

    worklist = scan(device(ZLIB))

    assert worklist.data_as_of == {"nvd": "2026-11-20T00:00:00Z"}
    assert worklist.aware_basis == "as the test says"
    assert "seed-default" in worklist.policy


@pytest.mark.parametrize(
    ("pattern", "name", "purl", "fits"),
    [
        ("openssl", "openssl", "", True),
        ("OpenSSL", "openssl", "", True),
        ("openssl", "libopenssl", "", False),
        ("*ssl*", "libopenssl", "", True),
        ("lib?sl", "libssl", "", True),
        ("pkg:github/mbed-tls/*", "mbedtls", "pkg:github/Mbed-TLS/mbedtls@3.5.2", True),
        ("pkg:github/mbed-tls/*", "mbedtls", "pkg:generic/mbedtls@3.5.2", False),
    ],
)
def test_a_role_rule_fits_a_name_or_a_purl(pattern: str, name: str, purl: str, fits: bool) -> None:
    """Shell wildcards, upper and lower case alike."""
    rules = (RoleRule(pattern, ClinicalRole.THERAPY, "because"),)

    found = clinical_role(name, purl, rules)

    assert found == ((ClinicalRole.THERAPY, "because") if fits else (ClinicalRole.UNKNOWN, ""))


def test_the_first_role_rule_that_fits_counts() -> None:
    """The order in the portfolio is the firm's."""
    rules = (RoleRule("qt*", ClinicalRole.MONITORING), RoleRule("*", ClinicalRole.ADMINISTRATIVE))

    assert clinical_role("qtbase", "", rules)[0] is ClinicalRole.MONITORING
    assert clinical_role("curl", "", rules)[0] is ClinicalRole.ADMINISTRATIVE


WORLD = (
    record("CVE-2026-0001", nvd_range("a:zlib:zlib", "1.2.12"), ratings=(rated(CRITICAL),)),
    record("CVE-2026-0002", nvd_range("a:zlib:zlib", certainty=Certainty.POSSIBLE)),
    record("CVE-2026-0003", nvd_range("a:openssl:openssl", "1.1.1l"), ratings=(rated(MODERATE),)),
    record(
        "CVE-2026-0004",
        nvd_range("a:openssl:openssl", "3.0"),
        WINDOWS,
        conditions=(Node(Operator.AND, nodes=(Node(Operator.OR, (0,)), Node(Operator.OR, (1,)))),),
    ),
    record("CVE-2026-0005", nvd_range("a:zlib:zlib", "1.3"), nvd_range("a:openssl:openssl", "1.1.1k")),
)
NAMES = {"zlib": "a:zlib:zlib", "openssl": "a:openssl:openssl", "nobody": "a:nobody:nothing"}


@st.composite
def components(draw: st.DrawFn) -> tuple[str, str, tuple[str, ...]]:
    """Name, version and patches of a component that the world may know."""
    name = draw(st.sampled_from(sorted(NAMES)))
    version = draw(st.sampled_from(["1.1.1a", "1.1.1k", "1.2.11", "1.2.12", "4.0", "", "?"]))
    return name, version, tuple(draw(st.sets(st.sampled_from(["CVE-2026-0001", "CVE-2026-0003"]), max_size=2)))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    listed=st.lists(components(), max_size=8),
    linux=st.booleans(),
    cleared=st.sets(st.sampled_from(["CVE-2026-0001", "CVE-2026-0004"])),
)
def test_every_match_is_in_exactly_one_lane(
    store: Connection,
    tell: Tell,
    scan: Scan,
    listed: list[tuple[str, str, tuple[str, ...]]],
    linux: bool,
    cleared: set[str],
) -> None:
    """Whatever a device holds and its suppliers say: no match is lost, none is shown twice, the order never falls."""
    if not store.execute("SELECT 1 FROM record").fetchone():
        tell(*WORLD)
    systems = (cpe("o:linux:linux_kernel", "-"),) if linux else ()
    subject = device(
        *(
            component(name, version, ref=f"{number}", cpes=(cpe(NAMES[name], version or "*"),), patched=patched)
            for number, (name, version, patched) in enumerate(listed)
        ),
        profile=DeviceProfile(operating_systems=systems),
    )

    worklist = scan(subject, vex=tuple(map(_cleared, sorted(cleared))))

    matched = match_device(store, subject.bom.components, aliases=builtin(), profile=subject.profile)
    shown = sorted((row.vulnerability.id, item.ref) for row in worklist.rows for item in row.components)
    assert shown == sorted((match.vulnerability, str(match.component)) for match in matched.matches)
    assert sum(len(worklist.lane(lane)) for lane in Lane) == len(worklist.rows)
    order = [(row.ranking.priority, row.ranking.order) for row in worklist.rows]
    assert order == sorted(order)


def _cleared(name: str) -> Statement:
    return Statement(
        source="vex.json",
        format=VexFormat.OPENVEX,
        document="d",
        author="Supplier",
        timestamp="2026-11-01T00:00:00Z",
        vulnerability=name,
        aliases=(),
        product=Product("p", cpes=(cpe("a:zlib:zlib", "1.2.11"), cpe("a:openssl:openssl", "1.1.1k"))),
        status=Status.NOT_AFFECTED,
        justification=Justification.COMPONENT_NOT_PRESENT,
    )


def test_the_subject_of_an_sbom_is_matched_when_it_is_a_known_product(tell: Tell, scan: Scan) -> None:
    """An operating system's own SBOM names it only as its subject: by CPE it is held against the data too."""
    tell(openssl_bug())
    known = scan(device(bom=bom(ZLIB, subject=OPENSSL)))
    named = scan(device(bom=bom(ZLIB, subject=component("openssl", "1.1.1k"))))

    assert only(known).component == OPENSSL
    assert len(known.devices[0].coverage) == 2
    assert (named.rows, len(named.devices[0].coverage)) == ((), 1)


@pytest.mark.parametrize(
    "other",
    [
        component("openssl", "1.1.1k", ref="o", cpes=OPENSSL.cpes, supplier="Quellmar"),
        component("openssl", "1.1.1k", ref="o", cpes=(*OPENSSL.cpes, cpe("a:quellmar:openssl", "1.1.1k"))),
    ],
)
def test_a_row_never_names_another_supplier_s_component(tell: Tell, scan: Scan, other: Component) -> None:
    """Same name and version, another supplier or other CPEs: two rows."""
    tell(openssl_bug())

    rows = scan(device(OPENSSL, other)).rows

    assert [len(row.components) for row in rows] == [1, 1]
