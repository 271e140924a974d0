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
from postmarket.worklist.portfolio import Portfolio, read_portfolio
from postmarket.worklist.portfolio_yaml import MAX_BYTES
from tests.builders import NOW, component, cyclonedx
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
        return read_portfolio(path, pack=pack, now=NOW)

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
    found = read_portfolio(portfolio_path(), pack=pack, now=NOW)

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
        ("", "an empty value is no portfolio"),
        ("hello", "“hello” is no portfolio"),
        ("- a", "a list is no portfolio"),
        ("manufacturer: a", "a portfolio needs a field `devices`"),
        ("devices:", "devices: it lists no device"),
        ("devices: 3", "devices: “3” is no list"),
        ("devices: [3]", "devices[0]: “3” is no device"),
        ("devices: [{name: a}]", "yaml: a: a device needs a field `versions`. A device has name, criticality"),
        ("devices: [{name: a, versions: []}]", "yaml: a: versions: it lists no version"),
        ("devices: [{name: ' ', versions: []}]", "devices[0]: name: it is blank. Write the name of the device."),
        (SMALLEST + "vexx: []", "“vexx” is no field of a portfolio. Did you mean “vex”? A portfolio has manufacturer,"),
        (
            SMALLEST.replace("versions:", "critcality: diagnostic\n    versions:"),
            "yaml: My ventilator: “critcality” is no field of a device. Did you mean “criticality”? A device has name,",
        ),
        (
            SMALLEST.replace("sbom:", "unit: 3, sbom:"),
            "My ventilator 1.0: “unit” is no field of a version. Did you mean",
        ),
        (SMALLEST.replace("sbom:", "true: 3, sbom:"), "My ventilator 1.0: true is no field of a version"),
        (SMALLEST.replace('"1.0"', "null"), "My ventilator: versions[0]: version: it is blank"),
        (
            SMALLEST.replace('"1.0"', "on"),
            "versions[0]: version: YAML reads this as true, not as text. Put it in quotes.",
        ),
        (SMALLEST.replace("My ventilator", "[a]"), "devices[0]: name: a list is no text"),
        (SMALLEST.replace("My ventilator", '"\\ud800"'), "name: it holds half a character"),
        (WHOLE.replace("[V5-100]", "V5-100"), "Ventilator: model_numbers: “V5-100” is no list. Write a list, as in"),
        (
            WHOLE.replace("role: therapy", "role: alarms"),
            "Ventilator: clinical_roles[0]: role: “alarms” is no role. Did you mean “alarm”? Use one of: therapy",
        ),
        (WHOLE.replace("wifi: false", "wifi: perhaps"), "profile: features: wifi: “perhaps” is neither true nor false"),
        (WHOLE.replace("wifi: false", "wifi:"), "features: wifi: an empty value is neither true nor false"),
        (WHOLE.replace("os: [", "os: [[], "), "profile: os[0]: a list is no text"),
        (
            WHOLE.replace("architecture:", "architectur:"),
            "profile: “architectur” is no field of a profile. Did you mean",
        ),
        (WHOLE.replace("units: 1120", "units: many"), "Ventilator 3.10: units: “many” is no whole number from 0 on"),
        (WHOLE.replace("units: 1120", "units: -1"), "Ventilator 3.10: units: “-1” is no whole number from 0 on"),
        (WHOLE.replace("units: 1120", "units: 12.5"), "units: “12.5” is no whole number"),
        (WHOLE.replace("units: 1120", f"units: {'9' * 5_000}"), "999…” is no whole number"),
        (
            WHOLE.replace("2026-02-09", "2026-02-30"),
            "Ventilator 3.10: released: “2026-02-30” is no date. Write it as YYYY",
        ),
        (WHOLE.replace("2026-02-09", "soon"), "Ventilator 3.10: released: “soon” is no date"),
        (
            SMALLEST + SMALLEST.removeprefix("devices:\n").replace("My", "MY"),
            "yaml: MY ventilator: name: this device is listed twice. List all its versions under one",
        ),
        (
            SMALLEST + '      - {version: "1.0", sbom: one.cdx.json}\n',
            "My ventilator 1.0: version: this version is listed twice with the same SBOM",
        ),
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
        read_portfolio(huge, pack=pack, now=NOW)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("life-sustianing", "life-sustaining"),
        ("lifesustaining", "life-sustaining"),
        ("life sustaining device", "life-sustaining"),
        ("Diagnostics", "diagnostic"),
        ("adminstrative", "administrative"),
    ],
)
def test_a_mistyped_device_type_is_refused(read: Read, typed: str, meant: str) -> None:
    """A life-sustaining device would rank as life-supporting, which is lower: the word has to be mended first."""
    said = refused(read, SMALLEST.replace("versions:", f"criticality: {typed}\n    versions:"))

    assert f"My ventilator: criticality: “{typed}” is no device type of this policy. Did you mean “{meant}”?" in said
    assert "Use one of: life-sustaining, life-supporting, diagnostic, administrative." in said


def test_an_empty_device_type_is_refused(read: Read) -> None:
    """Who wrote the field meant to say something."""
    said = refused(read, SMALLEST.replace("versions:", "criticality:\n    versions:"))

    assert "My ventilator: criticality: it is blank" in said


def test_a_device_type_nobody_maps_is_named(read: Read) -> None:
    """It ranks as life-supporting until a signed row maps it; the word as typed is said once for the device."""
    found = read(SMALLEST.replace("versions:", "criticality: telemetry hub\n    versions:"))

    (notice,) = found.notices
    assert notice.text.endswith(
        "portfolio.yaml: My ventilator: criticality: “telemetry hub” is no device type of this policy: "
        "ranks as life-supporting until a signed row maps it."
    )


@pytest.mark.parametrize("content", [SMALLEST, WHOLE.replace("pkg:github/*", "z*")])
def test_the_ordinary_portfolio_makes_no_noise(read: Read, content: str) -> None:
    """Nothing is said of one in which nothing is odd."""
    assert read(content).notices == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            WHOLE.replace("pkg:github/*", "zlip"),
            "clinical_roles: “zlip” fits no component, so nothing has the role therapy by it. Did you mean “zlib”?",
        ),
        (WHOLE, "“pkg:github/*” fits no component, so nothing has the role therapy by it. Check the name in the SBOM."),
        (
            WHOLE.replace("pkg:github/*", "*").replace("arm64", "arm46"),
            "architecture: “arm46” is not known here, so it rules nothing out. Did you mean “arm64”?",
        ),
        (
            WHOLE.replace("pkg:github/*", "*").replace("2026-02-09", "2062-02-09"),
            "Ventilator 3.10: released: 2062-02-09 is in the future. Check the year.",
        ),
        (
            SMALLEST + '      - {version: "1.0", sbom: deeper/two.cdx.json}\n',
            "My ventilator 1.0: listed 2 times with different SBOMs; each is scanned.",
        ),
    ],
)
def test_what_looks_like_a_slip_is_said_and_the_portfolio_is_read(read: Read, content: str, said: str) -> None:
    """One line each, with the device and what was probably meant; nothing is refused."""
    found = read(content)

    (notice,) = found.notices
    assert said in notice.text
    assert (len(found.devices), found.refused) == (2, ()) if "two.cdx" in content else (1, ())


def test_role_rules_are_not_judged_while_an_sbom_is_missing(read: Read) -> None:
    """What they fit may be in the one that could not be read."""
    found = read(WHOLE.replace("zlib", "nowhere").replace("pkg:github/*", "zlib").replace("two.cdx", "three.cdx"))

    assert len(found.refused) == 1
    assert found.notices == ()


@pytest.mark.parametrize("field", ["vex:", "aliases:", "manufacturer:"])
def test_a_field_left_empty_is_as_if_it_were_absent(read: Read, field: str) -> None:
    """As when every line below it is a comment."""
    found = read(f"{field}\n{SMALLEST}")

    assert (len(found.devices), found.vex, found.aliases, found.manufacturer) == (1, (), (), "")


def test_an_operating_system_that_is_no_cpe_name_is_refused_by_device(read: Read) -> None:
    """Else the list would be complete and empty, and contradict every platform."""
    said = refused(read, SMALLEST.replace("versions:", "profile: {os: [Windows 10]}\n    versions:"))

    assert "My ventilator" in said
    assert "os[0]" in said
