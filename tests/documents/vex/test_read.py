"""VEX documents of any format, through the one door."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.documents.vex import VexError, VexFormat, read
from postmarket.errors import PostmarketError
from tests.documents.vex.making import Json, csaf, cyclonedx, openvex, statements

OPENVEX = openvex(
    {
        "vulnerability": {"name": "CVE-2018-25032"},
        "products": [{"@id": "pkg:generic/zlib@1.2.11"}],
        "status": "not_affected",
        "justification": "vulnerable_code_not_in_execute_path",
    }
)
CYCLONEDX = cyclonedx(
    {
        "id": "CVE-2018-25032",
        "analysis": {"state": "not_affected", "justification": "code_not_reachable"},
        "affects": [{"ref": "zlib"}],
    }
)
CSAF = csaf(
    {
        "cve": "CVE-2018-25032",
        "product_status": {"known_not_affected": ["P1"]},
        "flags": [{"label": "vulnerable_code_not_in_execute_path", "product_ids": ["P1"]}],
    }
)


@pytest.mark.parametrize(
    ("document", "format_"),
    [(OPENVEX, VexFormat.OPENVEX), (CYCLONEDX, VexFormat.CYCLONEDX), (CSAF, VexFormat.CSAF)],
)
def test_the_three_formats_say_the_same(document: Json, format_: VexFormat) -> None:
    """One statement, whatever it is written in."""
    (found,) = statements(document)

    assert found.format is format_
    assert found.source == "supplier.json"
    assert found.author.startswith("Pumps Inc.")
    assert found.timestamp == "2024-02-01T10:00:00Z"
    assert found.vulnerability == "CVE-2018-25032"
    assert f"{found.status}: {found.justification}" == "not_affected: vulnerable_code_not_in_execute_path"
    assert found.shortfall == ""
    assert found.product.identified


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "supplier.json"),
        (b"{", "supplier.json"),
        (b"\xff\xfe\x00", "supplier.json"),
        (b'{"bomFormat": "CycloneDX", "bomFormat": "x"}', "supplier.json"),
        (b"[]", "is no VEX document"),
        (b'{"spdxVersion": "SPDX-2.3"}', "none of OpenVEX, CSAF and CycloneDX"),
        (b"<bom/>", "VEX is read as JSON only"),
        (b'{"bomFormat": "CycloneDX"}', "states nothing on any vulnerability"),
        (b'{"document": {"csaf_version": "2.0"}}', "states nothing on any vulnerability"),
        (b'{"@context": "https://openvex.dev/ns", "statements": []}', "states nothing on any vulnerability"),
        (b'{"@context": "https://openvex.dev/ns"}', "missing required field `statements`"),
        (b'{"bomFormat": "CycloneDX", "vulnerabilities": {}}', "supplier.json: vulnerabilities: is no VEX document"),
        (
            b'{"document": {"csaf_version": "2.0"}, "vulnerabilities": [{"cve": 1}]}',
            r"vulnerabilities\[0\]\.cve: is no VEX",
        ),
    ],
)
def test_what_is_no_vex_is_refused_in_one_line(content: bytes, says: str) -> None:
    """The line names the file and, where there is one, the place."""
    with pytest.raises(PostmarketError, match=says) as raised:
        read(content, name="supplier.json")

    assert "\n" not in raised.value.line()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def paths(tree: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value in a JSON tree."""
    inner = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else []
    return [path, *(found for key, value in inner for found in paths(value, (*path, key)))]


@given(st.sampled_from([OPENVEX, CYCLONEDX, CSAF]), st.data())
def test_any_damage_is_a_statement_or_one_clear_error(document: Json, data: st.DataObject) -> None:
    """One value anywhere in a valid document is replaced by anything."""
    damaged = json.loads(json.dumps({"root": document}))
    *way, last = data.draw(st.sampled_from(paths(damaged)[1:]))
    place = damaged
    for step in way:
        place = place[step]
    place[last] = data.draw(JSON)

    line = ""
    try:
        read(json.dumps(damaged["root"]).encode(), name="supplier.json")
    except PostmarketError as error:
        line = error.line()

    assert line == "" or (line.startswith("supplier.json") and line.isprintable())


def test_a_document_is_read_whole_or_not_at_all() -> None:
    """A statement that cannot be read might be the one that takes another back."""
    good = OPENVEX["statements"][0]

    with pytest.raises(VexError, match=r"statements\[1\]\.status: 'perhaps' is no VEX status"):
        statements(openvex(good, good | {"status": "perhaps"}))
