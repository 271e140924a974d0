"""The worklist as SARIF 2.1.0 (OASIS), for code-scanning pages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote

from postmarket.worklist.formats.encoding import encoded, readable, said
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from postmarket.worklist.formats.values import FlatDevice, FlatRow, FlatWorklist

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {1: "error", 2: "error", 3: "warning", 4: "note", 5: "note"}
"""SARIF level by our priority: patient risk decides, not the CVSS score."""
UNKNOWN_SEVERITY = "10.0"
"""`security-severity` of what nothing scored: unknown is never low."""


def write_sarif(worklist: FlatWorklist) -> bytes:
    """
    UTF-8 SARIF with one run: a rule for each vulnerability, a result for each row of the worklist lane.

    Every result has kind `fail`, since §3.27.10 wants level `none` beside any other; how sure the match is stands in
    its property `grade`. What could not be looked at is a notification, so that no results never look clean.
    """
    rows = [row for row in worklist.rows if row.lane == Lane.WORKLIST.value]
    rules = list(dict.fromkeys(row.vulnerability.id for row in rows))
    first = {row.vulnerability.id: row for row in reversed(rows)}
    index = {name: place for place, name in enumerate(rules)}
    labels = Counter((device.device, device.version) for device in worklist.devices)
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
                    _result(
                        row,
                        index[row.vulnerability.id],
                        worklist.devices[row.device_index].sbom,
                        is_label_shared=labels[row.device, row.device_version] > 1,
                    )
                    for row in rows
                ],
                "invocations": [
                    {
                        "executionSuccessful": not worklist.refused,
                        "endTimeUtc": said(worklist.scanned_at),
                        "toolExecutionNotifications": [
                            *({"level": "error", "message": {"text": line}} for line in worklist.refused),
                            *(
                                {"level": "warning", "message": {"text": _unseen(device)}}
                                for device in worklist.devices
                                if device.unmatched or device.not_monitorable or not device.components
                            ),
                        ],
                    }
                ],
                "properties": {
                    "scannedAt": said(worklist.scanned_at),
                    "aware": said(worklist.aware),
                    "awareBasis": worklist.aware_basis,
                    "policy": worklist.policy,
                    "dataAsOf": worklist.data_as_of,
                    "neverLoaded": list(worklist.never_loaded),
                    "coverage": [_coverage(device) for device in worklist.devices],
                },
            }
        ],
    }
    return encoded(document)


def _coverage(device: FlatDevice) -> dict[str, object]:
    return {
        "device": device.device,
        "version": device.version,
        "sbom": device.sbom,
        "components": device.components,
        "matched": device.matched,
        "matchedNone": device.matched_none,
        "unmatched": device.unmatched,
        "notMonitorable": device.not_monitorable,
        "monitoredPercent": device.monitored_percent,
        "unseen": device.unseen,
    }


def _unseen(device: FlatDevice) -> str:
    """What stands beside the results of a device version that could not be looked at in full."""
    label = f"{device.device} {device.version}".strip()
    if not device.components:
        return f"{label}: the SBOM lists no components, so no result means nothing."
    return (
        f"{label}: of {device.components} components {device.unmatched} could not be identified and "
        f"{device.not_monitorable} are covered by no loaded source ({device.monitored_percent} % monitored); "
        f"no result for them means nothing."
    )


def _rule(row: FlatRow) -> dict[str, object]:
    score = f"{row.score.value:.1f}" if row.score.value is not None else UNKNOWN_SEVERITY
    item = row.vulnerability
    short = f"{item.id} in {row.component.name}"
    rule: dict[str, object] = {
        "id": item.id,
        "shortDescription": {"text": short},
        "fullDescription": {"text": item.summary or short},
        "properties": {
            "security-severity": score,
            "tags": ["security", row.score.severity, *(f"external/cwe/{name.lower()}" for name in item.weaknesses)],
        },
    }
    return rule | ({"helpUri": item.link} if item.link else {})


def _result(row: FlatRow, rule: int, sbom: str, *, is_label_shared: bool) -> dict[str, object]:
    item, component = row.vulnerability, row.component
    text = (
        f"{row.device} {row.device_version}: {row.vulnerability.id} in {row.component.name} {row.component.version}. "
        f"{item.summary + ' ' if item.summary else ''}{row.priority_reason} {row.next_step}"
    )
    return {
        "ruleId": row.vulnerability.id,
        "ruleIndex": rule,
        "level": LEVELS[row.priority],
        "kind": "fail",
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": _uri(sbom)}},
                "logicalLocations": [{"fullyQualifiedName": component.purl or component.name}],
            }
        ],
        "partialFingerprints": {"postmarket/v2": _fingerprint(row, sbom if is_label_shared else "")},
        "properties": {
            "priority": row.priority_name,
            "priorityRule": row.priority_rule,
            "grade": row.grade,
            "state": row.state,
            "score": row.score.value,
            "severity": row.score.severity,
            "vector": row.score.vector,
            "nomenclature": f"{row.score.nomenclature} {row.score.version}".strip(),
            "kevAdded": item.kev_added,
            "kevRansomware": item.kev_ransomware,
            "epss": item.epss,
            "ssvcExploitation": item.ssvc_exploitation,
            "ssvcAutomatable": item.ssvc_automatable,
            "ssvcTechnicalImpact": item.ssvc_technical_impact,
            "exploitability": row.exploitability,
            "mitigateTarget": said(row.timeline.mitigate_target),
            "mitigateBy": said(row.timeline.mitigate_by),
            "patchTarget": said(row.timeline.patch_target),
            "patchLimit": said(row.timeline.patch_limit),
            "mitigateOverdueDays": row.timeline.mitigate_overdue_days,
            "patchOverdueDays": row.timeline.patch_overdue_days,
            "timelineWords": row.timeline.words,
            "responseActive": row.response_active,
            "responseSuspected": row.response_suspected,
            "fixed": row.fixed,
            "nextStep": row.next_step,
            "matchedBy": [f"{reason.rung} {reason.identifier} {reason.range}" for reason in row.reasons],
            "notes": list(dict.fromkeys(note for reason in row.reasons for note in reason.notes)),
        },
    }


def _uri(file: str) -> str:
    """A file name as a URI reference (§3.4.3, RFC 3986)."""
    return quote(readable(file), safe="/")


def _fingerprint(row: FlatRow, sbom: str) -> str:
    """Equal for the same row of a later scan and for no other; `sbom` tells two SBOMs of one device label apart."""
    item = row.component
    parts = (row.vulnerability.id, row.device, row.device_version, sbom)
    named = (item.purl, item.supplier, item.group, item.name, item.version, *item.cpes)
    return "/".join(quote(readable(part), safe=":@") for part in (*parts, *named))
