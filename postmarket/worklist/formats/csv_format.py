"""The worklist for a spreadsheet: one line a row, and one for every component that could not be monitored."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from postmarket.matching.interface import Coverage

if TYPE_CHECKING:
    from datetime import datetime

    from postmarket.worklist.formats.flat import FlatDevice, FlatRow, FlatWorklist

COLUMNS = (
    "priority", "priority_name", "lane", "state", "device", "device_version", "criticality", "component",
    "component_version", "supplier", "purl", "clinical_role", "vulnerability", "aliases", "grade", "matched_by",
    "identifier", "range", "source", "confidence", "notes", "score", "severity", "cvss", "vector", "kev_added", "epss",
    "ssvc_exploitation", "exploitability", "priority_reason", "priority_rule", "mitigate_target", "mitigate_by",
    "patch_target", "patch_limit", "timeline_words", "response_active", "response_suspected", "fixed", "next_step",
)  # fmt: skip
UNSAFE_STARTS = ("=", "+", "-", "@", "\t", "\r")
UNSEEN = frozenset({Coverage.UNMATCHED.value, Coverage.NOT_MONITORABLE.value})


def write_csv(worklist: FlatWorklist) -> bytes:
    """UTF-8 CSV with a header (RFC 4180). No cell can be taken for a formula by a spreadsheet."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for row in worklist.rows:
        writer.writerow([safe(value) for value in _row(row)])
    for device in worklist.devices:
        for line in _unseen(device):
            writer.writerow([safe(value) for value in line])
    return stream.getvalue().encode("utf-8")


def safe(value: object) -> str:
    """`value` as a cell: text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(UNSAFE_STARTS) else text


def _row(row: FlatRow) -> list[object]:
    first = row.reasons[0] if row.reasons else None
    return [
        row.priority, row.priority_name, row.lane, row.state, row.device, row.device_version, row.criticality,
        row.component.name, row.component.version, row.component.supplier, row.component.purl, row.clinical_role,
        row.vulnerability.id, " ".join(row.vulnerability.aliases), row.grade, first.rung if first else "",
        first.identifier if first else "", first.range if first else "", first.source if first else "",
        first.confidence if first else "", "; ".join(first.notes) if first else "", row.score.value,
        row.score.severity, f"{row.score.nomenclature} {row.score.version}".strip(), row.score.vector,
        row.vulnerability.kev_added, row.vulnerability.epss, row.vulnerability.ssvc_exploitation, row.exploitability,
        row.priority_reason, row.priority_rule, _date(row.timeline.mitigate_target), _date(row.timeline.mitigate_by),
        _date(row.timeline.patch_target), _date(row.timeline.patch_limit), row.timeline.words, row.response_active,
        row.response_suspected, row.fixed, row.next_step,
    ]  # fmt: skip


def _unseen(device: FlatDevice) -> list[list[object]]:
    lines = []
    for item in device.coverage:
        if item.state in UNSEEN:
            line: list[object] = [""] * len(COLUMNS)
            line[2] = item.state
            line[4:11] = [
                device.device,
                device.version,
                device.criticality,
                item.component.name,
                item.component.version,
                item.component.supplier,
                item.component.purl,
            ]
            line[COLUMNS.index("notes")] = item.why
            line[COLUMNS.index("next_step")] = item.next_step
            lines.append(line)
    return lines


def _date(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment is not None else ""
