"""What a scan is given: files, folders and archives; one bad file never stops the others."""

from __future__ import annotations

import gzip
import os
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from postmarket.policy.interface import Criticality
from postmarket.policy.pack import Pack
from postmarket.worklist.errors import PortfolioError, WorklistError
from postmarket.worklist.inputs import Inputs, existing, first_bom, read_inputs
from tests.builders import NOW, component, cyclonedx
from tests.worklist.conftest import ZLIB

Read = Callable[..., Inputs]
GOOD = cyclonedx(ZLIB, subject=component("Ventilator firmware", "5.1", supplier="Corvid"))
NAMELESS = cyclonedx(ZLIB)


@pytest.fixture
def read(pack: Pack) -> Read:
    """Read inputs as a scan does."""

    def read(*paths: Path, criticality: Criticality = Criticality.UNKNOWN) -> Inputs:
        return read_inputs(paths, criticality=criticality, pack=pack, now=NOW)

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


TAG_VALUE = b"# by hand\n\nSPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nPackageName: zlib\nSPDXID: SPDXRef-z\n"
XML = b"<?xml version='1.0'?>\n<!-- x -->\n<bom xmlns='http://cyclonedx.org/schema/bom/1.4' version='1'/>"
OTHER_ORDER = b"DataLicense: CC0-1.0\r\n" + TAG_VALUE
STATEMENT = b'{"_type": "https://in-toto.io/Statement/v1", "predicateType": "%s", "predicate": %s}'
ATTESTED = b'{"payloadType": "application/vnd.in-toto+json", "payload": "%s", "signatures": []}'
ATTESTATION = ATTESTED % b64encode(STATEMENT % (b"https://cyclonedx.org/bom", GOOD)).replace(b"/", b"\\/")
PROVENANCE = ATTESTED % b64encode(STATEMENT % (b"https://slsa.dev/provenance/v1", b"{}"))
SPDX = b'{"SPDXID": "SPDXRef-DOCUMENT", "spdxVersion": "SPDX-2.3", "packages": []}'


@pytest.mark.parametrize(
    "name", ["x.tar.gz.sbom", "device.SBOM", "DEVICE.JSON", "device.txt", "device", "device.cdx.json.bak", ".hidden"]
)
@pytest.mark.parametrize(
    "content", [GOOD, TAG_VALUE, OTHER_ORDER, XML, SPDX, ATTESTATION, GOOD.decode().encode("utf-16")]
)
def test_an_sbom_in_a_folder_is_known_by_its_bytes(read: Read, tmp_path: Path, name: str, content: bytes) -> None:
    """Whatever it is called: JSON, XML, tag-value, its tags in any order, in an attestation, UTF-16."""
    put(tmp_path / name, content)

    found = read(tmp_path)

    assert [Path(device.source).name for device in found.devices] == [name], found
    assert not [notice for notice in found.notices if "passed over" in notice.text]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README.md", b"# How\n\n    {'bomFormat': 'CycloneDX'}\nSPDXVersion: SPDX-2.3\n"),
        ("page.html", b"<!DOCTYPE html><html>http://cyclonedx.org/schema/bom/1.4</html>"),
        ("Program", b"\x7fELF SPDXVersion:"),
        ("settings.yaml", b"services:\n  devices: [a]\n"),
        ("empty", b""),
        ("notes.txt.gz", gzip.compress(b"no SBOM", mtime=0)),
        ("rows.csv", b"a,b\n"),
        ("build.intoto", PROVENANCE),
        ("mail.txt", b"Subject: SBOM\n\nIt begins with\nSPDXVersion: SPDX-2.3\n"),
    ],
)
def test_what_only_speaks_of_sboms_is_passed_over_and_named(
    read: Read, tmp_path: Path, name: str, content: bytes
) -> None:
    """In one line; nothing is refused for it."""
    put(tmp_path / name, content)

    found = read(tmp_path)

    (notice,) = found.notices
    assert (found.devices, found.refused) == ((), ())
    assert notice.text == f"{tmp_path}: passed over 1 file that is no SBOM: {name}."


def test_compressed_sboms_in_a_folder(read: Read, tmp_path: Path) -> None:
    """By the name they unpack to, or by their bytes; an archive without one is passed over."""
    put(tmp_path / "a.cdx.json.gz", gzip.compress(GOOD))
    put(tmp_path / "b.gz", gzip.compress(TAG_VALUE))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("photo.png", b"")
        archive.writestr("notes.txt", b"no SBOM")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("device.txt", TAG_VALUE)

    found = read(tmp_path)

    assert [Path(device.source).name for device in found.devices] == ["a.cdx.json.gz", "b.gz", "d.zip!device.txt"]
    assert [notice.text.partition(": ")[2] for notice in found.notices if "passed" in notice.text] == [
        "passed over 1 file that is no SBOM: c.zip."
    ]
    assert found.refused == ()
    assert "There is no SBOM in this archive" in read(tmp_path / "c.zip").refused[0].line()


def test_a_pipe_in_a_folder_is_not_waited_for(read: Read, tmp_path: Path) -> None:
    """Nobody may ever write into it."""
    os.mkfifo(tmp_path / "pipe")

    assert "passed over 1 file that is no SBOM: pipe." in read(tmp_path).notices[0].text


def test_a_folder_inside_that_cannot_be_opened_is_named(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others go on."""
    put(tmp_path / "a.json", GOOD)
    put(tmp_path / "locked" / "b.json", GOOD)
    scan = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)

    found = read(tmp_path)

    assert len(found.devices) == 1
    assert "locked: The folder cannot be opened: Permission denied" in found.refused[0].line()


def test_a_link_to_a_place_nobody_may_look_into_stops_no_other(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named like any link that is not followed."""
    put(tmp_path / "a.json", GOOD)
    (tmp_path / "b.json").symlink_to("/elsewhere/b.json")
    exists = Path.exists

    def there(path: Path) -> bool:
        if path.name == "b.json":
            raise PermissionError(13, "Permission denied", str(path))
        return exists(path)

    monkeypatch.setattr(Path, "exists", there)

    found = read(tmp_path)

    assert len(found.devices) == 1
    assert "b.json: is a link out of the folder, which is not followed" in found.refused[0].line()


def test_a_file_counts_once_however_it_is_given(read: Read, tmp_path: Path) -> None:
    """Twice by name, by another name for it, in its folder, in a portfolio, which then speaks for it."""
    first = put(tmp_path / "s" / "a.json", GOOD)
    put(tmp_path / "s" / "b.json", NAMELESS)
    (tmp_path / "link.json").symlink_to(first)
    portfolio = put(tmp_path / "p.yaml", b"devices: [{name: P, versions: [{version: '1', sbom: s/a.json}]}]")

    twice = read(first, tmp_path / "s" / ".." / "s" / "a.json", tmp_path / "link.json", first.parent, first.parent)
    spoken_for = read(first.parent, portfolio, portfolio)

    assert [Path(device.source).name for device in twice.devices] == ["a.json", "b.json"]
    assert [device.label for device in spoken_for.devices] == ["b", "P 1"]


def test_a_portfolio_in_a_folder_is_named_unless_it_was_given_too(read: Read, tmp_path: Path) -> None:
    """Its devices would otherwise rank as if nothing were known of them."""
    put(tmp_path / "a.json", GOOD)
    portfolio = put(tmp_path / "p.yml", b"devices:\n- {name: P, versions: [{version: '1', sbom: a.json}]}\n")

    (notice,) = read(tmp_path).notices

    assert notice.text.startswith(f"{portfolio}: not used: it looks like a portfolio")
    assert notice.text.endswith(f"postmarket scan {portfolio}")
    assert read(tmp_path, portfolio).notices == ()


def test_a_link_to_a_folder_outside_is_named(read: Read, tmp_path: Path) -> None:
    """It is not followed, and may hold what was meant."""
    put(tmp_path / "outside" / "a.json", GOOD)
    put(tmp_path / "inside" / "b.json", GOOD)
    (tmp_path / "inside" / "link").symlink_to(tmp_path / "outside")

    found = read(tmp_path / "inside")

    assert len(found.devices) == 1
    assert found.notices[0].text.endswith("passed over 1 link out of the folder: link.")


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
