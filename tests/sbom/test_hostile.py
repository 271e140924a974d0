"""Whatever the bytes, the answer is a Bom or one PostmarketError."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmarket.errors import PostmarketError
from postmarket.sbom.profiles import PROFILE_NAMES, load_profile
from postmarket.sbom.quality import check
from postmarket.sbom.reading import read
from tests.sbom.samples import CYCLONEDX, CYCLONEDX_XML, EVERY_FORMAT, SPDX, SPDX_3, encode

WORDS = st.sampled_from(
    ["", "name", "pump", "SPDXRef-tls", "cpe:/a:b:c", "cpe:2.3:a", "pkg:npm/a", "1.0", "NOASSERTION", "CVE-2024-0001"]
)
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def _read_or_refuse(content: bytes) -> None:
    refusal = ""
    try:
        bom = read(content, name="a")
    except PostmarketError as error:
        refusal = str(error)
    if refusal:
        assert refusal.startswith("a")
        assert refusal.isprintable()
        return
    refs = [one.ref for one in bom.components]
    assert len(set(refs)) == len(refs)
    assert all(warning.isprintable() for warning in bom.warnings)
    for name in PROFILE_NAMES:
        report = check(bom, load_profile(name))
        assert 0 <= report.score <= 100


@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    """Arbitrary bytes, alone or after the beginning of a real SBOM."""
    _read_or_refuse(content)
    _read_or_refuse(b"SPDXVersion: SPDX-2.3\n" + content)
    _read_or_refuse(b'{"bomFormat":"CycloneDX",' + content)


@given(JUNK)
def test_any_json(value: Any) -> None:
    """Arbitrary JSON, also where an SBOM's parts are looked for."""
    _read_or_refuse(encode(value))
    for head in (
        {"bomFormat": "CycloneDX", "specVersion": "1.6"},
        {"spdxVersion": "SPDX-2.3"},
        {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"},
    ):
        parts = (
            "components",
            "dependencies",
            "metadata",
            "packages",
            "relationships",
            "creationInfo",
            "@graph",
            "sbom",
        )
        _read_or_refuse(encode(head | dict.fromkeys(parts, value)))
        _read_or_refuse(encode(head | {part: [value] for part in parts}))


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in _places(one, (*path, key)))]


@pytest.mark.parametrize("document", [CYCLONEDX, SPDX, SPDX_3])
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_value_in_any_place(document: dict[str, Any], data: st.DataObject) -> None:
    """A valid SBOM in which one or two values are replaced by something else entirely."""
    mutated = copy.deepcopy(document)
    for _ in range(data.draw(st.integers(1, 2))):
        place = data.draw(st.sampled_from(_places(mutated)[1:]))
        holder: Any = mutated
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = data.draw(JUNK)
        if not mutated:
            break
    _read_or_refuse(encode(mutated))


@pytest.mark.parametrize("format", EVERY_FORMAT)
@settings(max_examples=60)
@given(data=st.data())
def test_any_byte_changed_or_cut(format: str, data: st.DataObject) -> None:
    """A valid file cut short, or with some bytes replaced."""
    content = bytearray(EVERY_FORMAT[format])
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    _read_or_refuse(bytes(content[: data.draw(st.integers(0, len(content)))]))


@given(
    st.lists(st.sampled_from("ABCDE"), max_size=8), st.lists(st.tuples(*[st.sampled_from("ABCDEF")] * 2), max_size=12)
)
def test_any_graph(refs: list[str], edges: list[tuple[str, str]]) -> None:
    """Doubled refs, loose ends and circles are warnings; no component and no edge is lost."""
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [{"bom-ref": ref, "name": ref} for ref in refs],
        "dependencies": [{"ref": a, "dependsOn": [b]} for a, b in edges],
    }

    bom = read(encode(document), name="a")

    assert [one.name for one in bom.components] == refs
    assert [(one.source, one.target) for one in bom.relationships] == edges
    assert (len(set(refs)) < len(refs)) == any("more than once" in one for one in bom.warnings)
    loose = {end for edge in edges for end in edge} - set(refs)
    assert bool(loose) == any("not listed" in one for one in bom.warnings)


def test_a_million_warnings_are_summed_up() -> None:
    """The same trouble in every component is told for the first ones and then counted."""
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": ""} for _ in range(5000)]}

    warnings = read(encode(document), name="a").warnings

    assert len(warnings) < 50
    assert "4980 more of the same kind: a component has no name." in warnings


def test_components_nested_beyond_all_reason_are_refused() -> None:
    """Nesting too deep is refused by depth, before any reader recurses."""
    nested: dict[str, Any] = {"name": "x"}
    for _ in range(150):
        nested = {"name": "x", "components": [nested]}
    text = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [nested]})

    with pytest.raises(PostmarketError, match="nested deeper than 200"):
        read(text.encode(), name="a")


def test_an_xml_sbom_with_entities_is_refused() -> None:
    """A DTD is refused even where the rest is a sound SBOM."""
    bomb = '<!DOCTYPE bom [<!ENTITY a "aaaaaaaaaa">]>'
    content = CYCLONEDX_XML.replace("?>\n", "?>\n" + bomb, 1).encode()

    with pytest.raises(PostmarketError, match="line 2"):
        read(content, name="a")
