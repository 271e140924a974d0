"""Our own readers read the whole demo, and refuse nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from postmarket.demo import FEEDS, feed_paths
from postmarket.sbom.interface import ComponentClass, Format
from postmarket.sbom.reading import read
from postmarket.sources.interface import Item, Record, Refused, Source
from postmarket.sources.readers import SUFFIXES, reader
from postmarket.untrusted.documents import Document, documents
from tests.demo import documents as demo

FORMATS = {
    ".cdx.json": Format.CYCLONEDX_JSON,
    ".cdx.xml": Format.CYCLONEDX_XML,
    ".spdx.json": Format.SPDX_JSON,
    ".spdx": Format.SPDX_TAG_VALUE,
    ".spdx3.json": Format.SPDX_3_JSON_LD,
}


def items(source: Source) -> Iterator[Item]:
    """Everything the reader of `source` makes of the demo's files."""
    for path in feed_paths()[source]:
        for document in documents(path, suffixes=SUFFIXES[source]):
            assert isinstance(document, Document), document
            yield from reader(source)(document)


@pytest.mark.parametrize("file", demo.sboms(), ids=lambda file: file.name)
def test_every_sbom_is_read_without_a_warning(file: Path) -> None:
    """It is of the format its name says, about a device, with 15 to 60 components, and nothing in it is odd."""
    bom = read(file.read_bytes(), name=file.name)

    assert FORMATS["." + file.name.split(".", 2)[2]] == bom.format
    assert bom.subject is not None
    assert bom.subject.kind == "device" or bom.spec_version == "2.2"  # the purpose of a package came with SPDX 2.3
    assert 15 <= len(bom.components) <= 60
    assert not bom.warnings


def test_the_quality_is_mixed_as_in_real_life() -> None:
    """Most components carry an identifier, some only names; a few are the firm's own; one has no version."""
    components = [
        component for file in demo.sboms() for component in read(file.read_bytes(), name=file.name).components
    ]
    identified = [component for component in components if component.purl or component.cpes]

    assert 0.6 < len(identified) / len(components) < 0.95
    assert any(component.supplier and not (component.purl or component.cpes) for component in components)
    assert any(not component.version for component in components)
    assert any(component.parent for component in components)
    assert any(component.hashes for component in components)
    assert any(component.end_of_support for component in components)
    assert {component.component_class for component in components} >= {ComponentClass.OPEN_SOURCE}


@pytest.mark.parametrize("source", FEEDS)
def test_every_feed_is_read_whole(source: Source) -> None:
    """The reader of each source takes every record of the bundle and refuses none."""
    read_items = list(items(source))

    assert read_items
    assert not [item for item in read_items if isinstance(item, Refused)]


def test_scores_of_every_age_and_none_are_shown() -> None:
    """CVSS 2 only, 3.0 only, 4.0 only, and no score at all."""
    records = [item for item in items(Source.NVD) if isinstance(item, Record)]
    versions = {frozenset(rating.version for rating in record.ratings) for record in records}

    assert versions >= {frozenset(), frozenset({"2.0"}), frozenset({"3.0"}), frozenset({"3.1"}), frozenset({"4.0"})}
