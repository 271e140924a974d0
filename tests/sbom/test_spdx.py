"""What SPDX 2 and 3 say that the shared sample does not."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from postmarket.sbom.interface import Bom, Relationship, SupportLevel
from postmarket.sbom.reading import read
from tests.sbom.samples import SPDX, SPDX_3, SPDX_TAG_VALUE, encode


def _spdx(packages: list[Any], **more: Any) -> Bom:
    return read(encode({"spdxVersion": "SPDX-2.3", "packages": packages} | more), name="a.spdx.json")


def _spdx3(*elements: dict[str, Any]) -> Bom:
    head = {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1"}
    document = {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [head, *elements]}
    return read(encode(document), name="a.spdx3.json")


def _link(a: str, kind: str, b: str) -> dict[str, str]:
    return {"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b}


@pytest.mark.parametrize("content", [encode(SPDX), SPDX_TAG_VALUE.encode()])
def test_json_and_tag_value_give_the_same_bom(content: bytes) -> None:
    """Files are no components, directions are turned, NONE means complete."""
    bom = read(content, name="pump")

    assert [one.ref for one in bom.components] == ["SPDXRef-tls", "SPDXRef-rtos"]
    assert bom.relationships == (
        Relationship("SPDXRef-pump", "SPDXRef-tls", "depends-on"),
        Relationship("SPDXRef-pump", "SPDXRef-rtos", "contains"),
    )
    assert bom.completeness == {"SPDXRef-tls": "complete"}
    assert bom.authors == ("Example Devices", "Ada Builder")
    assert bom.serial == "https://devices.example/spdx/pump-one-3.2.0"
    assert bom.name == "pump-one-3.2.0"
    assert bom.components[1].supplier == "Kernel Works"
    assert bom.vulnerabilities[0].state == ""


def test_places_are_lines_in_tag_value_and_paths_in_json() -> None:
    """A message about a package points to where a person finds it."""
    assert read(SPDX_TAG_VALUE.encode(), name="a").components[0].place == "line 22"
    assert read(encode(SPDX), name="a").components[0].place == "packages[1]"


def test_text_goes_over_lines_and_hides_tags() -> None:
    """A tag inside <text> is text."""
    assert "this is still the description" not in [
        one.name for one in read(SPDX_TAG_VALUE.encode(), name="a").components
    ]


def test_windows_line_ends_change_nothing() -> None:
    """CRLF files are read like others."""
    windows = SPDX_TAG_VALUE.replace("\n", "\r\n").encode()

    assert read(windows, name="a").components == read(SPDX_TAG_VALUE.encode(), name="a").components


def test_several_described_packages_leave_no_subject() -> None:
    """When a document describes several packages, none of them is taken out of the components."""
    bom = _spdx([{"SPDXID": "a", "name": "a"}, {"SPDXID": "b", "name": "b"}], documentDescribes=["a", "b"])

    assert bom.subject is None
    assert [one.name for one in bom.components] == ["a", "b"]
    assert any("which one package" in one for one in bom.warnings)


@pytest.mark.parametrize(
    "relationship",
    [_link("D", "DESCRIBES", "a"), _link("a", "DESCRIBED_BY", "D"), _link("D", "DESCRIBE", "a")],
)
def test_described_in_any_direction(relationship: dict[str, str]) -> None:
    """DESCRIBES, DESCRIBED_BY and a misspelt DESCRIBE all name the subject."""
    bom = _spdx([{"SPDXID": "a", "name": "a"}, {"SPDXID": "b", "name": "b"}], SPDXID="D", relationships=[relationship])

    assert bom.subject is not None
    assert bom.subject.name == "a"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("DEPENDS_ON", Relationship("a", "b", "depends-on")),
        ("DEPENDENCY_OF", Relationship("b", "a", "depends-on")),
        ("CONTAINED_BY", Relationship("b", "a", "contains")),
        ("DYNAMIC_LINK", Relationship("a", "b", "dynamic-link")),
    ],
)
def test_relationship_words(kind: str, expected: Relationship) -> None:
    """Depending and containing come out one way round; other words are kept."""
    bom = _spdx([{"SPDXID": "a", "name": "a"}, {"SPDXID": "b", "name": "b"}], relationships=[_link("a", kind, "b")])

    assert bom.relationships == (expected,)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Organization: Acme Inc. (security@acme.example)", "Acme Inc."),
        ("Person: Jo Doe ()", "Jo Doe"),
        ("organization:  Acme", "Acme"),
        ("Acme", "Acme"),
        ("NOASSERTION", ""),
        ("Organization: NOASSERTION", ""),
    ],
)
def test_actors(written: str, expected: str) -> None:
    """The kind and the address are taken off; NOASSERTION names nobody."""
    assert _spdx([{"name": "x", "supplier": written}]).components[0].supplier == expected


def test_old_spellings_of_references() -> None:
    """Types as URLs and categories with an underscore, as older tools write them."""
    refs = [
        {
            "referenceCategory": "SECURITY",
            "referenceType": "http://spdx.org/rdf/references/cpe23Type",
            "referenceLocator": "cpe:2.3:a:acme:x:1:*:*:*:*:*:*:*",
        },
        {"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:deb/debian/x@1"},
    ]

    one = _spdx([{"name": "x", "externalRefs": refs}]).components[0]

    assert one.cpes == ("cpe:2.3:a:acme:x:1:*:*:*:*:*:*:*",)
    assert one.purl == "pkg:deb/debian/x@1"


def test_an_annotation_in_prose_is_kept_whole() -> None:
    """Only `name: value` lines become properties."""
    prose = [{"comment": "reviewed by Ada\non Monday"}]

    assert _spdx([{"name": "x", "annotations": prose}]).components[0].properties == {
        "annotation": "reviewed by Ada\non Monday"
    }


def test_another_document_is_no_loose_end() -> None:
    """A relationship into an external document is kept without a warning."""
    bom = _spdx([{"SPDXID": "a", "name": "a"}], relationships=[_link("a", "DEPENDS_ON", "DocumentRef-x:SPDXRef-y")])

    assert len(bom.relationships) == 1
    assert not any("not listed" in one for one in bom.warnings)


def test_spdx_3_details() -> None:
    """Relationships, licence, lifecycle, completeness and VEX of the sample."""
    bom = read(encode(SPDX_3), name="pump")

    prefix = "https://devices.example/pump/"
    assert bom.relationships == (
        Relationship(prefix + "pump", prefix + "tls", "depends-on"),
        Relationship(prefix + "pump", prefix + "rtos", "contains"),
    )
    assert bom.lifecycle == ("build",)
    assert bom.completeness == {prefix + "pump": "complete"}
    assert bom.vulnerabilities[0].state == "not_affected"
    assert bom.vulnerabilities[0].justification == "vulnerableCodeNotInExecutePath"
    assert [one.kind for one in bom.components] == ["library", "operating-system"]


def test_spdx_3_inline_elements_without_a_graph() -> None:
    """A document may be its own root and hold its elements inline."""
    document = {
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "type": "SpdxDocument",
        "spdxId": "d",
        "creationInfo": {"type": "CreationInfo", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z"},
        "element": [{"type": "software_Package", "spdxId": "p", "name": "x", "software_packageVersion": "1"}],
    }

    bom = read(encode(document), name="a")

    assert [(one.name, one.version) for one in bom.components] == [("x", "1")]
    assert bom.timestamp == "2026-01-01T00:00:00Z"


def test_spdx_3_files_are_components_only_when_identified() -> None:
    """A file with a purl can be monitored; one without is part of its package."""
    bom = _spdx3(
        {"type": "software_File", "spdxId": "f1", "name": "a.c"},
        {"type": "software_File", "spdxId": "f2", "name": "b.jar", "software_packageUrl": "pkg:maven/g/b@1"},
    )

    assert [(one.name, one.kind) for one in bom.components] == [("b.jar", "file")]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["support"], SupportLevel.ACTIVELY_MAINTAINED),
        (["deployed", "support"], SupportLevel.ACTIVELY_MAINTAINED),
        (["endOfSupport"], SupportLevel.NO_LONGER_MAINTAINED),
        (["support", "endOfSupport"], SupportLevel.NO_LONGER_MAINTAINED),
        (["noSupport"], SupportLevel.NO_LONGER_MAINTAINED),
        (["limitedSupport"], SupportLevel.UNKNOWN),
        (["support", "limitedSupport"], SupportLevel.UNKNOWN),
        (["noAssertion"], SupportLevel.UNKNOWN),
        ([], SupportLevel.UNKNOWN),
    ],
)
def test_spdx_3_support_levels(words: list[str], expected: SupportLevel) -> None:
    """The weakest word counts; what FDA has no word for is unknown, never maintained."""
    bom = _spdx3({"type": "software_Package", "spdxId": "p", "name": "x", "supportLevel": words})

    assert bom.components[0].support_level is expected
    assert ("limitedSupport" in words) == any("limitedSupport" in one for one in bom.warnings)


def test_spdx_3_agents_and_licences_outside_the_document() -> None:
    """What is only referred to is named by the end of its address."""
    bom = _spdx3(
        {"type": "software_Package", "spdxId": "p", "name": "x", "originatedBy": ["https://example.org/agents/Acme"]},
        {
            "type": "Relationship",
            "from": "p",
            "relationshipType": "hasDeclaredLicense",
            "to": ["https://spdx.org/licenses/MIT"],
        },
    )

    assert bom.components[0].supplier == "Acme"
    assert bom.components[0].licenses == ("MIT",)


def test_doubled_ids_in_spdx_are_told() -> None:
    """Some tools give every package the same id: all are kept, under names of their own."""
    document = copy.deepcopy(SPDX)
    for package in document["packages"]:
        package["SPDXID"] = "SPDXRef-Package"

    bom = read(encode(document), name="a")

    assert [one.name for one in bom.components] == ["Pump One", "tinytls", "smallrtos"]
    assert len({one.ref for one in bom.components}) == 3
