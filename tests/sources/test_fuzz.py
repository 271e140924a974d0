"""Whatever a document holds, a reader answers with items."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmarket.sources.interface import EpssScore, KevEntry, Record, Refused, Source
from postmarket.sources.readers import reader
from postmarket.untrusted.documents import Document
from tests.sources import test_csaf, test_cve, test_kev, test_nvd

VERSION = {
    "version": "1.0",
    "status": "affected",
    "lessThan": "2.0",
    "changes": [{"at": "1.5", "status": "unaffected"}],
}
PLATFORM = test_nvd.node(test_nvd.match("os", "-", vulnerable=False))
SAMPLES: dict[Source, object] = {
    Source.NVD: test_nvd.feed(
        test_nvd.cve(
            {"operator": "AND", "nodes": [test_nvd.node(test_nvd.match("a", versionEndExcluding="2.0")), PLATFORM]},
            published="2024-01-01T00:00:00.000",
            descriptions=[{"lang": "en", "value": "x"}],
            metrics={"cvssMetricV31": [{"source": "a", "type": "Primary", "cvssData": {"vectorString": "x"}}]},
        )
    ),
    Source.CVE: test_cve.cve(
        test_cve.ACME | {"versions": [VERSION], "defaultStatus": "affected", "cpes": ["cpe:/a:acme:pump"]},
        adp=[{"metrics": [{"other": {"type": "ssvc", "content": {"options": [{"Exploitation": "none"}]}}}]}],
    ),
    Source.KEV: {"vulnerabilities": [test_kev.ENTRY]},
    Source.EPSS: "#score_date:2025-08-01\ncve,epss,percentile\nCVE-2024-0001,0.1,0.2\n",
    Source.OSV: {
        "id": "PYSEC-2024-1",
        "modified": "2024-01-02T00:00:00Z",
        "aliases": ["CVE-2024-0001"],
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "pump"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
                "versions": ["1.0", "3.0"],
            }
        ],
    },
    Source.CSAF: test_csaf.advisory(
        test_csaf.tree_of_two(test_csaf.related()),
        test_csaf.flaw("P1", "P1:P2", notes=[{"category": "summary", "text": "x"}]),
    ),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
VALUES = JSON | st.sampled_from(
    [
        "",
        "*",
        "-",
        "0",
        "n/a",
        "< 1.0",
        "1.x",
        "affected",
        "AND",
        "cpe:2.3:a:b:c:1.*:*:*:*:*:*:*:*",
        "pkg:npm/a@1",
        [],
        {},
    ]
)


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value inside a JSON value."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield from places(inner, (*path, name))


def changed(value: Any, path: tuple[str | int, ...], new: object) -> Any:
    """A copy of a JSON value with one place inside it replaced."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


def check(source: Source, content: bytes) -> None:
    """Only items come, at most one record per id, and each of them can be stored as UTF-8."""
    ids = []
    for item in reader(source)(Document("x\x1b.json", content)):
        assert isinstance(item, Record | KevEntry | EpssScore | Refused)
        stored = msgspec.msgpack.encode(item)
        assert msgspec.msgpack.decode(stored, type=type(item)) == item
        if isinstance(item, Refused):
            assert item.where.isprintable()
            assert item.why.isprintable()
        if isinstance(item, Record):
            ids.append(item.record_id)
            assert all(one.range.lo < one.range.hi for one in item.criteria)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("source", Source)
def test_the_samples_are_read_whole(source: Source) -> None:
    """So that what is changed in them below is worth changing."""
    sample = SAMPLES[source]
    content = sample if isinstance(sample, str) else json.dumps(sample)

    items = list(reader(source)(Document("x.json", content.encode())))

    assert items
    assert not [item for item in items if isinstance(item, Refused)]


@pytest.mark.parametrize("source", Source)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_change_of_a_value_gets_an_exception_through(source: Source, data: st.DataObject) -> None:
    """Any value in any place."""
    sample = SAMPLES[source]
    if isinstance(sample, str):
        content = sample + data.draw(st.text(max_size=60))
    else:
        for _ in range(data.draw(st.integers(1, 3))):
            path = data.draw(st.sampled_from(list(places(sample))))
            sample = changed(sample, path, data.draw(VALUES))
        content = json.dumps(sample)

    check(source, content.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("source", Source)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_damage_to_the_bytes_gets_an_exception_through(source: Source, data: st.DataObject) -> None:
    """Flipped, cut, or nothing like it to begin with."""
    sample = SAMPLES[source]
    content = bytearray((sample if isinstance(sample, str) else json.dumps(sample)).encode())
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))

    check(source, data.draw(st.sampled_from([bytes(content), bytes(content[:cut])]) | st.binary(max_size=40)))
