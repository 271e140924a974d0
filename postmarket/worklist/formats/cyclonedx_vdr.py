"""The worklist as a CycloneDX 1.6 Vulnerability Disclosure Report: every row in triage, no clinical VEX."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from postmarket.worklist.formats.flat import FlatRow, FlatScore, FlatWorklist

METHODS = {"2.0": "CVSSv2", "3.0": "CVSSv3", "3.1": "CVSSv31", "4.0": "CVSSv4"}
NAMESPACE = uuid.UUID("6f1c2f5e-0d0b-5e0f-8c57-4b6f0b7f7f10")
"""Of serial numbers: the same SBOMs, data and moment give the same document."""


def write_vdr(worklist: FlatWorklist) -> bytes:
    """
    UTF-8 CycloneDX 1.6 JSON.

    Undecided rows are `in_triage`: a scan states no clinical VEX. Components of several device versions are told
    apart by their bom-ref.
    """
    rows = [row for row in worklist.rows if row.lane == Lane.WORKLIST.value]
    components = {_ref(row): _component(row) for row in rows}
    by_vulnerability: dict[str, list[FlatRow]] = defaultdict(list)
    for row in rows:
        by_vulnerability[row.vulnerability.id].append(row)
    name = "|".join(f"{device.sbom_sha256}" for device in worklist.devices) + worklist.aware.isoformat()
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}",
        "version": 1,
        "metadata": {
            "timestamp": worklist.aware.isoformat().replace("+00:00", "Z"),
            "tools": {"components": [{"type": "application", "name": worklist.tool, "version": worklist.tool_version}]},
        },
        "components": list(components.values()),
        "vulnerabilities": [_vulnerability(name, found) for name, found in by_vulnerability.items()],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _ref(row: FlatRow) -> str:
    return f"{row.device}/{row.device_version}#{row.component.ref}"


def _component(row: FlatRow) -> dict[str, object]:
    component: dict[str, object] = {"type": "library", "bom-ref": _ref(row), "name": row.component.name}
    if row.component.version:
        component["version"] = row.component.version
    if row.component.supplier:
        component["supplier"] = {"name": row.component.supplier}
    if row.component.purl:
        component["purl"] = row.component.purl
    if row.component.cpes:
        component["cpe"] = row.component.cpes[0]
    return component


def _vulnerability(name: str, rows: list[FlatRow]) -> dict[str, object]:
    first = rows[0]
    found: dict[str, object] = {
        "bom-ref": name,
        "id": name,
        "source": {"name": "NVD" if "nvd" in first.vulnerability.sources else first.vulnerability.sources[0].upper()},
        "references": [{"id": alias, "source": {"name": "alias"}} for alias in first.vulnerability.aliases],
        "analysis": {"state": "in_triage", "detail": first.priority_reason},
        "affects": [{"ref": ref} for ref in dict.fromkeys(map(_ref, rows))],
        "properties": [
            {"name": "postmarket:priority", "value": first.priority_name},
            {"name": "postmarket:exploitability", "value": first.exploitability},
            {"name": "cdx:fda:kev-listed", "value": "true" if first.vulnerability.kev_added else "false"},
        ],
    }
    if first.score.value is not None:
        found["ratings"] = [_rating(first.score)]
    if first.fixed:
        found["recommendation"] = f"Fixed in {first.fixed}."
    return found


def _rating(score: FlatScore) -> dict[str, object]:
    rating: dict[str, object] = {"score": score.value, "severity": score.severity}
    if score.version in METHODS:
        rating["method"] = METHODS[score.version]
    if score.vector:
        rating["vector"] = score.vector
    if score.by:
        rating["source"] = {"name": score.by}
    return rating
