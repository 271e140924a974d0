"""What a scan is given: files, folders and archives; one bad file never stops the others."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from postmarket.policy.interface import Criticality
from postmarket.policy.pack import Pack
from postmarket.worklist.errors import PortfolioError, WorklistError
from postmarket.worklist.inputs import Inputs, existing, first_bom, read_inputs
from tests.builders import component, cyclonedx
from tests.worklist.conftest import ZLIB

Read = Callable[..., Inputs]
GOOD = cyclonedx(ZLIB, subject=component("Ventilator firmware", "5.1", supplier="Corvid"))
NAMELESS = cyclonedx(ZLIB)


@pytest.fixture
def read(pack: Pack) -> Read:
    """Read inputs as a scan does."""

    def read(*paths: Path, criticality: Criticality = Criticality.UNKNOWN) -> Inputs:
        return read_inputs(paths, criticality=criticality, pack=pack)

    return read


def put(path: Path, content: bytes) -> Path:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_bare_sbom_is_called_as_its_subject(read: Read, tmp_path: Path) -> None:
    """Name, version and maker are the subject's; what it is for is not known, and it says so."""
    path = put(tmp_path / "device.cdx.json", GOOD)

    (device,) = read(path).devices

    assert (device.label, device.maker, device.source) == ("Ventilator firmware 5.1", "Corvid", str(path))
    assert device.criticality is Criticality.UNKNOWN
    assert device.criticality_note == "criticality unknown: ranks as life-supporting"


def test_a_bare_sbom_without_a_subject_is_called_as_its_file(read: Read, tmp_path: Path) -> None:
    """Better than no name."""
    (device,) = read(put(tmp_path / "pump-3.2.json", NAMELESS)).devices

    assert device.label == "pump-3.2"


def test_a_bare_sbom_takes_the_criticality_it_is_given(read: Read, tmp_path: Path) -> None:
    """`--criticality` speaks for it."""
    (device,) = read(put(tmp_path / "a.json", GOOD), criticality=Criticality.DIAGNOSTIC).devices

    assert (device.criticality, device.criticality_note) == (Criticality.DIAGNOSTIC, "")


def test_a_device_of_a_portfolio_keeps_its_own_criticality(read: Read, tmp_path: Path) -> None:
    """`--criticality` is for bare SBOMs."""
    put(tmp_path / "a.json", GOOD)
    portfolio = put(
        tmp_path / "p.yaml",
        b"devices: [{name: V, criticality: life-sustaining, versions: [{version: '1', sbom: a.json}]}]",
    )

    (device,) = read(portfolio, criticality=Criticality.ADMINISTRATIVE).devices

    assert device.criticality is Criticality.LIFE_SUSTAINING


def test_a_folder_is_read_whole_and_in_order(read: Read, tmp_path: Path) -> None:
    """Every SBOM below it, sorted; what is called like no SBOM is passed over."""
    for name in ("b.cdx.json", "a.spdx.json", "deeper/c.json"):
        put(tmp_path / name, NAMELESS)
    put(tmp_path / "README.md", b"no SBOM")
    put(tmp_path / "photo.png", b"\x89PNG")

    found = read(tmp_path)

    assert [Path(device.source).name for device in found.devices] == ["a.spdx.json", "b.cdx.json", "c.json"]
    assert found.refused == ()


def test_an_archive_is_read_whole(read: Read, tmp_path: Path) -> None:
    """A ZIP of SBOMs is as good as a folder of them."""
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("one.json", NAMELESS)
        archive.writestr("two.json", b"{")

    found = read(tmp_path / "all.zip")

    (device,), (error,) = found.devices, found.refused
    assert device.source.endswith("all.zip!one.json")
    assert "all.zip!two.json" in error.line()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": NaN}',
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b"<?xml version='1.0'?><!DOCTYPE b [<!ENTITY a 'aa'>]><bom>&a;</bom>",
        b"MZ\x90\x00",
        b"just some words",
        b'{"name": "a package.json"}',
    ],
)
def test_a_bad_file_is_one_line_and_the_good_ones_go_on(read: Read, tmp_path: Path, content: bytes) -> None:
    """Truncated, NaN, keys twice, deep, wrong encoding, an entity bomb, a program, prose, other JSON."""
    put(tmp_path / "a.json", GOOD)
    put(tmp_path / "bad.json", content)
    put(tmp_path / "c.json", GOOD)

    found = read(tmp_path)

    (error,) = found.refused
    assert len(found.devices) == 2
    assert "bad.json" in error.line()
    assert error.line().isprintable()
    assert error.next_step or error.why


def test_several_inputs_come_in_the_order_given(read: Read, tmp_path: Path) -> None:
    """A file, a folder and a portfolio together."""
    first = put(tmp_path / "z.json", NAMELESS)
    put(tmp_path / "folder" / "m.json", NAMELESS)
    put(tmp_path / "a.json", NAMELESS)
    portfolio = put(
        tmp_path / "p.YML",
        b"{vex: [v.json], aliases: [t.toml], devices: [{name: P, versions: [{version: '1', sbom: a.json}]}]}",
    )

    found = read(first, tmp_path / "folder", portfolio)

    assert [Path(device.source).name for device in found.devices] == ["z.json", "m.json", "a.json"]
    assert (found.vex, found.aliases) == ((tmp_path / "v.json",), (tmp_path / "t.toml",))


def test_a_path_that_is_not_there_stops_before_anything_is_scanned(read: Read, tmp_path: Path) -> None:
    """A mistyped path is no empty folder."""
    good = put(tmp_path / "a.json", GOOD)

    with pytest.raises(WorklistError, match=r"nowhere\.json: There is no such file or folder\. .*nothing was scanned"):
        read(good, tmp_path / "nowhere.json")


def test_a_portfolio_that_is_none_is_refused_and_the_others_go_on(read: Read, tmp_path: Path) -> None:
    """None of it is taken: half a portfolio would rank devices wrongly."""
    good, broken = put(tmp_path / "good.json", GOOD), put(tmp_path / "p.yaml", b"devices: 3")

    found = read(broken, good)

    assert len(found.devices) == 1
    assert [type(error) for error in found.refused] == [PortfolioError]


def test_an_empty_folder_holds_nothing_and_refuses_nothing(read: Read, tmp_path: Path) -> None:
    """Who asked says what that means."""
    assert read(tmp_path) == Inputs(devices=())


def test_a_link_out_of_the_folder_is_not_followed(read: Read, tmp_path: Path) -> None:
    """It could name any file of this machine."""
    put(tmp_path / "outside.json", GOOD)
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "link.json").symlink_to(tmp_path / "outside.json")

    found = read(tmp_path / "inside")

    assert found.devices == ()
    assert "link.json" in found.refused[0].line()


def test_the_one_sbom_of_a_file(tmp_path: Path) -> None:
    """The first that can be read, else none and why."""
    bom, refused = first_bom(put(tmp_path / "a.json", GOOD))
    assert bom is not None
    assert refused == ()

    bom, refused = first_bom(put(tmp_path / "b.json", b"{"))
    assert bom is None
    assert len(refused) == 1


def test_files_that_have_to_be_there(tmp_path: Path) -> None:
    """A VEX file or alias table that is named but missing is an error, not silence; a folder is no file."""
    there = put(tmp_path / "a.json", GOOD)

    assert existing([there]) == (there,)
    for missing in (tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(WorklistError, match="There is no such file"):
            existing([there, missing])
