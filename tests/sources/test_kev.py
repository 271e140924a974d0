"""CISA's catalogue of known exploited vulnerabilities."""

from __future__ import annotations

from typing import Any

from postmarket.sources.interface import KevEntry
from postmarket.sources.kev import read
from tests.sources.given import document, refusals

ENTRY: dict[str, Any] = {
    "cveID": "CVE-2024-0001",
    "vendorProject": "Acme",
    "product": "Gateway",
    "vulnerabilityName": "Acme Gateway Flaw",
    "dateAdded": "2024-05-01",
    "shortDescription": "It can be walked around.",
    "requiredAction": "Update it.",
    "dueDate": "2024-05-22",
    "knownRansomwareCampaignUse": "Known",
    "notes": "",
}


def test_an_entry_is_read_with_its_dates() -> None:
    """And whether ransomware uses it."""
    (entry,) = read(document({"vulnerabilities": [ENTRY]}))

    assert entry == KevEntry(
        cve="CVE-2024-0001",
        vendor="Acme",
        product="Gateway",
        title="Acme Gateway Flaw",
        added="2024-05-01",
        due="2024-05-22",
        action="Update it.",
        description="It can be walked around.",
        ransomware=True,
    )


def test_unknown_ransomware_use_is_not_known_use() -> None:
    """The catalogue has two words."""
    (entry,) = read(document({"vulnerabilities": [ENTRY | {"knownRansomwareCampaignUse": "Unknown"}]}))

    assert isinstance(entry, KevEntry)
    assert not entry.ransomware


def test_forensic_triage_is_read_where_it_is_given() -> None:
    """As a truth value or as a word."""
    values: list[object] = [True, "Yes", "required", False, "No", None]
    entries = [ENTRY | {"forensicTriage": value} for value in values]

    found = [
        entry.forensic_triage for entry in read(document({"vulnerabilities": entries})) if isinstance(entry, KevEntry)
    ]

    assert found == [True, True, True, False, False, False]


def test_a_bad_entry_is_refused_alone() -> None:
    """A date that is none, an id that is none, a missing product."""
    bad = [ENTRY | {"dateAdded": "soon"}, ENTRY | {"cveID": "CAN-1"}, {"cveID": "CVE-2024-0002"}]

    assert [item.where for item in refusals(read, {"vulnerabilities": [ENTRY, *bad]})] == [
        "feed.json: item 2",
        "feed.json: item 3",
        "feed.json: item 4",
    ]


def test_what_is_no_catalogue_is_one_refusal() -> None:
    """An error page, say."""
    assert len(refusals(read, b"<html>")) == 1
