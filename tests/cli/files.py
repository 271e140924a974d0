"""Files a person would have: SBOMs, feeds, VEX."""

from __future__ import annotations

import json
from pathlib import Path

from tests.builders import component, cpe, cyclonedx, kev_catalogue
from tests.builders import kev as kev_entry

CVE = "CVE-2026-1001"
"""What the vulnerable zlib has."""
ESCAPE = "\x1b[2J\x1b]0;owned\x07"
"""Clears a terminal and renames its window."""
CRITICAL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
ZLIB = component("zlib", "1.2.11", cpes=(cpe("a:zlib:zlib", "1.2.11"),))
BLOB = component("Touch controller firmware", "7")
VENTILATOR = component("Ventilator", "5.1", supplier="Corvid")
SBOM = cyclonedx(ZLIB, BLOB, subject=VENTILATOR)
"""A ventilator with a vulnerable zlib and something nobody knows."""

PORTFOLIO = """\
devices:
  - name: Ventilator
    versions: [{version: "5.1", sbom: one.json, shipped: true, units: 12}]
"""
"""That ventilator in an inventory, with its SBOM beside the file."""


def put(path: Path, content: bytes | str) -> Path:
    """Write a file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def nvd(*cves: dict[str, object]) -> bytes:
    """A page of NVD's API 2.0."""
    return json.dumps(
        {
            "resultsPerPage": len(cves),
            "startIndex": 0,
            "totalResults": len(cves),
            "format": "NVD_CVE",
            "version": "2.0",
            "timestamp": "2026-11-20T00:00:00.000",
            "vulnerabilities": [{"cve": cve} for cve in cves],
        }
    ).encode()


def zlib_cve(
    name: str, *, below: str = "1.2.12", product: str = "zlib:zlib", vector: str = CRITICAL, score: float = 9.8
) -> dict[str, object]:
    """A vulnerability of one product below a version."""
    leaf = {"vulnerable": True, "criteria": f"cpe:2.3:a:{product}:*:*:*:*:*:*:*:*", "versionEndExcluding": below}
    metric = {
        "source": "nvd@nist.gov",
        "type": "Primary",
        "cvssData": {"version": "3.1", "vectorString": vector, "baseScore": score},
    }
    return {
        "id": name,
        "published": "2026-01-01T00:00:00.000",
        "lastModified": "2026-11-02T00:00:00.000",
        "vulnStatus": "Analyzed",
        "descriptions": [{"lang": "en", "value": "A test."}],
        "metrics": {"cvssMetricV31": [metric]},
        "configurations": [{"nodes": [{"operator": "OR", "negate": False, "cpeMatch": [leaf]}]}],
        "references": [],
    }


def kev(*cves: str, added: str = "2026-11-10") -> bytes:
    """CISA's catalogue with some entries."""
    return kev_catalogue(*(kev_entry(cve, added=added) for cve in cves))


def openvex(cve: str, *, product: str) -> bytes:
    """A supplier's OpenVEX that says a product is not affected."""
    return json.dumps(
        {
            "@context": "https://openvex.dev/ns/v0.2.0",
            "@id": "https://example.org/vex/1",
            "author": "Norrlake",
            "timestamp": "2026-11-01T00:00:00Z",
            "version": 1,
            "statements": [
                {
                    "vulnerability": {"name": cve},
                    "products": [{"@id": "p", "identifiers": {"cpe23": product}}],
                    "status": "not_affected",
                    "justification": "vulnerable_code_not_present",
                }
            ],
        }
    ).encode()
