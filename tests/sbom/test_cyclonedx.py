"""What CycloneDX says that the shared sample does not, in JSON and XML, 1.0 to 1.7."""

from __future__ import annotations

from typing import Any

import pytest

from postmarket.sbom.errors import SbomError
from postmarket.sbom.interface import Bom, Component, Relationship
from postmarket.sbom.reading import read
from tests.sbom.samples import CYCLONEDX, CYCLONEDX_XML, encode


def _bom(components: list[Any], version: str = "1.6", **more: Any) -> Bom:
    return read(
        encode({"bomFormat": "CycloneDX", "specVersion": version, "components": components} | more), name="a.json"
    )


def _component(**fields: Any) -> Component:
    return _bom([{"type": "library", "name": "x"} | fields]).components[0]


@pytest.mark.parametrize("content", [encode(CYCLONEDX), CYCLONEDX_XML.encode()])
def test_json_and_xml_give_the_same_bom(content: bytes) -> None:
    """The two forms differ in nothing but the format and the hash."""
    bom = read(content, name="pump")

    assert [(one.ref, one.parent, one.place) for one in bom.components] == [
        ("boot", "pump", "metadata.component.components[0]"),
        ("tls", "", "components[0]"),
        ("bignum", "tls", "components[0].components[0]"),
        ("rtos", "", "components[1]"),
    ]
    assert bom.relationships == (
        Relationship("pump", "tls"),
        Relationship("pump", "rtos"),
        Relationship("pump", "cloud"),
        Relationship("tls", "bignum"),
    )
    assert bom.authors == ("Ada Builder", "Example Devices")
    assert bom.lifecycle == ("build",)
    assert bom.completeness == {"pump": "complete"}
    assert bom.components[1].patched == ("CVE-2024-0001",)
    assert bom.components[1].properties["cdx:fda:level-of-support"] == "actively-maintained"
    vulnerability = bom.vulnerabilities[0]
    assert (vulnerability.state, vulnerability.justification) == ("not_affected", "code_not_reachable")
    assert vulnerability.detail == "Not compiled in."
    assert vulnerability.properties == {"cdx:fda:kev-listed": "false"}


def test_services_are_no_components() -> None:
    """A service is not listed, and depending on one is no loose end."""
    bom = read(encode(CYCLONEDX), name="pump")

    assert "telemetry" not in [one.name for one in bom.components]
    assert not any("cloud" in one for one in bom.warnings)


@pytest.mark.parametrize(
    ("fields", "supplier"),
    [
        ({"supplier": {"name": "S"}, "manufacturer": {"name": "M"}, "publisher": "P", "author": "A"}, "S"),
        ({"supplier": {"name": ""}, "manufacturer": {"name": "M"}, "publisher": "P"}, "M"),
        ({"publisher": "P", "author": "A"}, "P"),
        ({"author": "A", "authors": [{"name": "B"}]}, "A"),
        ({"authors": [{"name": "B"}, {"email": "c@example.org"}]}, "B, c@example.org"),
        ({"supplier": "plain string"}, "plain string"),
        ({}, ""),
    ],
)
def test_supplier_and_what_stands_in_for_it(fields: dict[str, Any], supplier: str) -> None:
    """Supplier, else manufacturer, else publisher, else author."""
    assert _component(**fields).supplier == supplier


@pytest.mark.parametrize(
    ("licenses", "expected"),
    [
        ([{"license": {"id": "MIT"}}, {"license": {"name": "Own Licence"}}], ("MIT", "Own Licence")),
        ([{"expression": "MIT OR Apache-2.0"}], ("MIT OR Apache-2.0",)),
        ([{"expression": "MIT", "expressionDetails": []}, {"license": {"id": "Zlib"}}], ("MIT", "Zlib")),
        ([{"id": "MIT"}], ("MIT",)),
        (["MIT", "MIT"], ("MIT",)),
        ({"expression": "MIT"}, ("MIT",)),
        ([], ()),
        (None, ()),
    ],
)
def test_licences_in_every_spelling(licenses: Any, expected: tuple[str, ...]) -> None:
    """Ids, names, expressions (several since 1.7), and what tools write instead."""
    assert _component(licenses=licenses).licenses == expected


@pytest.mark.parametrize(
    "identity",
    [
        {"field": "cpe", "concludedValue": "cpe:2.3:a:acme:x:1:*:*:*:*:*:*:*"},
        [{"field": "name"}, {"field": "cpe", "concludedValue": "cpe:/a:acme:x:1"}],
    ],
)
def test_cpes_concluded_by_evidence(identity: Any) -> None:
    """Evidence is one object in 1.5 and a list since 1.6; both are read."""
    assert _component(evidence={"identity": identity}).cpes == ("cpe:2.3:a:acme:x:1:*:*:*:*:*:*:*",)


def test_a_purl_concluded_by_evidence_fills_the_gap() -> None:
    """Without a purl of its own a component takes the one its evidence concludes."""
    evidence = {"identity": [{"field": "purl", "concludedValue": "pkg:npm/x@1"}]}

    assert _component(evidence=evidence).purl == "pkg:npm/x@1"
    assert _component(evidence=evidence, purl="pkg:npm/y@2").purl == "pkg:npm/y@2"


def test_an_unreadable_cpe_is_left_out_with_a_warning() -> None:
    """Good names stay, the bad one is named with its place."""
    bom = _bom(
        [{"name": "x", "cpe": "cpe:2.3:a:too:short", "properties": [{"name": "a:cpe", "value": "cpe:/a:b:c:1"}]}]
    )

    assert bom.components[0].cpes == ("cpe:2.3:a:b:c:1:*:*:*:*:*:*:*",)
    assert any(one.startswith('components[0]: "cpe:2.3:a:too:short"') for one in bom.warnings)


def test_patches_name_the_vulnerabilities_they_resolve() -> None:
    """Security issues count, and issues of no stated type when the id is a vulnerability's."""
    patches = [{"resolves": [{"id": "cve-2020-1"}, {"type": "security", "id": "X-1"}, {"type": "defect", "id": "B-1"}]}]

    assert _component(pedigree={"patches": patches}).patched == ("cve-2020-1", "X-1")


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        ([{"vendor": "Acme", "name": "t", "version": "1"}], ("Acme t 1",)),
        ({"components": [{"name": "c"}], "services": [{"name": "s", "version": "2"}]}, ("c", "s 2")),
        ([], ()),
    ],
)
def test_tools_old_and_new(tools: Any, expected: tuple[str, ...]) -> None:
    """A list up to 1.4, components and services since 1.5."""
    assert _bom([], metadata={"tools": tools}).tools == expected


def test_missing_and_doubled_references() -> None:
    """A component without bom-ref gets one from its place; the second of a doubled one is renamed."""
    bom = _bom([{"name": "a"}, {"name": "b", "bom-ref": "r"}, {"name": "c", "bom-ref": "r"}, {"name": "d"}])

    assert [one.ref for one in bom.components] == ["@components[0]", "r", "r#2", "@components[3]"]


def test_circles_are_told() -> None:
    """A circle among dependencies is named, however long the way to it."""
    chain = [{"ref": str(n), "dependsOn": [str(n + 1)]} for n in range(5000)] + [{"ref": "5000", "dependsOn": ["4998"]}]
    bom = _bom([{"name": "x", "bom-ref": str(n)} for n in range(5001)], dependencies=chain)

    assert any("circle: 4998 -> 4999 -> 5000 -> 4998" in one for one in bom.warnings)


def test_entries_that_are_no_components_are_told() -> None:
    """A string among the components is passed over with its place; its neighbours stay."""
    bom = _bom(["oops", {"name": "x"}, None])

    assert [one.name for one in bom.components] == ["x"]
    assert "components[0]: this entry is no component and is passed over." in bom.warnings
    assert any(one.startswith("components[2]") for one in bom.warnings)


def test_components_that_are_no_list_are_refused_with_their_path() -> None:
    """The JSON path of the wrong list is in the message, also for a nested one."""
    with pytest.raises(SbomError, match=r"a\.json: components\[0\]\.components"):
        _bom([{"name": "x", "components": {"name": "y"}}])
    with pytest.raises(SbomError, match=r"a\.json: metadata\.component\.components"):
        _bom([], metadata={"component": {"name": "x", "components": True}})


def test_cyclonedx_1_7() -> None:
    """1.7: a version range is kept apart from the version; citations and constraints do no harm."""
    bom = _bom(
        [
            {
                "type": "library",
                "bom-ref": "z",
                "name": "zlib",
                "isExternal": True,
                "versionRange": "vers:generic/>=1.2",
            },
            {"type": "library", "name": "y", "version": "1", "patentAssertions": [{"bom-ref": "p"}]},
        ],
        version="1.7",
        metadata={
            "distributionConstraints": {"tlp": "AMBER"},
            "component": {"type": "device", "name": "pump", "bom-ref": "pump"},
        },
        citations=[
            {"bom-ref": "c", "pointers": ["/components/0"], "timestamp": "2026-01-01T00:00:00Z", "attributedTo": "t"}
        ],
    )

    zlib = bom.components[0]
    assert bom.spec_version == "1.7"
    assert zlib.version == ""
    assert zlib.properties["cyclonedx:versionRange"] == "vers:generic/>=1.2"
    assert zlib.properties["cyclonedx:isExternal"] == "true"
    assert bom.warnings == ()


def test_other_unique_identifiers_are_kept() -> None:
    """SWID, SWHID and OmniBOR ids stand among the properties."""
    found = _component(
        swid={"tagId": "tag", "name": "x"}, swhid=["swh:1:cnt:a"], omniborId=["gitoid:blob:b"]
    ).properties

    assert found == {
        "identifier:swid": "tag",
        "identifier:swhid": "swh:1:cnt:a",
        "identifier:omniborId": "gitoid:blob:b",
    }


def test_scope_is_kept() -> None:
    """An excluded component is still listed, and says that it is excluded."""
    assert _component(scope="excluded").properties == {"cyclonedx:scope": "excluded"}


def test_compositions_without_refs_speak_of_the_whole() -> None:
    """A composition that names nothing is about the product described."""
    subject = {"component": {"type": "device", "name": "p", "bom-ref": "p"}}

    assert _bom([], metadata=subject, compositions=[{"aggregate": "incomplete"}]).completeness == {"p": "incomplete"}


def test_a_bom_link_into_another_document_stays_whole() -> None:
    """Only links into this very document are shortened."""
    other = "urn:cdx:00000000-0000-4000-8000-000000000000/1#x"

    bom = _bom([], vulnerabilities=[{"id": "CVE-2024-1", "affects": [{"ref": other}]}, {"affects": []}])

    assert bom.vulnerabilities[0].refs == (other,)
    assert "vulnerabilities[1]: a vulnerability has no id." in bom.warnings


XML_1_1 = b"""<bom xmlns="http://cyclonedx.org/schema/bom/1.1"
 xmlns:dg="http://cyclonedx.org/schema/ext/dependency-graph/1.0">
<components><component type="library" bom-ref="a"><publisher>P</publisher><group>g</group>
<name>n</name><version>1</version><hashes><hash alg="MD5">0123456789abcdef0123456789abcdef</hash></hashes>
<licenses><expression>MIT</expression></licenses><purl>pkg:maven/g/n@1</purl>
<modified>false</modified></component></components>
<dg:dependencies><dg:dependency ref="a"><dg:dependency ref="b"/></dg:dependency></dg:dependencies></bom>"""


def test_xml_1_1_best_effort() -> None:
    """1.1 has no metadata; its dependencies stand in an extension's namespace."""
    bom = read(XML_1_1, name="old.xml")

    one = bom.components[0]
    assert bom.spec_version == "1.1"
    assert (one.group, one.name, one.supplier, one.licenses) == ("g", "n", "P", ("MIT",))
    assert one.hashes == {"MD5": "0123456789abcdef0123456789abcdef"}
    assert bom.relationships == (Relationship("a", "b"),)


def test_xml_1_7_attributes_and_repeated_identities() -> None:
    """Evidence repeats its element; isExternal is an attribute."""
    content = b"""<bom xmlns="http://cyclonedx.org/schema/bom/1.7"><components>
<component type="library" isExternal="true"><name>n</name><versionRange>vers:npm/&gt;1</versionRange>
<evidence><identity><field>purl</field><concludedValue>pkg:npm/n</concludedValue></identity>
<identity><field>cpe</field><concludedValue>cpe:/a:n:n</concludedValue></identity></evidence></component>
</components></bom>"""

    one = read(content, name="a.xml").components[0]

    assert one.purl == "pkg:npm/n"
    assert one.cpes == ("cpe:2.3:a:n:n:*:*:*:*:*:*:*:*",)
    assert one.properties == {"cyclonedx:versionRange": "vers:npm/>1", "cyclonedx:isExternal": "true"}
