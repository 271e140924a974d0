"""The worklist as a CycloneDX 1.6 Vulnerability Disclosure Report: every row in triage, no clinical VEX."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import defaultdict
from typing import TYPE_CHECKING

from postmarket.worklist.formats.encoding import encoded, said
from postmarket.worklist.interface import Lane
from postmarket.worklist.overdue import overdue_words

if TYPE_CHECKING:
    from postmarket.worklist.formats.values import FlatDevice, FlatRow, FlatScore, FlatWorklist

METHODS = {"2.0": "CVSSv2", "3.0": "CVSSv3", "3.1": "CVSSv31", "4.0": "CVSSv4"}
_CWE = re.compile(r"CWE-[1-9][0-9]{0,8}")
NAMESPACE = uuid.UUID("6f1c2f5e-0d0b-5e0f-8c57-4b6f0b7f7f10")
"""Of serial numbers: the same content gives the same document."""


def write_vdr(worklist: FlatWorklist) -> bytes:
    """
    UTF-8 CycloneDX 1.6 JSON.

    Undecided rows are `in_triage`: a scan states no clinical VEX. Components of several SBOMs are told apart by their
    bom-ref. The serial number comes from the content: what differs anywhere is another document.
    """
    rows = [row for row in worklist.rows if row.lane == Lane.WORKLIST.value]
    components = {_ref(row): _component(row) for row in rows}
    by_vulnerability: dict[str, list[FlatRow]] = defaultdict(list)
    for row in rows:
        by_vulnerability[row.vulnerability.id].append(row)
    content = {
        "version": 1,
        "metadata": {
            "timestamp": said(worklist.scanned_at),
            "tools": {"components": [{"type": "application", "name": worklist.tool, "version": worklist.tool_version}]},
            "properties": _scan(worklist),
        },
        "components": list(components.values()),
        "vulnerabilities": [_vulnerability(name, found) for name, found in by_vulnerability.items()],
    }
    serial = uuid.uuid5(NAMESPACE, hashlib.sha256(encoded(content)).hexdigest())
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}"}
    return encoded(head | content)


def _scan(worklist: FlatWorklist) -> list[dict[str, str]]:
    """What the document stands on, and how much of each device version could be looked at."""
    data = "; ".join(f"{source} {when}" for source, when in worklist.data_as_of.items())
    return [
        _property("aware", said(worklist.aware)),
        _property("aware-basis", worklist.aware_basis),
        _property("policy", worklist.policy),
        _property("data-as-of", data),
        *([_property("never-loaded", ", ".join(worklist.never_loaded))] if worklist.never_loaded else []),
        *(_property("coverage", _coverage(device)) for device in worklist.devices),
        *(_property("refused", line) for line in worklist.refused),
    ]


def _coverage(device: FlatDevice) -> str:
    share = f"{device.monitored_percent} % monitored" if device.monitored_percent is not None else "no components"
    why = "".join(f"; {cause} ({number})" for cause, number in device.unseen.items())
    return (
        f"{device.device} {device.version} ({device.sbom}, SHA-256 {device.sbom_sha256}): {share}; "
        f"{device.components} components: "
        f"{device.matched} matched, {device.matched_none} none known, {device.unmatched} unmatched, "
        f"{device.not_monitorable} not monitorable{why}"
    )


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": f"postmarket:{name}", "value": value}


def _ref(row: FlatRow) -> str:
    return f"{row.device_index}/{row.device}/{row.device_version}#{row.component.ref}"


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
            _property("priority", first.priority_name),
            _property("exploitability", first.exploitability),
            {"name": "cdx:fda:kev-listed", "value": "true" if first.vulnerability.kev_added else "false"},
            *(_property("row", _row(row)) for row in rows),
        ],
    }
    item = first.vulnerability
    if item.summary:
        found["description"] = item.summary
    if numbers := [int(name.removeprefix("CWE-")) for name in item.weaknesses if _CWE.fullmatch(name)]:
        found["cwes"] = numbers
    if item.link:
        found["advisories"] = [{"url": item.link}]
    if first.score.value is not None:
        found["ratings"] = [_rating(first.score)]
    if first.fixed:
        found["recommendation"] = f"Fixed in {first.fixed}."
    return found


def _row(row: FlatRow) -> str:
    """One affected component: why it matched, what rule ranked it, until when, and what to do."""
    dates = row.timeline
    named = (
        ("mitigate target", dates.mitigate_target, None),
        ("mitigate by", dates.mitigate_by, dates.mitigate_overdue_days),
        ("patch target", dates.patch_target, None),
        ("patch limit", dates.patch_limit, dates.patch_overdue_days),
    )
    told = (
        f"{name} {said(moment)}" + (f" ({overdue_words(days)})" if days is not None else "")
        for name, moment, days in named
        if moment is not None
    )
    until = ", ".join(told) or dates.words
    first = row.reasons[0]
    notes = "; ".join(dict.fromkeys(note for reason in row.reasons for note in reason.notes))
    return (
        f"{_ref(row)}: {row.priority_name} by {row.priority_rule}: {row.priority_reason} "
        f"Matched by {first.rung} {first.identifier}: {first.version} in {first.range or 'every version'} "
        f"({first.source}, {row.grade}{f': {notes}' if notes else ''}). {until}. {row.next_step}"
    )


def _rating(score: FlatScore) -> dict[str, object]:
    rating: dict[str, object] = {"score": score.value, "severity": score.severity}
    if score.version in METHODS:
        rating["method"] = METHODS[score.version]
    if score.vector:
        rating["vector"] = score.vector
    if score.by:
        rating["source"] = {"name": score.by}
    return rating
