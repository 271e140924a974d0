"""The one door: every format in, the same Bom out; what is no SBOM is refused in one line."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256

import pytest

from postmarket.errors import PostmarketError
from postmarket.sbom.errors import SbomError
from postmarket.sbom.interface import ComponentClass, Format, SupportLevel
from postmarket.sbom.reading import read
from tests.sbom.samples import CYCLONEDX, EVERY_FORMAT, SHA256, SPDX, SPDX_TAG_VALUE, encode


@pytest.mark.parametrize("format", EVERY_FORMAT)
def test_every_format_says_the_same(format: str) -> None:
    """The pump's SBOM reads alike from each format, in everything the format can carry."""
    content = EVERY_FORMAT[format]

    bom = read(content, name="pump")

    tls = next(one for one in bom.components if one.name == "tinytls")
    assert bom.format is Format(format)
    assert bom.sha256 == sha256(content).hexdigest()
    assert bom.timestamp == "2026-02-03T10:00:00Z"
    assert "Ada Builder" in bom.authors
    assert [tool.replace("-", " ") for tool in bom.tools] == ["bomtool 2.1"]
    assert bom.subject is not None
    assert (bom.subject.name, bom.subject.version, bom.subject.kind) == ("Pump One", "3.2.0", "device")
    assert bom.subject not in bom.components
    assert (tls.version, tls.supplier, tls.purl) == ("2.28.0", "Tls Project", "pkg:generic/tinytls@2.28.0")
    assert set(tls.cpes) == {
        "cpe:2.3:a:tls_project:tinytls:2.28.0:*:*:*:*:*:*:*",
        "cpe:2.3:a:tinytls:tinytls:2.28.0:*:*:*:*:*:*:*",
    }
    assert tls.hashes == {"SHA-256": SHA256}
    assert tls.licenses == ("Apache-2.0",)
    assert tls.component_class is ComponentClass.OPEN_SOURCE
    assert tls.support_level is SupportLevel.ACTIVELY_MAINTAINED
    assert tls.end_of_support == "2027-12-31"
    assert tls.place
    assert any((one.source, one.target) == (bom.subject.ref, tls.ref) for one in bom.relationships)
    assert [(one.id, one.refs) for one in bom.vulnerabilities] == [("CVE-2024-0002", (tls.ref,))]
    assert bom.completeness
    assert bom.warnings == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [json.dumps(CYCLONEDX), SPDX_TAG_VALUE])
def test_byte_order_marks_and_utf16_are_read(text: str, encoding: str) -> None:
    """A BOM is no part of the text, and UTF-16 is told by its zero bytes."""
    assert len(read(text.encode(encoding), name="pump").components) >= 2


@pytest.mark.parametrize(
    "wrap",
    [
        lambda sbom: {"sbom": sbom},
        lambda sbom: {"_type": "https://in-toto.io/Statement/v1", "predicate": sbom, "subject": []},
        lambda sbom: {"_type": "https://in-toto.io/Statement/v0.1", "predicate": {"Data": sbom}},
        lambda sbom: {"_type": "https://in-toto.io/Statement/v0.1", "predicate": {"Data": json.dumps(sbom)}},
        lambda sbom: {"payloadType": "x", "payload": b64encode(encode({"predicate": sbom})).decode()},
        lambda sbom: {"dsseEnvelope": {"payloadType": "x", "payload": b64encode(encode(sbom)).decode()}},
    ],
)
@pytest.mark.parametrize("sbom", [CYCLONEDX, SPDX])
def test_wrapped_sboms_are_unwrapped(wrap: object, sbom: dict[str, object]) -> None:
    """GitHub's wrapper, in-toto statements, DSSE envelopes and Sigstore bundles are opened."""
    assert callable(wrap)

    assert read(encode(wrap(sbom)), name="pump").components == read(encode(sbom), name="pump").components


def _matryoshka(layers: int) -> bytes:
    wrapped: object = CYCLONEDX
    for _ in range(layers):
        wrapped = {"sbom": wrapped}
    return encode(wrapped)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b" \n\t ", "it is empty"),
        (b"\x00\x00", "it is empty"),
        (b"PK\x03\x04rest", "it is a packed file"),
        (b"\x1f\x8brest", "it is a packed file"),
        (b"just words", "it is neither JSON nor XML nor SPDX tag-value"),
        (b"[]", "it is a JSON list"),
        (b"{}", "its keys: none"),
        (b'{"name": "x", "dependencies": {}}', "its keys: dependencies, name"),
        (b"<html/>", "its root: html"),
        (b'<bom xmlns="http://example.org/bom/1.4"/>', "XML of another kind"),
        (b'{"bomFormat": "CycloneDX", "components": {"a": 1}}', "components"),
        (b'{"spdxVersion": "SPDX-2.3", "packages": "none"}', "packages"),
        (b'{"@context": "https://spdx.org/rdf/3.0.1/x", "@graph": {}}', "@graph"),
        (b'{"bomFormat": "CycloneDX", "bomFormat": "SPDX"}', "given twice"),
        (b'{"payloadType": "x", "payload": "%%%"}', "not base64"),
        (b'{"payloadType": "x", "payload": "e30"}', "not base64"),
        (_matryoshka(7), "more than 6 layers"),
        (b"SPDXVersion: SPDX-2.3\nPackageName: a\nPackageComment: <text>never\nends", "line 3"),
        (b'<?xml version="1.0"?><!DOCTYPE bom [<!ENTITY a "b">]><bom/>', "bomb"),
    ],
)
def test_what_is_no_sbom_is_refused_in_one_line(content: bytes, reason: str) -> None:
    """Each refusal names the file and the reason, and ends in what to do."""
    with pytest.raises(PostmarketError) as caught:
        read(content, name="pump.json")

    line = str(caught.value)
    assert line.startswith("pump.json")
    assert reason in line
    assert line.endswith(".")
    assert "\n" not in line


def test_white_space_before_the_sbom_is_no_matter() -> None:
    """However much blank space stands before it, the SBOM is found."""
    assert read(b" \n" * 10_000 + encode(CYCLONEDX), name="pump").components


def test_a_hostile_name_cannot_break_the_line() -> None:
    """Control characters in a file name or an XML root are shown, not sent to the terminal."""
    with pytest.raises(SbomError) as caught:
        read(b"[]", name="a\n\x1b[2Jb.json")

    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.6"}', "lists no component"),
        (b'{"bomFormat": "CycloneDX", "specVersion": "9.9", "components": []}', '"9.9" is not known'),
        (b'{"bomFormat": "CycloneDX", "components": []}', "no version is stated"),
        (b'{"spdxVersion": "SPDX-2.3"}', "lists no package"),
        (b"SPDXVersion: SPDX-2.1\nFileName: a\nFileName: b", "only 2 files"),
        (b"SPDXVersion: SPDX-1.2\nPackageName: a", '"SPDX-1.2" is not known'),
        (b'{"@context": "https://spdx.org/rdf/3.0.1/x", "@graph": []}', "lists no package"),
        (b'<bom xmlns="http://cyclonedx.org/schema/bom/1.0"/>', "lists no component"),
    ],
)
def test_odd_sboms_are_read_with_a_warning(content: bytes, warning: str) -> None:
    """An SBOM without components or of an unknown version is read, and says so."""
    assert any(warning in one for one in read(content, name="a").warnings)
