"""A signature that no longer fits what was signed is voided: visibly, with what voided it."""

from __future__ import annotations

from datetime import datetime

from postmarket.assessment.models import Assessment, Incident, IsolationApproval, LeadSignature
from postmarket.assessment.snapshots import approval_snapshot, lead_signature_snapshot
from postmarket.records import Act


def void_signatures(assessment: Assessment, *, because: str, doing: Act, now: datetime) -> int:
    """Void what the leads have signed of a revision; how many signatures that were. Call inside an act."""
    rows = list(LeadSignature.objects.select_for_update().filter(assessment=assessment, voided_at=None))
    for row in rows:
        void_signature(row, because=because, doing=doing, now=now)
    return len(rows)


def void_signature(row: LeadSignature, *, because: str, doing: Act, now: datetime) -> None:
    """Void one lead's signature. Call inside an act."""
    before = lead_signature_snapshot(row)
    row.voided_at, row.voided_because = now, because
    row.save(update_fields=["voided_at", "voided_because"])
    doing.note("assessment.signature-voided", subject=row, before=before, after=lead_signature_snapshot(row))


def void_approval(incident: Incident, *, because: str, doing: Act, now: datetime) -> bool:
    """Void the clinical lead's approval of an isolation; whether there was one. Call inside an act."""
    rows = list(IsolationApproval.objects.select_for_update().filter(incident=incident, voided_at=None))
    for row in rows:
        before = approval_snapshot(row)
        row.voided_at, row.voided_because = now, because
        row.save(update_fields=["voided_at", "voided_because"])
        doing.note("isolation.approval-voided", subject=row, before=before, after=approval_snapshot(row))
    return bool(rows)
