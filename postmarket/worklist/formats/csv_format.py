"""The worklist for a spreadsheet: a line for each row, each device version and each component nobody watches."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from postmarket.matching.interface import Coverage
from postmarket.worklist.formats.encoding import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.worklist.formats.values import FlatComponent, FlatDevice, FlatRow, FlatWorklist

COLUMNS = (
    "record", "priority", "priority_name", "lane", "state", "device", "device_version", "criticality", "component",
    "component_version", "supplier", "purl", "clinical_role", "vulnerability", "aliases", "summary", "weaknesses",
    "link", "grade", "matched_by", "identifier", "range", "source", "confidence", "notes", "score", "severity", "cvss",
    "vector", "kev_added", "epss", "ssvc_exploitation", "ssvc_automatable", "ssvc_technical_impact", "exploitability",
    "priority_reason", "priority_rule", "mitigate_target", "mitigate_by", "patch_target", "patch_limit",
    "mitigate_overdue_days", "patch_overdue_days", "timeline_words", "response_active", "response_suspected", "fixed",
    "next_step", "components", "matched", "matched_none", "unmatched", "not_monitorable", "monitored_percent", "unseen",
    "sbom", "scanned_at", "aware", "aware_basis", "policy", "data_as_of", "never_loaded",
)  # fmt: skip
UNSAFE_STARTS = ("=", "+", "-", "@", "\t", "\r")
UNSEEN = frozenset({Coverage.UNMATCHED.value, Coverage.NOT_MONITORABLE.value})


def write_csv(worklist: FlatWorklist) -> bytes:
    """
    UTF-8 CSV with a header (RFC 4180). No cell can be taken for a formula by a spreadsheet.

    `record` says what a line is: a `row`, a `device` version with its coverage, or a `component` of it that is
    unmatched or not monitorable (its `state`).
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    scan = _scan(worklist)
    for line in _lines(worklist):
        told = line | scan
        writer.writerow([safe(told.get(column)) for column in COLUMNS])
    return stream.getvalue().encode("utf-8", "backslashreplace")


def safe(value: object) -> str:
    """`value` as a cell: text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(UNSAFE_STARTS) else text


def _lines(worklist: FlatWorklist) -> Iterator[dict[str, object]]:
    for row in worklist.rows:
        yield _row(row) | {"sbom": worklist.devices[row.device_index].sbom}
    for device in worklist.devices:
        yield _device(device)
        yield from _unseen(device)


def _scan(worklist: FlatWorklist) -> dict[str, object]:
    """What holds for the whole scan, on every line."""
    return {
        "scanned_at": said(worklist.scanned_at),
        "aware": said(worklist.aware),
        "aware_basis": worklist.aware_basis,
        "policy": worklist.policy,
        "data_as_of": "; ".join(f"{source} {when}" for source, when in worklist.data_as_of.items()),
        "never_loaded": " ".join(worklist.never_loaded),
    }


def _row(row: FlatRow) -> dict[str, object]:
    first = row.reasons[0] if row.reasons else None
    item, score, dates = row.vulnerability, row.score, row.timeline
    return {
        "record": "row",
        "priority": row.priority,
        "priority_name": row.priority_name,
        "lane": row.lane,
        "state": row.state,
        "device": row.device,
        "device_version": row.device_version,
        "criticality": row.criticality,
        **_component(row.component),
        "clinical_role": row.clinical_role,
        "vulnerability": item.id,
        "aliases": " ".join(item.aliases),
        "summary": item.summary,
        "weaknesses": " ".join(item.weaknesses),
        "link": item.link,
        "grade": row.grade,
        "matched_by": first.rung if first else "",
        "identifier": first.identifier if first else "",
        "range": first.range if first else "",
        "source": first.source if first else "",
        "confidence": first.confidence if first else "",
        "notes": "; ".join(dict.fromkeys(note for reason in row.reasons for note in reason.notes)),
        "score": score.value,
        "severity": score.severity,
        "cvss": f"{score.nomenclature} {score.version}".strip(),
        "vector": score.vector,
        "kev_added": item.kev_added,
        "epss": item.epss,
        "ssvc_exploitation": item.ssvc_exploitation,
        "ssvc_automatable": item.ssvc_automatable,
        "ssvc_technical_impact": item.ssvc_technical_impact,
        "exploitability": row.exploitability,
        "priority_reason": row.priority_reason,
        "priority_rule": row.priority_rule,
        "mitigate_target": said(dates.mitigate_target),
        "mitigate_by": said(dates.mitigate_by),
        "patch_target": said(dates.patch_target),
        "patch_limit": said(dates.patch_limit),
        "mitigate_overdue_days": dates.mitigate_overdue_days,
        "patch_overdue_days": dates.patch_overdue_days,
        "timeline_words": dates.words,
        "response_active": row.response_active,
        "response_suspected": row.response_suspected,
        "fixed": row.fixed,
        "next_step": row.next_step,
    }


def _device(device: FlatDevice) -> dict[str, object]:
    return {
        "record": "device",
        "device": device.device,
        "device_version": device.version,
        "criticality": device.criticality,
        "notes": device.criticality_note,
        "components": device.components,
        "matched": device.matched,
        "matched_none": device.matched_none,
        "unmatched": device.unmatched,
        "not_monitorable": device.not_monitorable,
        "monitored_percent": device.monitored_percent,
        "unseen": "; ".join(f"{cause} ({number})" for cause, number in device.unseen.items()),
        "sbom": device.sbom,
    }


def _unseen(device: FlatDevice) -> Iterator[dict[str, object]]:
    for item in device.coverage:
        if item.state in UNSEEN:
            yield {
                "record": "component",
                "state": item.state,
                "device": device.device,
                "device_version": device.version,
                "criticality": device.criticality,
                **_component(item.component),
                "notes": item.why,
                "next_step": item.next_step,
                "sbom": device.sbom,
            }


def _component(component: FlatComponent) -> dict[str, object]:
    return {
        "component": component.name,
        "component_version": component.version,
        "supplier": component.supplier,
        "purl": component.purl,
    }
