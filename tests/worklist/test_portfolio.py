"""The portfolio file: what a good one gives, and one clear line for each way to get it wrong."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from postmarket.demo import portfolio_path
from postmarket.policy.interface import ClinicalRole, Criticality
from postmarket.policy.pack import Pack
from postmarket.worklist.errors import PortfolioError
from postmarket.worklist.interface import RoleRule
from postmarket.worklist.portfolio import MAX_BYTES, Portfolio, read_portfolio
from tests.builders import component, cyclonedx
from tests.worklist.conftest import ZLIB

SMALLEST = """\
devices:
  - name: My ventilator
    versions:
      - {version: "1.0", sbom: one.cdx.json}
"""
WHOLE = """\
manufacturer: Corvid Medical
vex: [vex/board.json]
aliases: [ours.toml]
devices:
  - name: Ventilator
    model_numbers: [V5-100]
    criticality: life-sustaining
    intended_use: Ventilation.
    essential_performance: Delivers the set volume.
    profile:
      architecture: arm64
      os: ["cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*"]
      features: {wifi: false, bluetooth: off, hospital_network: true}
    clinical_roles:
      - {match: "pkg:github/*", role: therapy, why: Closes the loop.}
      - {match: zlib, role: workflow}
    versions:
      - {version: 3.10, released: 2026-02-09, units: 1120, sbom: one.cdx.json}
      - {version: 2022-05-16, sbom: deeper/two.cdx.json}
"""

Read = Callable[[str | bytes], Portfolio]


@pytest.fixture
def read(tmp_path: Path, pack: Pack) -> Read:
    """Read a portfolio that lies beside two SBOMs and a file that is none."""
    (tmp_path / "one.cdx.json").write_bytes(
        cyclonedx(ZLIB, subject=component("firmware", "9", supplier="Subject Medical"))
    )
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "two.cdx.json").write_bytes(cyclonedx())
    (tmp_path / "broken.cdx.json").write_bytes(b'{"bomFormat": "CycloneDX", ')

    def read(content: str | bytes) -> Portfolio:
        path = tmp_path / "portfolio.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_portfolio(path, pack=pack)

    return read


def refused(read: Read, content: str | bytes) -> str:
    """The one line that says why `content` is no portfolio."""
    with pytest.raises(PortfolioError) as caught:
        read(content)
    line = caught.value.line()
    assert "portfolio.yaml" in line
    assert line.isprintable()
    assert len(line) < 600
    return line


def test_the_smallest_portfolio(read: Read) -> None:
    """A name, a version and an SBOM; the rest is unknown, and says so."""
    found = read(SMALLEST)

    (device,) = found.devices
    assert (device.label, device.source) == ("My ventilator 1.0", "one.cdx.json")
    assert (device.criticality, device.criticality_note) == (
        Criticality.UNKNOWN,
        "Criticality unknown: ranks as life-supporting.",
    )
    assert [item.name for item in device.bom.components] == ["zlib"]
    assert (device.roles, device.units, device.released, found.refused) == ((), None, "", ())


def test_every_field(read: Read, tmp_path: Path) -> None:
    """All that docs/portfolio.md names; paths are taken from the file's folder."""
    found = read(WHOLE)

    first, second = found.devices
    assert found.manufacturer == first.maker == "Corvid Medical"
    assert (found.vex, found.aliases) == ((tmp_path / "vex" / "board.json",), (tmp_path / "ours.toml",))
    assert (first.criticality, first.criticality_note) == (Criticality.LIFE_SUSTAINING, "")
    assert first.roles == (
        RoleRule("pkg:github/*", ClinicalRole.THERAPY, "Closes the loop."),
        RoleRule("zlib", ClinicalRole.WORKFLOW, ""),
    )
    assert first.profile.architecture == "arm64"
    assert first.profile.operating_systems == ("cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*",)
    assert first.profile.features == {"wifi": False, "bluetooth": False, "hospital_network": True}
    assert (first.released, first.units) == ("2026-02-09", 1120)
    assert second.source == "deeper/two.cdx.json"
    assert second.profile == first.profile


def test_versions_and_dates_stay_as_they_are_written(read: Read) -> None:
    """3.10 is no 3.1, and a version that looks like a date is no date."""
    assert [device.version for device in read(WHOLE).devices] == ["3.10", "2022-05-16"]


@pytest.mark.parametrize("version", ["3.10", "010", "1e3", "0x10", "1_000", "1:30", "5.0", ".5", "2026-11-24", "+1"])
def test_no_version_is_taken_for_a_number(read: Read, version: str) -> None:
    """Whatever YAML 1.1 would make of it."""
    assert read(SMALLEST.replace('"1.0"', version)).devices[0].version == version


def test_the_example_that_is_to_be_copied_is_good(pack: Pack) -> None:
    """docs/portfolio.md points to the demo's file."""
    found = read_portfolio(portfolio_path(), pack=pack)

    assert found.refused == ()
    assert found.manufacturer


def test_without_a_manufacturer_the_sbom_s_subject_names_the_maker(read: Read) -> None:
    """So that the firm's own software is known as such."""
    assert read(SMALLEST).devices[0].maker == "Subject Medical"


def test_an_archive_of_two_sboms_is_no_one_sbom(read: Read, tmp_path: Path) -> None:
    """Which one is the device's cannot be known: it is refused, or both are said."""
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.json", cyclonedx(ZLIB))
        archive.writestr("b.json", cyclonedx())

    found = read(SMALLEST.replace("one.cdx.json", "two.zip"))

    assert found.refused


def test_a_device_type_the_policy_does_not_know_ranks_as_life_supporting_and_says_so(read: Read) -> None:
    """Unknown is never low."""
    device = read(SMALLEST.replace("versions:", "criticality: research toy\n    versions:")).devices[0]

    assert device.criticality is Criticality.UNKNOWN
    assert "“research toy” is no device type of this policy: ranks as life-supporting" in device.criticality_note


@pytest.mark.parametrize(
    ("sbom", "said"),
    [
        ("missing.cdx.json", "the SBOM of My ventilator 1.1 is not there. Correct the path"),
        ("deeper", "the SBOM of My ventilator 1.1 is not there"),
        ('"bro\\0ken"', "bro\\x00ken: the SBOM of My ventilator 1.1 is not there"),
        ("broken.cdx.json", "line 1, column 28"),
        ("x" * 5_000, "the SBOM of My ventilator 1.1"),
    ],
)
def test_an_sbom_that_cannot_be_read_is_refused_and_the_others_go_on(read: Read, sbom: str, said: str) -> None:
    """The version is left out, by name, and every other is there."""
    found = read(
        f"{SMALLEST}      - {{version: '1.1', sbom: {sbom}}}\n      - {{version: '1.2', sbom: one.cdx.json}}\n"
    )

    assert [device.version for device in found.devices] == ["1.0", "1.2"]
    (error,) = found.refused
    assert said in error.line()
    assert error.line().isprintable()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("devices:\n\t- a\n", "line 2: This is no YAML: found character '\\t' that cannot start any token"),
        ("devices: [\n", "line 2: This is no YAML"),
        ("devices: []\n---\ndevices: []\n", "line 2: This is no YAML: but found another document"),
        ("devices: !!python/object/apply:os.system [ls]", "line 1: This is no YAML: could not determine a constructor"),
        ("devices: []\nmanufacturer: a\ndevices: []\n", "line 3: This is no YAML: 'devices' is given twice"),
        (SMALLEST + "        name: a\n        name: b\n", "This is no YAML"),
        ("a: &x [1]\ndevices: *x\n", "line 2: This is no YAML: YAML aliases are not allowed"),
        ("<<: 3", "line 1: This is no YAML: expected a mapping or list of mappings for merging"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_line(read: Read, content: str, said: str) -> None:
    """The line that has to be mended is in the message."""
    assert said in refused(read, content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Expected `object`, got `null`"),
        ("hello", "Expected `object`, got `str`"),
        ("- a", "Expected `object`, got `array`"),
        ("manufacturer: a", "missing required field `devices`"),
        ("devices: [{name: a}]", "missing required field `versions` - at `$.devices[0]`"),
        (SMALLEST + "vexx: []", "unknown field `vexx`"),
        (
            SMALLEST.replace("versions:", "critcality: diagnostic\n    versions:"),
            "unknown field `critcality` - at `$.devices[0]`",
        ),
        (SMALLEST.replace('"1.0"', "null"), "Expected `str`, got `null` - at `$.devices[0].versions[0].version`"),
        (SMALLEST.replace("My ventilator", "yes"), "Expected `str`, got `bool` - at `$.devices[0].name`"),
        (WHOLE.replace("role: therapy", "role: alarms"), "'alarms' - at `$.devices[0].clinical_roles[0].role`"),
        (WHOLE.replace("wifi: false", "wifi: perhaps"), "Expected `bool`, got `str`"),
        (WHOLE.replace("units: 1120", "units: many"), "at `$.devices[0].versions[0].units`"),
        (WHOLE.replace("units: 1120", f"units: {'9' * 5_000}"), "at `$.devices[0].versions[0].units`"),
        ("manufacturer: M\xfcller".encode("latin-1"), "invalid start byte"),
        (b"\x00\x01\x02", "This is no portfolio"),
        ("manufacturer: \x1b[2J", "This is no portfolio"),
        ("[" * 100_000, "This is no portfolio"),
        ("{a: " * 50_000, "This is no portfolio"),
        (b"#" * (MAX_BYTES + 1), "The portfolio file is too large"),
    ],
)
def test_what_is_no_portfolio_is_refused_with_its_place(read: Read, content: str | bytes, said: str) -> None:
    """The field that has to be mended is in the message, and what to compare it with."""
    assert said in refused(read, content)


def test_an_alias_bomb_is_refused_before_it_grows(read: Read) -> None:
    """Nine levels of ten aliases each would be a billion names."""
    levels = [f"l{at}: &l{at} [{', '.join([f'*l{at - 1}'] * 10)}]" for at in range(1, 10)]
    content = "\n".join(("l0: &l0 [lol]", *levels, "devices: *l9"))

    assert "line 2: This is no YAML: YAML aliases are not allowed" in refused(read, content)


@pytest.mark.parametrize(
    "content",
    [
        "? [a, b]\n: 1\n",
        "{{a: b}: c}",
        "devices: !!timestamp nope",
        "devices: !!int ''",
        "devices: !!float ''",
        "devices: !!bool maybe",
    ],
)
def test_yaml_that_only_its_constructor_refuses(read: Read, content: str) -> None:
    """A key that is a list, or a value that its own tag belies: PyYAML raises whatever Python raised."""
    refused(read, content)


def test_a_huge_portfolio_is_refused_unread(tmp_path: Path, pack: Pack) -> None:
    """Its size is asked first: a sparse file of a terabyte costs nothing."""
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as stream:
        stream.truncate(2**40)

    with pytest.raises(PortfolioError, match="too large"):
        read_portfolio(huge, pack=pack)


def test_an_operating_system_that_is_no_cpe_name_is_refused_by_device(read: Read) -> None:
    """Else the list would be complete and empty, and contradict every platform."""
    said = refused(read, SMALLEST.replace("versions:", "profile: {os: [Windows 10]}\n    versions:"))

    assert "My ventilator" in said
    assert "os[0]" in said
