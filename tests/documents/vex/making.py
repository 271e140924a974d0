"""Small VEX documents, valid but for what a test changes."""

from __future__ import annotations

import json
from typing import Any

from postmarket.documents.vex import Statement, read

Json = dict[str, Any]


def statements(document: Json, *, name: str = "supplier.json") -> tuple[Statement, ...]:
    """What `read` makes of the document."""
    return read(json.dumps(document).encode(), name=name)


def openvex(*lines: Json, **changes: Any) -> Json:
    """An OpenVEX 0.2.0 document with these statements."""
    return {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://pumps.example/vex/7",
        "author": "Pumps Inc. PSIRT",
        "timestamp": "2024-02-01T12:00:00+02:00",
        "version": 1,
        "statements": list(lines),
        **changes,
    }


def cyclonedx(*vulnerabilities: Json, **changes: Any) -> Json:
    """A CycloneDX 1.6 document with these vulnerabilities, about an infusion pump that contains zlib."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:5f0f0da9-c03d-47d8-b38d-009e6df67094",
        "version": 1,
        "metadata": {
            "timestamp": "2024-02-01T10:00:00Z",
            "supplier": {"name": "Pumps Inc."},
            "component": {"type": "device", "bom-ref": "pump", "name": "Pump", "version": "4.2"},
        },
        "components": [
            {
                "type": "library",
                "bom-ref": "zlib",
                "name": "zlib",
                "version": "1.2.11",
                "purl": "pkg:generic/zlib@1.2.11",
                "cpe": "cpe:/a:zlib:zlib:1.2.11",
                "hashes": [{"alg": "SHA-256", "content": "A" * 64}],
            }
        ],
        "vulnerabilities": list(vulnerabilities),
        **changes,
    }


def csaf(*vulnerabilities: Json, tree: Json | None = None) -> Json:
    """A CSAF 2.0 VEX document with these vulnerabilities; without `tree`, products P1 and P2 are known by name."""
    return {
        "document": {
            "category": "csaf_vex",
            "csaf_version": "2.0",
            "publisher": {"category": "vendor", "name": "Pumps Inc. PSIRT", "namespace": "https://pumps.example"},
            "title": "Pump",
            "tracking": {"id": "PUMP-2024-1", "current_release_date": "2024-02-01T10:00:00.000Z"},
        },
        "product_tree": tree
        or {"full_product_names": [{"product_id": "P1", "name": "Pump 4.2"}, {"product_id": "P2", "name": "Pump 4.3"}]},
        "vulnerabilities": list(vulnerabilities),
    }
