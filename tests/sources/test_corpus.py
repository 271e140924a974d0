"""Every record of the real data is read, or refused with its reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from postmarket.sources.interface import Certainty, Item, KevEntry, Record, Refused, Source, State
from postmarket.sources.readers import SUFFIXES, reader
from postmarket.untrusted.documents import Document, documents

pytestmark = pytest.mark.corpus


def items(source: Source, path: Path) -> list[Item]:
    """Everything that `path` holds for `source`; nothing in it may be unreadable as a document."""
    found: list[Item] = []
    for document in documents(path, suffixes=SUFFIXES[source]):
        assert isinstance(document, Document), document
        found += reader(source)(document)
    return found


def records(found: list[Item]) -> list[Record]:
    """All of them; nothing may be refused."""
    assert [item for item in found if isinstance(item, Refused)] == []
    return [item for item in found if isinstance(item, Record)]


def test_nvd(shared_data: Path) -> None:
    """68,878 CVEs, 104 of them rejected; 1,080 running-on configurations, of which two can never match."""
    found = records(items(Source.NVD, shared_data / "nvd"))
    criteria = [criterion for record in found for criterion in record.criteria]

    assert len(found) == 68_878
    assert Counter(record.state for record in found)[State.REJECTED] == 104
    assert sum(len(record.conditions) for record in found) == 1_078
    assert sum(not record.criteria for record in found) >= 23_095
    assert sum(criterion.text == "-" for criterion in criteria) == 3_946
    unread = sum(len(record.unread) for record in found)
    assert unread < 0.01 * len(criteria)
    assert all(criterion.certainty is Certainty.POSSIBLE for criterion in criteria if criterion.text == "-")


def test_cve(shared_data: Path) -> None:
    """2,500 records, each with CISA's SSVC but the ten rejected ones."""
    found = records(items(Source.CVE, shared_data / "cve"))

    assert len(found) == 2_500
    assert Counter(record.state for record in found)[State.REJECTED] == 10
    assert sum(record.ssvc is not None for record in found) == 2_490
    assert all(record.criteria or record.unread for record in found if record.state is State.PUBLISHED)


def test_osv(shared_data: Path) -> None:
    """2,661 records of PyPI, ten withdrawn, every one with a criterion."""
    found = records(items(Source.OSV, shared_data / "osv"))

    assert len(found) == 2_661
    assert Counter(record.state for record in found)[State.WITHDRAWN] == 10
    assert all(record.criteria for record in found)


def test_csaf(shared_data: Path) -> None:
    """390 advisories on 1,383 vulnerabilities, every one with a criterion."""
    found = records(items(Source.CSAF, shared_data / "csaf"))

    assert len(found) == 1_383
    assert len({record.record_id.partition("/")[0] for record in found}) == 390
    assert all(record.criteria for record in found)
    possible = sum(criterion.certainty is Certainty.POSSIBLE for record in found for criterion in record.criteria)
    assert possible < 0.08 * sum(len(record.criteria) for record in found)


def test_kev(shared_data: Path) -> None:
    """1,404 entries, 293 with known use by ransomware."""
    found = items(Source.KEV, shared_data / "kev" / "known_exploited_vulnerabilities.json")
    entries = [item for item in found if isinstance(item, KevEntry)]

    assert len(found) == len(entries) == 1_404
    assert sum(entry.ransomware for entry in entries) == 293


def test_the_standard_s_own_csaf_documents(shared_data: Path) -> None:
    """Valid or invalid on purpose, each is read or refused in one line."""
    for document in documents(shared_data / "conformance" / "csaf-2.0-tests.tar.xz", suffixes=(".json",)):
        assert isinstance(document, Document), document
        for item in reader(Source.CSAF)(document):
            assert isinstance(item, Record | Refused)
