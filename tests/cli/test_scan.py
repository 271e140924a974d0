"""`postmarket scan` as a person runs it: what it finds, what it refuses, and the exit code that says so."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.builders import component, cyclonedx
from tests.cli.conftest import Run
from tests.cli.files import BLOB, CVE, ESCAPE, SBOM, VENTILATOR, ZLIB, kev, nvd, openvex, put, zlib_cve


def test_without_data_it_says_how_to_load_some(run: Run, home: Path, device: Path) -> None:
    """One line, exit 5, nothing on standard output, and nothing made."""
    ran = run("scan", device)

    assert (ran.code, ran.out) == (5, "")
    assert "There is no vulnerability data yet. Load some: postmarket feeds load nvd PATH" in ran.complaint
    assert not home.exists()


def test_a_bare_sbom(loaded: Run, device: Path) -> None:
    """Device, component, vulnerability, reason, score, dates, next step; and what could not be seen."""
    ran = loaded("scan", device)

    assert (ran.code, ran.err) == (0, "")
    for said in (
        "1 row cannot wait, on Ventilator.",
        f"NOW     Ventilator 5.1  zlib 1.2.11  {CVE}",
        "a device of unknown criticality (counted as life-supporting)",
        "9.8 Base (3.1)",
        "CPE a:zlib:zlib: 1.2.11 in < 1.2.12 (NVD, high confidence)",
        "mitigate by 2026-11-25, at the latest 2026-11-27; patch by 2026-12-24",
        "what  A test.",
        "Update zlib to 1.2.12 or later, validated.",
        f"see   https://nvd.nist.gov/vuln/detail/{CVE}",
        "Touch controller firmware",
        "Dates count from 2026-11-24 08:00 UTC",
        "Data as of: nvd 2026-11-02 (22 days old).",
        "“Article” below is the text that the firm's seed policy, seed-default, was written from",
        "not FDA requirements",
        "All dates are UTC",
        "Never loaded: cve, kev, epss, osv, csaf. Run: postmarket feeds load SOURCE PATH, or postmarket feeds sync.",
        "Why not monitored: without purl, CPE or known product name (1).",
    ):
        assert said in ran.out, said


def test_criticality_of_a_bare_sbom(loaded: Run, device: Path) -> None:
    """What the device is for moves its rows, and nothing else is said to be unknown."""
    ran = loaded("scan", device, "--criticality", "administrative")

    assert ran.code == 0
    assert "an administrative device" in ran.out
    assert "unknown criticality" not in ran.out


def test_the_portfolio_ranks_by_patient_risk(loaded: Run, tmp_path: Path) -> None:
    """The article's example through the program: 5.3 on the alarm path above 9.8 in an administrative part."""
    moderate = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L"
    feed = nvd(zlib_cve("CVE-2026-2002", product="eclipse:mosquitto", below="3", vector=moderate, score=5.3))
    assert loaded("feeds", "load", "nvd", put(tmp_path / "more.json", feed)).code == 0
    alarm = component("mosquitto", "2.0", cpes=("cpe:2.3:a:eclipse:mosquitto:2.0:*:*:*:*:*:*:*",))
    put(tmp_path / "sboms" / "monitor.json", cyclonedx(ZLIB, alarm))
    portfolio = put(
        tmp_path / "portfolio.yaml",
        """
manufacturer: Corvid
devices:
  - name: Cardiac monitor
    criticality: life-supporting
    clinical_roles:
      - {match: mosquitto, role: alarm, why: Alarm bus.}
      - {match: zlib, role: administrative, why: Unpacks logs.}
    versions: [{version: 3.10, sbom: sboms/monitor.json}]
""",
    )

    ran = loaded("scan", portfolio, "--format", "json")

    found = json.loads(ran.out)["rows"]
    assert [(row["component"]["name"], row["score"]["severity"], row["device_version"]) for row in found] == [
        ("mosquitto", "medium", "3.10"),
        ("zlib", "critical", "3.10"),
    ]


def test_a_broken_file_beside_good_ones(loaded: Run, tmp_path: Path) -> None:
    """The good rows are there, the broken file is named with its place, and the exit code says so."""
    folder = tmp_path / "sboms"
    put(folder / "a.cdx.json", SBOM)
    put(folder / "b.cdx.json", b'{"bomFormat": "CycloneDX", ')
    put(folder / "c.cdx.json", cyclonedx(ZLIB, subject=component("Pump", "2")))

    ran = loaded("scan", folder)

    assert ran.code == 3
    assert "Ventilator 5.1" in ran.out
    assert "Pump 2" in ran.out
    assert "b.cdx.json" in ran.out + ran.err
    assert "line 1, column 28" in " ".join((ran.out + ran.err).split())


def test_one_broken_file_alone(loaded: Run, tmp_path: Path) -> None:
    """Nothing could be done: exit 5 and one line, in every format, and no empty document."""
    broken = put(tmp_path / "b.cdx.json", b"{")

    for form in ("table", "json", "sarif", "csv", "cyclonedx-vdr"):
        ran = loaded("scan", broken, "--format", form)
        assert (ran.code, ran.out) == (5, "")
        assert "b.cdx.json" in ran.complaint


def test_several_broken_files_alone(loaded: Run, tmp_path: Path) -> None:
    """Each is named, then that there was none to scan."""
    for name in ("a.json", "b.json"):
        put(tmp_path / "sboms" / name, b"[")

    ran = loaded("scan", tmp_path / "sboms")

    lines = ran.err.splitlines()
    assert (ran.code, ran.out, len(lines)) == (5, "", 3)
    assert "a.json" in lines[0]
    assert "b.json" in lines[1]
    assert "There is no SBOM to scan: 2 files were refused" in lines[2]


def test_an_empty_folder(loaded: Run, tmp_path: Path) -> None:
    """No SBOM is not "no vulnerabilities"."""
    (tmp_path / "empty").mkdir()

    ran = loaded("scan", tmp_path / "empty")

    assert (ran.code, ran.out) == (5, "")
    assert "There is no SBOM to scan" in ran.complaint


def test_a_path_that_is_not_there(loaded: Run, device: Path) -> None:
    """A mistyped path stops the scan, whatever else was given."""
    ran = loaded("scan", device, "nowhere.json")

    assert (ran.code, ran.out) == (5, "")
    assert "nowhere.json: There is no such file or folder" in ran.complaint


def test_nothing_identified_is_no_clean_bill(loaded: Run, tmp_path: Path) -> None:
    """No row, exit 4, and the table says what was not seen."""
    ran = loaded("scan", put(tmp_path / "a.json", cyclonedx(BLOB, subject=VENTILATOR)))

    assert ran.code == 4
    assert "Nothing matched" in ran.out
    assert "Touch controller firmware" in ran.out
    assert "0%" in ran.out


def test_an_sbom_without_components_is_no_clean_bill(loaded: Run, device: Path, tmp_path: Path) -> None:
    """Alone exit 4; it is named on standard error, also beside one that has components."""
    empty = put(tmp_path / "a.json", cyclonedx(subject=VENTILATOR))

    alone, beside = loaded("scan", empty), loaded("scan", empty, device)

    assert (alone.code, beside.code) == (4, 0)
    assert "no components" in alone.out
    for ran in (alone, beside):
        assert "a.json: the SBOM lists no component, so nothing in Ventilator 5.1 can be monitored" in ran.complaint


@pytest.mark.parametrize(
    ("rules", "code", "holding"),
    [
        (["severity >= critical"], 1, ["severity >= critical"]),
        (["kev"], 0, []),
        (["kev", "any", "unmatched > 0"], 1, ["any", "unmatched > 0"]),
        (["coverage < 50"], 0, []),
        (["priority >= now and score >= 9"], 1, ["priority >= now and score >= 9"]),
    ],
)
def test_fail_on(loaded: Run, device: Path, rules: list[str], code: int, holding: list[str]) -> None:
    """Exit 1 when any rule holds; each that does is named on standard error, and the rows are printed all the same."""
    ran = loaded("scan", device, *(part for rule in rules for part in ("--fail-on", rule)))

    assert ran.code == code
    assert ran.err.splitlines() == [f"postmarket: the rule holds: {rule}" for rule in holding]
    assert CVE in ran.out


def test_fail_on_counts_before_a_refused_file(loaded: Run, tmp_path: Path) -> None:
    """1 before 3: a pipeline must not take the milder one."""
    put(tmp_path / "s" / "a.json", SBOM)
    put(tmp_path / "s" / "b.json", b"{")

    assert loaded("scan", tmp_path / "s", "--fail-on", "any").code == 1


def test_a_rule_that_is_none_stops_before_the_scan(run: Run, device: Path) -> None:
    """Even before the missing data is noticed: the pipeline's own mistake comes first."""
    ran = run("scan", device, "--fail-on", "severity >= urgent")

    assert (ran.code, ran.out) == (2, "")
    assert "--fail-on 'severity >= urgent': This is no rule: 'urgent' is no severity" in ran.complaint


@pytest.mark.parametrize(
    ("aware", "said"),
    [
        ("2026-11-20", "Dates count from 2026-11-20 00:00 UTC, as given by --aware."),
        ("2026-11-20T08:30:00+02:00", "Dates count from 2026-11-20 06:30 UTC, as given by --aware."),
        ("2026-11-20T06:30:00Z", "Dates count from 2026-11-20 06:30 UTC, as given by --aware."),
    ],
)
def test_aware(loaded: Run, device: Path, aware: str, said: str) -> None:
    """The day the firm knew; all dates move with it."""
    ran = loaded("scan", device, "--aware", aware)

    assert ran.code == 0
    assert said in ran.out
    assert "mitigate by 2026-11-23, OVERDUE 1 day; patch by 2026-12-20" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    "aware",
    [
        "yesterday",
        "24.11.2026",
        "2026-13-01",
        "2026-11-24T25:00",
        ESCAPE,
        "9999-12-31",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_aware_that_is_no_date(run: Run, device: Path, aware: str) -> None:
    """A usage error: one line, exit 2, nothing printed, even before the missing data is noticed."""
    ran = run("scan", device, "--aware", aware)

    assert (ran.code, ran.out) == (2, "")
    assert "--aware: " in ran.complaint


@pytest.mark.parametrize("aware", ["2026-11-24T08:00:01Z", "2026-11-25", "2026-11-24T08:59:00-01:00"])
def test_aware_in_the_future(run: Run, device: Path, aware: str) -> None:
    """Every deadline would be too late: refused, with the time it is now."""
    ran = run("scan", device, "--aware", aware)

    assert (ran.code, ran.out) == (2, "")
    assert "UTC is in the future: it is 2026-11-24 08:00 UTC now" in ran.complaint


def test_the_moment_itself_and_the_same_elsewhere_are_not_in_the_future(loaded: Run, device: Path) -> None:
    """A clock with another zone tells the same time."""
    for aware in ("2026-11-24T08:00:00Z", "2026-11-24T21:00:00+13:00"):
        assert loaded("scan", device, "--aware", aware).code == 0


def test_a_supplier_s_vex_is_applied_and_reported(loaded: Run, device: Path, tmp_path: Path) -> None:
    """The row leaves the worklist for its own lane; the line says who and what; the exit code stays 0."""
    vex = put(tmp_path / "vex.json", openvex(CVE, product=ZLIB.cpes[0]))

    ran = loaded("scan", device, "--vex", vex)

    assert ran.code == 0
    assert "1 not affected, says the supplier; a person confirms" in ran.out
    assert f"VEX applied: vex.json statements[0].products[0]: {CVE}" in " ".join(ran.out.split())
    assert loaded("scan", device, "--vex", vex, "--fail-on", "any").code == 0


def test_a_vex_that_cannot_be_read_is_refused_and_the_scan_goes_on(loaded: Run, device: Path, tmp_path: Path) -> None:
    """Exit 3; one that is not there stops the scan."""
    ran = loaded("scan", device, "--vex", put(tmp_path / "vex.json", b"{"))

    assert ran.code == 3
    assert "vex.json" in ran.out
    assert CVE in ran.out
    assert loaded("scan", device, "--vex", "nowhere.json").code == 5


def test_an_alias_table_of_the_firm_s_own(loaded: Run, tmp_path: Path) -> None:
    """A name nobody else knows is tied to a product that is known; a table that is none stops the scan."""
    device = put(tmp_path / "a.json", cyclonedx(component("corvid-packer", "1.2.11")))
    ours = put(tmp_path / "ours.toml", 'products = [ { cpe = ["a:zlib:zlib"], names = ["corvid-packer"] } ]')

    assert loaded("scan", device).code == 4
    ran = loaded("scan", device, "--aliases", ours)
    assert ran.code == 0
    assert "alias table a:zlib:zlib" in ran.out

    wrong = loaded("scan", device, "--aliases", put(tmp_path / "wrong.toml", "products = 3"))
    assert wrong.code == 5
    assert "wrong.toml" in wrong.complaint


def test_a_policy_of_the_firm_s_own(loaded: Run, tmp_path: Path) -> None:
    """A signed device type ranks as its row says, and the policy is named; an unsigned one is refused."""
    put(tmp_path / "a.json", SBOM)
    portfolio = put(
        tmp_path / "p.yaml",
        "devices: [{name: Hub, criticality: telemetry hub, versions: [{version: '1', sbom: a.json}]}]",
    )
    signed = """
name = "acme"
version = "3"
effective = 2026-10-01
[[device_type]]
name = "telemetry hub"
ranks_as = "life-sustaining"
signed_by = "A. Lead, clinical safety"
signed_on = 2026-09-30
reason = "relays alarms"
"""

    ran = loaded("scan", portfolio, "--policy", put(tmp_path / "acme.toml", signed))
    assert ran.code == 0
    assert "a life-sustaining device" in ran.out
    assert "acme 3" in ran.out

    unsigned = put(tmp_path / "unsigned.toml", signed.replace('signed_by = "A. Lead, clinical safety"\n', ""))
    assert "unsigned.toml" in loaded("scan", portfolio, "--policy", unsigned).complaint


def test_a_policy_not_yet_in_effect_is_named_and_not_used(loaded: Run, device: Path, tmp_path: Path) -> None:
    """Given early, it waits for its day."""
    early = put(tmp_path / "acme.toml", 'name = "acme"\nversion = "4"\neffective = 2026-12-01\n')

    ran = loaded("scan", device, "--policy", early)

    assert ran.code == 0
    assert "acme 4" not in ran.out
    assert "acme.toml: not yet in effect: acme 4 takes effect on 2026-12-01" in ran.complaint


@pytest.mark.parametrize("form", ["table", "json"])
def test_an_sbom_on_standard_input(loaded: Run, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """`syft … | postmarket scan -`: read once, however often it is asked for."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SBOM)))

    ran = loaded("scan", "-", "-", "--format", form)

    assert (ran.code, ran.err) == (0, "")
    assert CVE in ran.out
    assert form == "table" or len(json.loads(ran.out)["devices"]) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"\x1f\x8b\x08"])
def test_standard_input_that_is_no_sbom(loaded: Run, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """One line that names it, exit 5."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))

    ran = loaded("scan", "-")

    assert (ran.code, ran.out) == (5, "")
    assert "standard input" in ran.complaint


def test_what_a_folder_held_besides_is_one_line(loaded: Run, tmp_path: Path) -> None:
    """How many files were no SBOM and which; a portfolio in it, and how to use that; the rows come all the same."""
    folder = tmp_path / "sboms"
    put(folder / "ventilator.SBOM", SBOM)
    for name in ("README.md", "a.png", f"b{ESCAPE}.txt", "c.txt", "d.txt"):
        put(folder / name, b"no SBOM")
    put(folder / "portfolio.yaml", "devices: [{name: V, versions: [{version: '1', sbom: ventilator.SBOM}]}]")
    put(folder / ".DS_Store", b"hidden")

    ran = loaded("scan", folder)

    first, second = ran.err.splitlines()
    assert ran.code == 0
    assert CVE in ran.out
    assert "sboms: passed over 5 files that are no SBOM: README.md, a.png, b\\x1b[2J" in first
    assert first.endswith("and 2 more.")
    assert "portfolio.yaml: not used: it looks like a portfolio" in second
    assert second.endswith(f"postmarket scan {folder / 'portfolio.yaml'}")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (openvex(CVE, product=ZLIB.cpes[0]), "OpenVEX"),
        (b'{"document": {"category": "csaf_vex", "csaf_version": "2.0"}, "vulnerabilities": []}', "CSAF"),
        (
            b'{"bomFormat": "CycloneDX", "specVersion": "1.5", "vulnerabilities": [{"id": "CVE-2026-1"}]}',
            "CycloneDX",
        ),
    ],
)
def test_a_vex_where_an_sbom_is_expected(loaded: Run, device: Path, tmp_path: Path, content: bytes, kind: str) -> None:
    """Told from a broken SBOM, with the option that takes it; beside a good SBOM exit 3."""
    vex = put(tmp_path / "vex.json", content)

    alone, beside, checked = loaded("scan", vex), loaded("scan", device, vex), loaded("sbom", "check", vex)

    said = f"vex.json: This is a supplier's VEX ({kind}), not an SBOM"
    assert (alone.code, beside.code) == (5, 3)
    assert said in alone.complaint
    assert alone.complaint.endswith(f"as --vex {vex}")
    assert said in " ".join(beside.out.split())
    assert said in checked.complaint


def test_a_slip_in_the_portfolio_is_said_on_standard_error(loaded: Run, tmp_path: Path) -> None:
    """The rows come all the same; a mistyped device type stops them."""
    put(tmp_path / "a.json", SBOM)
    text = "devices: [{name: V, criticality: %s, clinical_roles: [{match: zlip, role: alarm}], versions: [%s]}]"
    portfolio = put(tmp_path / "p.yaml", text % ("diagnostic", "{version: '1', sbom: a.json}"))

    ran = loaded("scan", portfolio)
    assert ran.code == 0
    assert "p.yaml: V: clinical_roles: “zlip” fits no component" in ran.complaint
    assert ran.complaint.endswith("Did you mean “zlib”?")

    put(portfolio, text % ("life-sustianing", "{version: '1', sbom: a.json}"))
    wrong = loaded("scan", portfolio)
    assert (wrong.code, wrong.out) == (5, "")
    assert "“life-sustianing” is no device type of this policy. Did you mean “life-sustaining”?" in wrong.complaint


def test_kev_is_shown_and_leads(loaded: Run, device: Path, tmp_path: Path) -> None:
    """Once the catalogue is loaded, the same scan says so first."""
    assert loaded("feeds", "load", "kev", put(tmp_path / "kev.json", kev(CVE))).code == 0

    ran = loaded("scan", device, "--fail-on", "kev")

    assert ran.code == 1
    assert "1 vulnerability exploited in the field (KEV)" in ran.out
    assert "KEV since 2026-11-10" in ran.out
    assert "Exploited elsewhere: open a case" in ran.out
    assert "If exploited: the article's response by device type" in ran.out


def test_a_broken_portfolio_beside_a_good_sbom(loaded: Run, device: Path, tmp_path: Path) -> None:
    """It is refused by name, the others go on, exit 3; alone it is the one line."""
    broken = put(tmp_path / "p.yaml", "devices: 3")

    beside, alone = loaded("scan", broken, device), loaded("scan", broken)

    assert (beside.code, alone.code) == (3, 5)
    assert CVE in beside.out
    assert "p.yaml: devices: “3” is no list" in beside.out
    assert "p.yaml: devices: “3” is no list" in alone.complaint
