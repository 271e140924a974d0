"""The table of `postmarket scan`: what is said once, what is said for each, and nothing that misleads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import component, cyclonedx
from tests.cli.conftest import Run
from tests.cli.files import CVE, ESCAPE, SBOM, ZLIB, kev, nvd, openvex, put, zlib_cve


def test_nothing_urgent_is_said_in_plain_words(loaded: Run, device: Path) -> None:
    """Rows there are, but none that cannot wait."""
    ran = loaded("scan", device, "--criticality", "administrative")

    assert ran.out.startswith("Nothing is urgent enough for NOW; 1 row to work through.\n")


def test_every_device_type_shown_has_its_response(loaded: Run, tmp_path: Path) -> None:
    """Also where nothing is exploited yet."""
    put(tmp_path / "a.json", SBOM)
    portfolio = put(
        tmp_path / "p.yaml",
        """
devices:
  - {name: A, criticality: life-sustaining, versions: [{version: '1', sbom: a.json}]}
  - {name: B, criticality: diagnostic, versions: [{version: '1', sbom: a.json}]}
  - {name: C, criticality: administrative, versions: [{version: '1', sbom: a.json}]}
""",
    )

    lines = loaded("scan", portfolio).out.splitlines()

    assert [line for line in lines if line in {"life-sustaining", "diagnostic", "administrative"}] == [
        "life-sustaining",
        "diagnostic",
        "administrative",
    ]


def test_all_shows_every_line_of_a_vex(loaded: Run, device: Path, tmp_path: Path) -> None:
    """Ten without it, and how many more there are."""
    document = json.loads(openvex(CVE, product=ZLIB.cpes[0]))
    document["statements"] *= 13
    vex = put(tmp_path / "vex.json", json.dumps(document))

    few, every = (loaded("scan", device, "--vex", vex, *more).out for more in ((), ("--all",)))

    assert few.count("VEX applied") == 10
    assert "… and 3 more VEX lines: --all" in few
    assert every.count("VEX applied") == 13


def test_components_of_different_suppliers_are_not_one_block(loaded: Run, tmp_path: Path) -> None:
    """Versions of one product stand together, another supplier's product of the same name apart."""
    versions = [
        component("zlib", number, ref=number, cpes=(ZLIB.cpes[0].replace("1.2.11", number),))
        for number in ("1.2.9", "1.2.10")
    ]
    other = component("zlib", "1.2.8", ref="o", supplier="Quellmar", cpes=(ZLIB.cpes[0].replace("1.2.11", "1.2.8"),))

    out = loaded("scan", put(tmp_path / "a.json", cyclonedx(*versions, other))).out

    assert out.count("        next  ") == 2
    assert "zlib 1.2.10, 1.2.9" in out


def test_versions_that_are_there_for_other_reasons_are_not_one_block(loaded: Run, tmp_path: Path) -> None:
    """Two portfolios each have a pump: the words and the response of one are not the other's."""
    put(tmp_path / "a.json", SBOM)
    portfolios = [
        put(
            tmp_path / f"{criticality}.yaml",
            f"devices: [{{name: Pump, criticality: {criticality}, clinical_roles: [{{match: zlib, role: alarm}}],"
            f" versions: [{{version: '{version}', sbom: a.json}}]}}]",
        )
        for version, criticality in (("1", "life-sustaining"), ("2", "life-supporting"))
    ]

    out = loaded("scan", *portfolios).out

    assert "On the alarm path of a life-sustaining device" in out
    assert "On the alarm path of a life-supporting device" in out
    assert "Pump 1, 2" not in out


def test_every_note_of_a_match_is_shown(run: Run, tmp_path: Path) -> None:
    """Also of a sure one: what a person knows of the feature is in no identifier."""
    cve = zlib_cve(CVE)
    cve["descriptions"] = [{"lang": "en", "value": "With IPv6 enabled, inflate writes past its buffer."}]
    assert run("feeds", "load", "nvd", put(tmp_path / "nvd.json", nvd(cve))).code == 0
    put(tmp_path / "a.json", SBOM)
    portfolio = put(
        tmp_path / "p.yaml",
        """
devices:
  - name: Ventilator
    criticality: life-sustaining
    profile: {features: {IPv6: false}}
    versions: [{version: '1', sbom: a.json}]
""",
    )

    out = run("scan", portfolio).out

    assert "        note  " in out
    assert "IPv6" in out.partition("        note  ")[2].partition("        dates ")[0]


def test_unknown_exploitability_is_one_story(run: Run, tmp_path: Path, device: Path) -> None:
    """The order of work counts it as medium; without a score the dates run as for Critical; nothing says worst case."""
    cve = zlib_cve(CVE) | {"metrics": {}}
    assert run("feeds", "load", "nvd", put(tmp_path / "nvd.json", nvd(cve))).code == 0

    out = " ".join(run("scan", device).out.split())

    assert "exploitability unknown, which ranks as medium" in out
    assert "(Critical provisionally: no score, article)" in out
    assert "the Critical dates run provisionally until then" in out
    assert "[priority.vital.medium]" in out
    assert "worst case" not in out


def test_dates_that_have_passed_are_overdue(loaded: Run, device: Path) -> None:
    """In the first line, and at each row; a target that has passed is not yet a breach."""
    late = loaded("scan", device, "--aware", "2026-11-09T08:00:00Z").out
    soon = loaded("scan", device, "--aware", "2026-11-22T08:00:00Z").out

    assert "1 row OVERDUE." in late.splitlines()[0]
    assert "dates mitigate by 2026-11-12, OVERDUE 12 days; patch by 2026-12-09" in late
    assert "OVERDUE" not in soon
    assert "mitigate by 2026-11-23 (passed), at the latest 2026-11-25" in soon


def test_an_exploited_row_names_the_fix(loaded: Run, device: Path, tmp_path: Path) -> None:
    """The case first, and the update that ends it."""
    assert loaded("feeds", "load", "kev", put(tmp_path / "kev.json", kev(CVE))).code == 0

    out = " ".join(loaded("scan", device).out.split())

    assert "Exploited elsewhere: open a case" in out
    assert "Update zlib to 1.2.12 or later, validated." in out


def test_hostile_words_of_a_source_move_no_cursor(run: Run, device: Path, tmp_path: Path) -> None:
    """A description is data: made visible, on one line, cut to the page."""
    cve = zlib_cve(CVE)
    cve["descriptions"] = [{"lang": "en", "value": f"{ESCAPE}\n\nNOW fake row\u202e " + "word " * 900}]
    assert run("feeds", "load", "nvd", put(tmp_path / "nvd.json", nvd(cve))).code == 0

    out = run("scan", device).out

    assert "\x1b" not in out
    assert "\u202e" not in out
    assert not [line for line in out.splitlines() if line.startswith("NOW fake")]
    assert max(map(len, out.splitlines())) <= 120


def test_all_sources_loaded_leave_nothing_to_load(run: Run) -> None:
    """The demo has words of every source."""
    assert "Never loaded" not in run("demo").out


def test_a_title_fits_a_narrow_screen(loaded: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long names lose their middle, and the vulnerability's name none of it."""
    monkeypatch.setenv("COLUMNS", "80")
    long = component("zlib-for-a-very-long-board-support-package", "1.2.11", cpes=ZLIB.cpes)
    ventilator = component("Ventilator with a very long name for the intensive care unit", "5.1")

    lines = loaded("scan", put(tmp_path / "a.json", cyclonedx(long, subject=ventilator))).out.splitlines()

    (title,) = (line for line in lines if line.startswith("NOW  "))
    assert len(title) <= 80
    assert title.endswith(f"  {CVE}")
