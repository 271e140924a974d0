"""The demo's SBOMs are of the formats and the mixed quality that one really gets."""

from __future__ import annotations

import json
import re
from pathlib import Path

from defusedxml import ElementTree

from postmarket.sbom.interface import Format
from tests.demo import documents as demo

EXPECTED = {
    ("CycloneDX JSON", "1.4"),
    ("CycloneDX JSON", "1.5"),
    ("CycloneDX JSON", "1.6"),
    ("CycloneDX XML", "1.4"),
    ("CycloneDX XML", "1.5"),
    ("CycloneDX XML", "1.6"),
    ("SPDX tag-value", "2.2"),
    ("SPDX tag-value", "2.3"),
    ("SPDX JSON", "2.3"),
    ("SPDX 3 JSON-LD", "3.0.1"),
}


def declared(file: Path) -> tuple[str, str]:
    """The format and version a file says it has; parses it as that."""
    text = file.read_text("utf-8")
    if file.name.endswith(".cdx.xml"):
        root = ElementTree.fromstring(text)
        return Format.CYCLONEDX_XML, str(root.tag).partition("}")[0].rpartition("/")[2]
    if file.suffix == ".spdx":
        found = re.match(r"SPDXVersion: SPDX-(\S+)\n", text)
        assert found is not None, file
        return Format.SPDX_TAG_VALUE, found[1]
    content = json.loads(text)
    if "@graph" in content:
        created = next(node for node in content["@graph"] if node["type"] == "CreationInfo")
        return Format.SPDX_3_JSON_LD, created["specVersion"]
    if "spdxVersion" in content:
        return Format.SPDX_JSON, content["spdxVersion"].removeprefix("SPDX-")
    return Format.CYCLONEDX_JSON, content["specVersion"]


def test_every_format_is_shown() -> None:
    """Each SBOM parses as what it declares, and all formats people really get are there."""
    assert {declared(file) for file in demo.sboms()} == EXPECTED


def test_they_are_small_enough_to_read() -> None:
    """A newcomer opens these files; none is larger than 60 kB."""
    assert max(file.stat().st_size for file in demo.sboms()) < 60_000
