"""The worklist as SARIF 2.1.0 (OASIS), for code-scanning pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from postmarket.worklist.formats.flat import FlatRow, FlatWorklist

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {1: "error", 2: "error", 3: "warning", 4: "note", 5: "note"}
"""SARIF level by our priority: patient risk decides, not the CVSS score."""
UNKNOWN_SEVERITY = "10.0"
"""`security-severity` of what nothing scored: unknown is never low."""


def write_sarif(worklist: FlatWorklist) -> bytes:
    """UTF-8 SARIF with one run: a rule for each vulnerability, a result for each row of the worklist lane."""
    rows = [row for row in worklist.rows if row.lane == Lane.WORKLIST.value]
    rules = list(dict.fromkeys(row.vulnerability.id for row in rows))
    first = {row.vulnerability.id: row for row in reversed(rows)}
    index = {name: place for place, name in enumerate(rules)}
    sboms = {(device.device, device.version): device.sbom for device in worklist.devices}
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": worklist.tool,
                        "version": worklist.tool_version,
                        "rules": [_rule(first[name]) for name in rules],
                    }
                },
                "results": [
                    _result(row, index[row.vulnerability.id], sboms.get((row.device, row.device_version), ""))
                    for row in rows
                ],
                "invocations": [
                    {
                        "executionSuccessful": not worklist.refused,
                        "toolExecutionNotifications": [
                            {"level": "error", "message": {"text": line}} for line in worklist.refused
                        ],
                    }
                ],
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _rule(row: FlatRow) -> dict[str, object]:
    score = f"{row.score.value:.1f}" if row.score.value is not None else UNKNOWN_SEVERITY
    return {
        "id": row.vulnerability.id,
        "shortDescription": {"text": f"{row.vulnerability.id} in {row.component.name}"},
        "helpUri": f"https://www.cve.org/CVERecord?id={row.vulnerability.id}"
        if row.vulnerability.id.startswith("CVE-")
        else f"https://osv.dev/vulnerability/{row.vulnerability.id}",
        "properties": {"security-severity": score, "tags": ["security", row.score.severity]},
    }


def _result(row: FlatRow, rule: int, sbom: str) -> dict[str, object]:
    text = (
        f"{row.device} {row.device_version}: {row.vulnerability.id} in {row.component.name} {row.component.version}. "
        f"{row.priority_reason} {row.next_step}"
    )
    return {
        "ruleId": row.vulnerability.id,
        "ruleIndex": rule,
        "level": LEVELS[row.priority],
        "kind": "review" if row.grade != "confirmed" else "fail",
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": sbom}},
                "logicalLocations": [{"fullyQualifiedName": row.component.purl or row.component.name}],
            }
        ],
        "partialFingerprints": {
            "postmarket/v1": "/".join((row.vulnerability.id, row.component.purl or row.component.name, row.device))
        },
        "properties": {
            "priority": row.priority_name,
            "exploitability": row.exploitability,
            "state": row.state,
            "matchedBy": [f"{reason.rung} {reason.identifier} {reason.range}" for reason in row.reasons],
        },
    }
