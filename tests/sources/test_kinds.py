"""What a file looks like when it was given to the wrong source."""

from __future__ import annotations

import pytest

from postmarket.sources.interface import Record, Refused, Source
from postmarket.sources.readers import reader
from postmarket.untrusted.documents import Document

FILES = {
    "nvd": b'{"resultsPerPage": 1, "format": "NVD_CVE", "vulnerabilities": [{"cve": {"id": "CVE-2026-1001"}}]}',
    "nvd without its head": b'{"vulnerabilities": [{"cve": {"id": "CVE-2026-1001"}}]}',
    "kev": b'{"catalogVersion": "2026.11.20", "vulnerabilities": [{"cveID": "CVE-2026-1001"}]}',
    "kev without its head": b'{"vulnerabilities": [{"cveID": "CVE-2026-1001"}]}',
    "cve": b'{"dataType": "CVE_RECORD", "cveMetadata": {"cveId": "CVE-2026-1001"}, "containers": {}}',
    "cve array": b' [{"cveMetadata": {"cveId": "CVE-2026-1001"}}]',
    "osv": b'{"schema_version": "1.6.0", "id": "PYSEC-2026-1", "modified": "2026-11-01T00:00:00Z"}',
    "csaf": b'{"document": {"category": "csaf_security_advisory", "csaf_version": "2.0"}}',
    "epss": b"#model_version:v2025.03.14,score_date:2026-11-20T00:00:00Z\ncve,epss,percentile\n",
    "cyclonedx": b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "vulnerabilities": []}',
    "cyclonedx xml": b'<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5"></bom>',
    "spdx": b'{"spdxVersion": "SPDX-2.3", "packages": []}',
    "spdx tag-value": b"SPDXVersion: SPDX-2.3\n",
    "openvex": b'{"@context": "https://openvex.dev/ns/v0.2.0", "statements": []}',
    "old nvd": b'{"CVE_data_type": "CVE", "CVE_Items": []}',
    "login page": b"<!DOCTYPE html><html><title>Sign in</title></html>",
}


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nvd", "an NVD 2.0 feed. Load it with: postmarket feeds load nvd PATH."),
        ("nvd without its head", "postmarket feeds load nvd PATH."),
        ("kev", "CISA's KEV catalogue. Load it with: postmarket feeds load kev PATH."),
        ("kev without its head", "postmarket feeds load kev PATH."),
        ("cve", "a CVE record. Load it with: postmarket feeds load cve PATH."),
        ("cve array", "postmarket feeds load cve PATH."),
        ("osv", "an OSV record. Load it with: postmarket feeds load osv PATH."),
        ("csaf", "a CSAF advisory. Load it with: postmarket feeds load csaf PATH."),
        ("epss", "EPSS scores. Load it with: postmarket feeds load epss PATH."),
        ("cyclonedx", "a CycloneDX SBOM. Look at it with: postmarket scan PATH."),
        ("cyclonedx xml", "a CycloneDX SBOM."),
        ("spdx", "an SPDX SBOM. Look at it with: postmarket scan PATH."),
        ("spdx tag-value", "an SPDX SBOM."),
        ("openvex", "an OpenVEX document. Apply it with: postmarket scan SBOM --vex PATH."),
        ("old nvd", "the retired version 1.1"),
        ("login page", "a web page"),
    ],
)
def test_a_file_of_another_source_is_refused_once_with_its_right_name(source: Source, name: str, said: str) -> None:
    """Every kind of file, given to every source but its own."""
    if f"feeds load {source.value} " in said:
        return

    (item,) = reader(source)(Document("x", FILES[name]))

    assert isinstance(item, Refused)
    assert item.where == "x"
    assert said in item.why


def test_a_thousand_items_of_another_source_are_one_refusal() -> None:
    """NVD and KEV have the same shape outside, and only their items differ."""
    items = b",".join(b'{"cve": {"id": "CVE-2026-%04d"}}' % number for number in range(1000))

    found = list(reader(Source.KEV)(Document("x", b'{"vulnerabilities": [%b]}' % items)))

    assert len(found) == 1


def test_a_bad_item_at_the_head_of_a_good_feed_stops_nothing() -> None:
    """Only what is plainly another source's is refused whole."""
    content = b'{"resultsPerPage": 2, "vulnerabilities": [{"cve": {"id": "?"}}, {"cve": {"id": "CVE-2026-1001"}}]}'

    bad, good = reader(Source.NVD)(Document("x", content))

    assert isinstance(bad, Refused)
    assert "is no CVE id: '?'" in bad.why
    assert isinstance(good, Record)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"[1]", b'{"vulnerabilities": 7}', b"\xff", b"PK\x03\x04"]
)
@pytest.mark.parametrize("source", Source)
def test_what_looks_like_nothing_is_left_to_the_reader(source: Source, content: bytes) -> None:
    """No guess, no crash: at most the reader's own refusal."""
    assert not any(
        "looks like" in item.why for item in reader(source)(Document("x", content)) if isinstance(item, Refused)
    )
