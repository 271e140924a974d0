"""The table of `postmarket scan`: what is said once, what is said for each, and nothing that misleads."""

from __future__ import annotations

import json
from pathlib import Path

from tests.builders import component, cyclonedx
from tests.cli.conftest import Run
from tests.cli.files import CVE, SBOM, ZLIB, openvex, put


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
