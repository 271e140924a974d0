"""`postmarket sbom`: what an SBOM lacks, and what changed between two."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from tests.builders import component, cyclonedx
from tests.cli.conftest import Run
from tests.cli.files import SBOM, VENTILATOR, ZLIB, put

PROFILES = ("seed", "fda", "ntia", "cisa-2025-draft")
WHOLE = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "version": 1,
    "metadata": {
        "timestamp": "2026-11-20T00:00:00Z",
        "authors": [{"name": "A. Person"}],
        "component": {
            "type": "firmware",
            "bom-ref": "v",
            "name": "Ventilator",
            "version": "5",
            "supplier": {"name": "C"},
        },
    },
    "components": [
        {
            "type": "library",
            "bom-ref": "z",
            "name": "zlib",
            "version": "1.3.1",
            "supplier": {"name": "zlib.net"},
            "purl": "pkg:generic/zlib@1.3.1",
        }
    ],
    "dependencies": [{"ref": "v", "dependsOn": ["z"]}, {"ref": "z", "dependsOn": []}],
}
"""All the seven elements of NTIA."""


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """An SBOM without author, timestamp, suppliers and relationships."""
    return put(tmp_path / "device.cdx.json", SBOM)


def test_check_names_what_is_missing_and_the_fix(run: Run, device: Path) -> None:
    """Without any vulnerability data; exit 1, since the profile demands it."""
    ran = run("sbom", "check", device)

    text = " ".join(ran.out.split())
    assert (ran.code, ran.err) == (1, "")
    assert "device.cdx.json does not meet" in text
    assert "zlib 1.2.11" in text
    assert "CycloneDX JSON 1.6, 2 components" in text
    assert "article" in text


def test_check_of_an_sbom_that_has_it_all(run: Run, tmp_path: Path) -> None:
    """Exit 0."""
    ran = run("sbom", "check", put(tmp_path / "whole.json", json.dumps(WHOLE)), "--profile", "ntia")

    assert ran.code == 0, ran.out
    assert "whole.json meets" in " ".join(ran.out.split())


@pytest.mark.parametrize("profile", PROFILES)
def test_check_in_json(run: Run, device: Path, profile: str) -> None:
    """Every rule with its authority and citation, every finding with its component and fix."""
    ran = run("sbom", "check", device, "--profile", profile, "--json")

    (found,) = json.loads(ran.out)
    assert (ran.code, found["profile"]) == (1, profile)
    assert found["sbom"] == str(device)
    assert all(rule["authority"] and rule["citation"] and rule["title"] for rule in found["rules"])
    assert all(finding["problem"] and finding["fix"] for finding in found["findings"])
    assert {finding["rule"] for finding in found["findings"]} <= {rule["id"] for rule in found["rules"]}
    assert 0 <= found["score_percent"] < 100


def test_check_goes_on_after_a_broken_file(run: Run, tmp_path: Path) -> None:
    """Exit 3 when the others are good; 1 counts before 3 when they are not."""
    put(tmp_path / "s" / "a.json", json.dumps(WHOLE))
    put(tmp_path / "s" / "b.json", b"{")

    ran = run("sbom", "check", tmp_path / "s", "--profile", "ntia")

    assert ran.code == 3
    assert "b.json" in ran.complaint
    assert "a.json meets" in " ".join(ran.out.split())
    put(tmp_path / "s" / "c.json", SBOM)
    assert run("sbom", "check", tmp_path / "s", "--profile", "ntia").code == 1


@pytest.mark.parametrize("path", ["nowhere.json", "empty"])
def test_check_of_nothing(run: Run, tmp_path: Path, path: str) -> None:
    """One line, exit 5."""
    (tmp_path / "empty").mkdir()

    ran = run("sbom", "check", path)

    assert (ran.code, ran.out) == (5, "")
    assert path in ran.complaint


def test_check_shows_hostile_names_escaped(run: Run, tmp_path: Path) -> None:
    """Nothing in an SBOM moves the cursor."""
    nasty = component("z\x1b[2J\u202e", "1\x07", ref="r\x9b")

    ran = run("sbom", "check", put(tmp_path / "a\x1b.json", cyclonedx(nasty)))

    assert "z\\x1b[2J" in ran.out
    assert all(line.isprintable() for line in ran.out.splitlines())


def test_check_in_json_of_a_name_that_is_not_utf_8(run: Run, tmp_path: Path) -> None:
    """Linux allows any bytes in a file name."""
    path = tmp_path / os.fsdecode(b"d\xff.json")
    path.write_bytes(SBOM)

    assert run("sbom", "check", path, "--json").code == 1


OLD = cyclonedx(
    ZLIB,
    component("curl", "8.0", purl="pkg:generic/curl@8.0", supplier="haxx"),
    component("left", "1"),
    subject=VENTILATOR,
)
NEW = cyclonedx(
    component("zlib", "1.3.1", cpes=ZLIB.cpes),
    component("curl", "8.0", purl="pkg:generic/curl@8.0"),
    component("came", "2"),
    subject=VENTILATOR,
)


def test_diff(run: Run, tmp_path: Path) -> None:
    """Added, removed, another version, and what lost its data; exit 0, since a change is no failure."""
    ran = run("sbom", "diff", put(tmp_path / "old.json", OLD), put(tmp_path / "new.json", NEW))

    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert "added    came 2" in lines
    assert "removed  left 1" in lines
    assert "version  zlib 1.2.11 → 1.3.1" in lines
    assert any(line.startswith("lost     curl 8.0: supplier") for line in lines)
    assert lines[-1] == "1 added, 1 removed, 1 changed version, 1 lost data."


def test_diff_of_the_same(run: Run, tmp_path: Path) -> None:
    """Says so."""
    old = put(tmp_path / "old.json", OLD)

    assert run("sbom", "diff", old, old).out == "Nothing changed.\n"


def test_diff_in_json(run: Run, tmp_path: Path) -> None:
    """The same as values."""
    ran = run("sbom", "diff", put(tmp_path / "old.json", OLD), put(tmp_path / "new.json", NEW), "--json")

    found = json.loads(ran.out)
    assert [item["name"] for item in found["added"]] == ["came"]
    assert [item["name"] for item in found["removed"]] == ["left"]
    assert [(item["old"], item["new"]) for item in found["changed"]] == [("1.2.11", "1.3.1")]
    assert [(item["name"], item["lost"]) for item in found["lost_data"]] == [("curl", ["supplier"])]


def test_diff_of_what_cannot_be_read(run: Run, tmp_path: Path) -> None:
    """One line, exit 5."""
    old, broken = put(tmp_path / "old.json", OLD), put(tmp_path / "broken.json", b"{")

    for pair in ((old, broken), (broken, old), (old, "nowhere.json")):
        ran = run("sbom", "diff", *pair)
        assert (ran.code, ran.out) == (5, "")
        assert ran.complaint


def test_diff_of_folders_and_of_several(run: Run, tmp_path: Path) -> None:
    """Which of its SBOMs is meant cannot be known: one line, exit 5."""
    old = put(tmp_path / "s" / "old.json", OLD)
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.json", OLD)
        archive.writestr("b.json", NEW)

    for pair, said in (
        ((old.parent, old), "s: This is a folder, and two single SBOMs are compared"),
        ((old, old.parent), "postmarket sbom diff OLD.json NEW.json"),
        ((old, "two.zip"), "two.zip: This holds more than one SBOM"),
    ):
        ran = run("sbom", "diff", *pair)
        assert (ran.code, ran.out) == (5, "")
        assert said in ran.complaint


def test_check_counts_a_file_once_and_says_what_was_passed_over(run: Run, tmp_path: Path) -> None:
    """As a scan does."""
    file = put(tmp_path / "s" / "whole.sbom", json.dumps(WHOLE))
    put(tmp_path / "s" / "notes.txt", b"no SBOM")

    ran = run("sbom", "check", file, file.parent, "--profile", "ntia", "--json")

    assert (ran.code, len(json.loads(ran.out))) == (0, 1)
    assert "passed over 1 file that is no SBOM: notes.txt" in ran.complaint


def test_check_of_an_sbom_without_components(run: Run, tmp_path: Path) -> None:
    """Nothing was shown, so nothing is met: exit 1, and it is said."""
    ran = run("sbom", "check", put(tmp_path / "empty.json", cyclonedx(subject=VENTILATOR)), "--profile", "ntia")

    assert ran.code == 1
    assert "empty.json: the SBOM lists no component" in ran.complaint


def test_check_of_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is one SBOM."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(WHOLE).encode())))

    assert run("sbom", "check", "-", "--profile", "ntia").code == 0
