"""The worklist written down: every row, every reason and all four states in each machine's own format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given
from hypothesis import strategies as st

from postmarket.matching.aliases import builtin
from postmarket.matching.interface import Coverage
from postmarket.matching.store.engine import Connection
from postmarket.policy.interface import ClinicalRole, Criticality
from postmarket.policy.pack import Pack
from postmarket.sbom.interface import Component
from postmarket.sources.interface import Certainty, Rating, Source
from postmarket.worklist.assemble import assemble
from postmarket.worklist.errors import WorklistError
from postmarket.worklist.formats.csv_format import COLUMNS, safe, write_csv
from postmarket.worklist.formats.cyclonedx_vdr import write_vdr
from postmarket.worklist.formats.flat import flatten
from postmarket.worklist.formats.json_format import write_json
from postmarket.worklist.formats.sarif import write_sarif
from postmarket.worklist.formats.values import FlatWorklist
from postmarket.worklist.interface import DeviceVersion, Lane, RoleRule
from tests.builders import NOW, Tell, component, cpe, epss, kev, nvd_range, rated, record
from tests.worklist.conftest import CRITICAL, MODERATE, OPENSSL, ZLIB, Scan, bom, device

Flat = Callable[..., FlatWorklist]
WRITERS = (write_json, write_csv, write_sarif, write_vdr)
STATES = [state.value for state in Coverage]
FORMULA = '=HYPERLINK("https://example.org";"Click")'
NASTY = component(FORMULA, "1.2.11", ref="nasty\x1b[2J", supplier="@SUM(A1)", cpes=ZLIB.cpes)


@pytest.fixture
def flat(store: Connection, tell: Tell, scan: Scan) -> Flat:
    """A flattened worklist: of the devices given, else of one that shows every state, lane and kind of score."""
    zlib = nvd_range("a:zlib:zlib", "1.2.12", fixed="1.2.12")
    tell(
        record(
            "CVE-2026-0001",
            zlib,
            ratings=(rated(CRITICAL, 9.8),),
            description="=Inflate writes\x1b[2J past its buffer.",
            cwes=("CWE-787",),
        ),
        record("CVE-2026-0002", zlib),
        record("CVE-2026-0003", zlib, ratings=(Rating("4.0", V4, None, "cna@example.org"),)),
        record("CVE-2026-0004", zlib, ratings=(Rating("2.0", "AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5, "nvd@nist.gov"),)),
        record("CVE-2026-0005", nvd_range("a:zlib:zlib", certainty=Certainty.POSSIBLE)),
        record("CVE-2026-0006", nvd_range("a:openssl:openssl", "1.1.0"), ratings=(rated(MODERATE),)),
    )
    tell(record("GHSA-zzzz", zlib, source=Source.OSV, aliases=("CVE-2026-0001",)))
    tell(kev("CVE-2026-0002", ransomware=True))
    tell(epss("CVE-2026-0001", 0.25))

    def flat(*devices: DeviceVersion) -> FlatWorklist:
        return flatten(store, scan(*(devices or (everything(),))))

    return flat


V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N"


def everything() -> DeviceVersion:
    """One component in each of the four states."""
    return device(
        ZLIB,
        OPENSSL,
        component("breath-control", "5", supplier="Corvid"),
        component("Touch controller firmware", "7"),
        maker="Corvid",
        criticality=Criticality.LIFE_SUSTAINING,
        roles=(RoleRule("zlib", ClinicalRole.ALARM, "Carries alarms."),),
        units=640,
    )


def parsed(content: bytes) -> Any:
    """The JSON value in `content`."""
    return json.loads(content)


def cells(content: bytes) -> list[dict[str, str]]:
    """The CSV's lines by column."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def test_json_comes_back_the_same(flat: Flat) -> None:
    """A program that uses our types can read it in again."""
    worklist = flat()

    assert msgspec.json.decode(write_json(worklist), type=FlatWorklist) == worklist


def test_json_says_all_four_states(flat: Flat) -> None:
    """Every component stands there with its state and why; "0 vulnerabilities" hides none of them."""
    (found,) = parsed(write_json(flat()))["devices"]

    assert {item["component"]["name"]: item["state"] for item in found["coverage"]} == {
        "zlib": "matched",
        "openssl": "matched-none",
        "Touch controller firmware": "unmatched",
        "breath-control": "not monitorable",
    }
    assert all(item["why"] for item in found["coverage"])
    counts = (found[name] for name in ("matched", "matched_none", "unmatched", "not_monitorable", "components"))
    assert (*counts, found["monitored_percent"]) == (1, 1, 1, 1, 4, 50.0)


def test_json_rows_carry_their_reason_clock_response_and_step(flat: Flat) -> None:
    """What issue and article ask of a row."""
    row = next(row for row in parsed(write_json(flat()))["rows"] if row["vulnerability"]["id"] == "CVE-2026-0001")

    assert row["vulnerability"]["aliases"] == ["GHSA-zzzz"]
    assert row["vulnerability"]["sources"] == ["nvd", "osv"]
    assert row["vulnerability"]["epss"] == 0.25
    assert row["clinical_role"] == "alarm"
    assert row["reasons"][0]["rung"] == "CPE"
    assert row["reasons"][0]["range"] == "< 1.2.12"
    assert row["score"]["value"] == 9.8
    assert row["timeline"]["mitigate_by"] == "2026-11-27T08:00:00Z"
    assert row["timeline"]["patch_limit"] == "2026-12-24T08:00:00Z"
    assert row["timeline"]["citation"]["authority"] == "article"
    assert row["response_active"]
    assert row["response_suspected"]
    assert row["priority_rule"].startswith("priority.")
    assert row["fixed"] == "1.2.12"
    assert row["next_step"].endswith(".")


def test_json_says_unknown_where_nothing_is_known(flat: Flat) -> None:
    """No score is null, not 0; no KEV entry is null, not false."""
    rows = {row["vulnerability"]["id"]: row for row in parsed(write_json(flat()))["rows"]}

    assert (rows["CVE-2026-0002"]["score"]["value"], rows["CVE-2026-0002"]["score"]["severity"]) == (None, "unknown")
    assert rows["CVE-2026-0002"]["timeline"]["provisional"] is True
    assert (
        rows["CVE-2026-0002"]["vulnerability"]["kev_added"],
        rows["CVE-2026-0001"]["vulnerability"]["kev_added"],
    ) == (
        "2026-11-01",
        None,
    )
    assert (
        rows["CVE-2026-0002"]["vulnerability"]["kev_ransomware"],
        rows["CVE-2026-0002"]["vulnerability"]["epss"],
    ) == (
        True,
        None,
    )
    assert rows["CVE-2026-0003"]["score"]["nomenclature"] == "CVSS-B"


def test_json_keeps_every_lane_and_states_no_clinical_vex(flat: Flat) -> None:
    """Whatever the lane, a scan decides nothing."""
    rows = parsed(write_json(flat()))["rows"]

    assert {row["lane"] for row in rows} == {Lane.WORKLIST.value, Lane.POSSIBLE.value}
    assert {row["state"] for row in rows} == {"in_triage"}


def test_json_names_what_was_refused_and_which_policy_and_data(store: Connection, flat: Flat, pack: Pack) -> None:
    """A scan that could not read everything says so inside the file too."""
    flat()
    worklist = assemble(
        store,
        (),
        aliases=builtin(),
        pack=pack,
        now=NOW,
        aware=NOW,
        aware_basis="as given by --aware",
        refused=(WorklistError("cannot be read", where="bad.json"),),
    )

    found = parsed(write_json(flatten(store, worklist)))

    assert found["refused"] == ["bad.json: cannot be read"]
    assert (found["aware"], found["aware_basis"]) == ("2026-11-24T08:00:00Z", "as given by --aware")
    assert (found["format_version"], found["tool"]) == (1, "postmarket")
    assert "seed-default" in found["policy"]


def test_csv_has_a_line_for_every_row_and_every_component_nobody_watches(flat: Flat) -> None:
    """RFC 4180, one header, the unseen among the lines."""
    worklist = flat()

    lines = cells(write_csv(worklist))

    assert tuple(lines[0]) == COLUMNS
    assert [line["vulnerability"] for line in lines[: len(worklist.rows)]] == [
        row.vulnerability.id for row in worklist.rows
    ]
    assert {line["record"] for line in lines[: len(worklist.rows)]} == {"row"}
    of_device, *unseen = lines[len(worklist.rows) :]
    assert [(line["record"], line["state"], line["component"], bool(line["next_step"])) for line in unseen] == [
        ("component", "not monitorable", "breath-control", True),
        ("component", "unmatched", "Touch controller firmware", True),
    ]
    counts = ("components", "matched", "matched_none", "unmatched", "not_monitorable", "monitored_percent")
    assert (of_device["record"], *(of_device[name] for name in counts)) == ("device", "4", "1", "1", "1", "1", "50.0")
    assert all(line["device"] == "Ventilator" for line in lines)


def test_csv_shows_no_score_as_empty(flat: Flat) -> None:
    """An empty cell and "unknown", never 0."""
    line = next(line for line in cells(write_csv(flat())) if line["vulnerability"] == "CVE-2026-0002")

    assert (line["score"], line["severity"], line["kev_added"]) == ("", "unknown", "2026-11-01")


def test_csv_formulas_cannot_run(flat: Flat) -> None:
    """A component called like a formula is text in every cell it reaches (OWASP, CSV injection)."""
    content = write_csv(flat(device(NASTY, name="+1-2", version='-2+3+cmd|" /C calc"!A0', maker="x")))

    lines = cells(content)
    assert lines[0]["component"] == f"'{FORMULA}"
    assert lines[0]["supplier"] == "'@SUM(A1)"
    assert lines[0]["device"] == "'+1-2"
    assert not [cell for line in lines for cell in line.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(st.text(max_size=30))
def test_a_safe_cell_is_the_text_and_no_formula(text: str) -> None:
    """At most one apostrophe is put before it."""
    cell = safe(text)

    assert cell in (text, f"'{text}")
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=4))
def test_a_cell_comes_back_whatever_is_in_it(values: list[str]) -> None:
    """Quotes, commas and line breaks are the csv module's; what we write it can read."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([safe(value) for value in values])

    (line,) = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert line == [safe(value) for value in values]


def test_sarif_has_what_its_schema_requires(flat: Flat) -> None:
    """SARIF 2.1.0 (OASIS) §3.13, §3.14, §3.19, §3.27, §3.49: required properties, and indexes that fit."""
    found = parsed(write_sarif(flat()))

    assert found["version"] == "2.1.0"
    (run,) = found["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "postmarket"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    assert all(rule["shortDescription"]["text"] and rule["helpUri"].startswith("https://") for rule in driver["rules"])
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["kind"] in {"pass", "open", "informational", "notApplicable", "review", "fail"}
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "Ventilator-1.0.cdx.json"
    assert run["invocations"][0]["executionSuccessful"] is True


def test_sarif_shows_the_worklist_lane_in_its_order(flat: Flat) -> None:
    """What is only possible is no result; level follows patient risk and unknown severity is the highest."""
    worklist = flat()

    (run,) = parsed(write_sarif(worklist))["runs"]

    shown = [row for row in worklist.rows if row.lane == Lane.WORKLIST.value]
    assert [result["ruleId"] for result in run["results"]] == [row.vulnerability.id for row in shown]
    assert {result["properties"]["state"] for result in run["results"]} == {"in_triage"}
    scores = {rule["id"]: rule["properties"]["security-severity"] for rule in run["tool"]["driver"]["rules"]}
    assert (scores["CVE-2026-0001"], scores["CVE-2026-0002"]) == ("9.8", "10.0")


def test_sarif_without_rows_is_still_a_run(flat: Flat) -> None:
    """A code-scanning page then shows that nothing was found."""
    (run,) = parsed(write_sarif(flat(device())))["runs"]

    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_sarif_level_fits_its_kind(flat: Flat) -> None:
    """SARIF 2.1.0 §3.27.10: a level other than none needs kind fail."""
    packaged = component("zlib", "1.2.11", purl="pkg:deb/debian/zlib@1.2.11-4?distro=debian-12")

    (run,) = parsed(write_sarif(flat(device(packaged))))["runs"]

    assert run["results"]
    assert all(result["kind"] == "fail" or result["level"] == "none" for result in run["results"])


def test_sarif_locations_are_uris(flat: Flat) -> None:
    """SARIF 2.1.0 §3.4.3: a URI reference (RFC 3986), so what is no URI character is percent-encoded."""
    (run,) = parsed(write_sarif(flat(device(ZLIB, source="my device #5 100%\x1b.json"))))["runs"]

    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "my%20device%20%235%20100%25%1B.json"


def test_sarif_fingerprints_tell_rows_apart(flat: Flat) -> None:
    """A code-scanning page merges results with equal fingerprints."""
    (run,) = parsed(write_sarif(flat(device(ZLIB, version="1.0"), device(ZLIB, version="2.0"))))["runs"]

    prints = [json.dumps(result["partialFingerprints"]) for result in run["results"]]
    assert len(prints) == len(set(prints))


def valid_vdr(content: bytes) -> Any:
    """The document, after CycloneDX's own library has held it against the schema of 1.6."""
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(content.decode())
    assert fault is None, str(fault)[:300]
    return parsed(content)


def test_the_vdr_is_valid_and_states_only_in_triage(flat: Flat) -> None:
    """No clinical VEX from a scan: every vulnerability is in triage, with the rating, and no response or reason."""
    found = valid_vdr(write_vdr(flat()))

    assert {item["id"] for item in found["vulnerabilities"]} == {f"CVE-2026-000{number}" for number in (1, 2, 3, 4)}
    for item in found["vulnerabilities"]:
        assert item["analysis"]["state"] == "in_triage"
        assert not item["analysis"].keys() & {"justification", "response"}
    ratings = {item["id"]: item.get("ratings", [{}])[0].get("method") for item in found["vulnerabilities"]}
    assert ratings == {
        "CVE-2026-0001": "CVSSv31",
        "CVE-2026-0002": None,
        "CVE-2026-0003": "CVSSv4",
        "CVE-2026-0004": "CVSSv2",
    }


def test_the_vdr_points_at_components_it_holds(flat: Flat) -> None:
    """Every ref exists, once."""
    found = valid_vdr(write_vdr(flat(device(ZLIB, version="1.0"), device(ZLIB, OPENSSL, name="Pump"))))

    refs = [item["bom-ref"] for item in found["components"]]
    assert len(refs) == len(set(refs)) == 2
    assert {ref["ref"] for item in found["vulnerabilities"] for ref in item["affects"]} == set(refs)


def test_the_vdr_is_the_same_for_the_same_scan(flat: Flat) -> None:
    """The serial number says which SBOMs, so that a pipeline that runs twice uploads one document."""
    assert write_vdr(flat(device(ZLIB))) == write_vdr(flat(device(ZLIB)))
    serials = {parsed(write_vdr(flat(device(bom=bom(ZLIB, sha256=digit * 64)))))["serialNumber"] for digit in "12"}
    assert len(serials) == 2


def test_an_empty_vdr_is_valid(flat: Flat) -> None:
    """Nothing matched is a document too."""
    assert valid_vdr(write_vdr(flat(device())))["vulnerabilities"] == []


def test_a_vdr_with_hostile_names_is_valid(flat: Flat) -> None:
    """Names are data wherever they stand."""
    assert valid_vdr(write_vdr(flat(device(NASTY, name="a/b#c\x1b[2J"))))["components"]


def test_the_vdr_keeps_components_of_two_sboms_of_one_label(flat: Flat) -> None:
    """Two bare SBOMs without a subject's version, both calling their first component `1`."""
    one = component("zlib", "1.2.11", ref="1", cpes=ZLIB.cpes)
    two = component("zlib", "1.2.10", ref="1", cpes=(cpe("a:zlib:zlib", "1.2.10"),))

    found = valid_vdr(write_vdr(flat(device(one, source="a.json"), device(two, source="b.json"))))

    assert {item["version"] for item in found["components"]} == {"1.2.11", "1.2.10"}


@pytest.mark.parametrize("write", WRITERS)
def test_what_is_written_is_printable_text(flat: Flat, write: Callable[[FlatWorklist], bytes]) -> None:
    """UTF-8, and no raw control character of a hostile SBOM gets to a terminal that shows the file."""
    nasty: Component = component("\x1b]0;owned\x07", "1.2.11", ref="\x9b2J", cpes=ZLIB.cpes)

    text = write(flat(device(nasty, name="d\x1b[31m"))).decode("utf-8")

    if write is not write_csv:
        assert "\x1b" not in text
        assert "\x07" not in text


def test_every_format_says_what_its_dates_count_from_and_how_much_was_seen(flat: Flat) -> None:
    """Awareness and its basis, the policy, the age of the data and the share that was monitored."""
    worklist = flat()

    (run,) = parsed(write_sarif(worklist))["runs"]
    vdr = valid_vdr(write_vdr(worklist))["metadata"]
    line = cells(write_csv(worklist))[0]
    told = {item["name"]: item["value"] for item in vdr["properties"]}

    moment = "2026-11-24T08:00:00Z"
    assert (run["properties"]["aware"], run["properties"]["awareBasis"]) == (moment, "as the test says")
    assert run["properties"]["dataAsOf"] == worklist.data_as_of
    assert run["properties"]["coverage"][0]["monitoredPercent"] == 50.0
    assert (line["aware"], line["aware_basis"], line["scanned_at"]) == (moment, "as the test says", moment)
    assert vdr["timestamp"] == moment
    assert (told["postmarket:aware"], told["postmarket:aware-basis"]) == (moment, "as the test says")
    assert "50.0 % monitored; 4 components: 1 matched, 1 none known, 1 unmatched" in told["postmarket:coverage"]
    for policy in (run["properties"]["policy"], line["policy"], told["postmarket:policy"]):
        assert policy == worklist.policy


def test_no_sarif_results_never_look_clean(flat: Flat) -> None:
    """What could not be identified is a warning beside the empty results."""
    blind = device(component("Touch controller firmware", "7"))

    (run,) = parsed(write_sarif(flat(blind)))["runs"]

    (warning,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (run["results"], warning["level"]) == ([], "warning")
    assert "Ventilator 1.0: of 1 components 1 could not be identified" in warning["message"]["text"]


def test_sarif_results_point_at_their_own_sbom(flat: Flat) -> None:
    """Two SBOMs of one device label: each row at its own file, each with its own fingerprint."""
    (run,) = parsed(write_sarif(flat(device(ZLIB, source="a.json"), device(ZLIB, source="b.json"))))["runs"]

    found = run["results"]
    uris = [item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for item in found]
    prints = {item["partialFingerprints"]["postmarket/v2"] for item in found}
    assert sorted(uris) == sorted(["a.json", "b.json"] * (len(found) // 2))
    assert len(prints) == len(found)


def test_a_sarif_result_says_what_a_row_says(flat: Flat) -> None:
    """Score, KEV, EPSS, rule, dates and response are there for whoever reads only this file."""
    (run,) = parsed(write_sarif(flat()))["runs"]
    told = next(item["properties"] for item in run["results"] if item["ruleId"] == "CVE-2026-0001")

    assert (told["score"], told["nomenclature"], told["epss"], told["kevAdded"]) == (9.8, "Base 3.1", 0.25, None)
    assert (told["mitigateBy"], told["patchLimit"]) == ("2026-11-27T08:00:00Z", "2026-12-24T08:00:00Z")
    assert told["priorityRule"].startswith("priority.")
    assert told["responseActive"]
    assert told["responseSuspected"]


def test_a_vdr_row_says_why_by_which_rule_and_until_when(flat: Flat) -> None:
    """As properties: CycloneDX has no field for a clock."""
    found = valid_vdr(write_vdr(flat()))["vulnerabilities"]
    (row,) = (
        item["value"]
        for one in found
        if one["id"] == "CVE-2026-0001"
        for item in one["properties"]
        if item["name"] == "postmarket:row"
    )

    for said in ("by priority.", "Matched by CPE a:zlib:zlib: 1.2.11 in < 1.2.12", "mitigate by 2026-11-27T08:00:00Z"):
        assert said in row


def test_every_format_says_what_the_vulnerability_is(flat: Flat) -> None:
    """In the source's words, with its weakness and a link, as each format has a place for them."""
    worklist = flat()
    words, link = "=Inflate writes\x1b[2J past its buffer.", "https://nvd.nist.gov/vuln/detail/CVE-2026-0001"

    row = next(row for row in parsed(write_json(worklist))["rows"] if row["vulnerability"]["id"] == "CVE-2026-0001")
    line = next(line for line in cells(write_csv(worklist)) if line["vulnerability"] == "CVE-2026-0001")
    (run,) = parsed(write_sarif(worklist))["runs"]
    rule = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "CVE-2026-0001")
    result = next(item for item in run["results"] if item["ruleId"] == "CVE-2026-0001")
    told = next(item for item in valid_vdr(write_vdr(worklist))["vulnerabilities"] if item["id"] == "CVE-2026-0001")

    item = row["vulnerability"]
    assert (item["summary"], item["summary_source"], item["weaknesses"], item["link"]) == (
        words,
        "nvd",
        ["CWE-787"],
        link,
    )
    assert (line["summary"], line["weaknesses"], line["link"]) == (f"'{words}", "CWE-787", link)
    assert (rule["fullDescription"]["text"], rule["helpUri"]) == (words, link)
    assert "external/cwe/cwe-787" in rule["properties"]["tags"]
    assert words in result["message"]["text"]
    assert (told["description"], told["cwes"], told["advisories"]) == (words, [787], [{"url": link}])


def test_every_format_says_which_dates_have_passed(store: Connection, flat: Flat, scan: Scan) -> None:
    """Twelve days late is a number a program can sort by, and words where only words fit."""
    flat()
    worklist = flatten(store, scan(device(ZLIB), aware=NOW - timedelta(days=15)))

    row = next(row for row in parsed(write_json(worklist))["rows"] if row["vulnerability"]["id"] == "CVE-2026-0001")
    line = next(line for line in cells(write_csv(worklist)) if line["vulnerability"] == "CVE-2026-0001")
    (run,) = parsed(write_sarif(worklist))["runs"]
    result = next(item["properties"] for item in run["results"] if item["ruleId"] == "CVE-2026-0001")

    assert (row["timeline"]["mitigate_overdue_days"], row["timeline"]["patch_overdue_days"]) == (12, None)
    assert (line["mitigate_overdue_days"], line["patch_overdue_days"]) == ("12", "")
    assert (result["mitigateOverdueDays"], result["patchOverdueDays"]) == (12, None)
    assert "mitigate by 2026-11-12T08:00:00Z (OVERDUE 12 days)" in write_vdr(worklist).decode()


def test_every_format_says_why_components_are_not_monitored_and_what_was_never_loaded(flat: Flat) -> None:
    """So that nobody takes a source that is not there for one that knows nothing."""
    worklist = flat()
    why = {"the firm's own software": 1, "without purl, CPE or known product name": 1}

    found = parsed(write_json(worklist))
    (run,) = parsed(write_sarif(worklist))["runs"]
    lines = cells(write_csv(worklist))
    told = {item["name"]: item["value"] for item in valid_vdr(write_vdr(worklist))["metadata"]["properties"]}

    assert (found["devices"][0]["unseen"], run["properties"]["coverage"][0]["unseen"]) == (why, why)
    assert "without purl, CPE or known product name (1)" in next(
        line["unseen"] for line in lines if line["record"] == "device"
    )
    assert "without purl, CPE or known product name (1)" in told["postmarket:coverage"]
    assert (found["never_loaded"], run["properties"]["neverLoaded"]) == (["cve", "csaf"], ["cve", "csaf"])
    assert (lines[0]["never_loaded"], told["postmarket:never-loaded"]) == ("cve csaf", "cve, csaf")


def test_unknown_exploitability_is_not_called_high(flat: Flat) -> None:
    """Nobody scored it and nobody saw it exploited: the order of work counts it as medium, and no field says high."""
    row = next(row for row in flat().rows if row.vulnerability.id == "CVE-2026-0005")

    assert (row.exploitability, row.exploitability_known) == ("unknown", False)
