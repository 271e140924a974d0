"""What the trail keeps of reports: whole, but for personal data, which it knows by id and salted hash."""

from __future__ import annotations

from datetime import datetime

from postmarket.intake.models import Report
from postmarket.records.interface import Snapshot, Value, instant
from postmarket.records.models import PrivateDatum


def report_snapshot(report: Report) -> Snapshot:
    """A report; one query for its devices unless they are fetched."""
    return {
        "name": report.title,
        "kind": report.kind,
        "organisation": report.organisation,
        "reporter": _private(report.reporter),
        "text": _private(report.body),
        "vulnerability": report.vulnerability,
        "devices": sorted(str(one.pk) for one in report.devices.all()),
        "harm_reported": report.harm_reported,
        "state": report.state,
        "known_since": instant(report.known_since),
        "entered_at": instant(report.entered_at),
        "acknowledged_at": _when(report.acknowledged_at),
        "closed_why": report.closed_why,
    }


def _private(datum: PrivateDatum | None) -> dict[str, Value] | None:
    return None if datum is None else {"private": datum.pk, "sha256": datum.sha256}


def _when(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
