"""What the trail keeps of our rows: whole."""

from __future__ import annotations

from datetime import datetime

from postmarket.monitoring.models import Decision, Finding, VersionDecision
from postmarket.records.interface import Snapshot, instant


def decision_snapshot(decision: Decision) -> Snapshot:
    """An answer and what it rests on."""
    return {
        "vulnerability": decision.vulnerability,
        "component": decision.identity.key,
        "made_for": str(decision.made_for_id),
        "status": decision.status,
        "justification": decision.justification,
        "rationale": decision.rationale,
        "action": decision.action,
        "premises": list(decision.premises),
        "policy": decision.policy,
        "made_by": str(decision.made_by_id),
        "made_at": instant(decision.made_at),
    }


def version_decision_snapshot(row: VersionDecision) -> Snapshot:
    """A decision for one device version."""
    return {
        "decision": str(row.decision_id),
        "version": str(row.version_id),
        "state": row.state,
        "grounds": {name: str(value) for name, value in row.grounds.items()},
        "proposed_at": instant(row.proposed_at),
        "signature": None if row.signature_id is None else str(row.signature_id),
        "signed_at": _when(row.signed_at),
        "reopened_at": _when(row.reopened_at),
        "reopened_because": list(row.reopened_because),
    }


def finding_snapshot(finding: Finding) -> Snapshot:
    """A finding with state."""
    return {
        "version": str(finding.version_id),
        "vulnerability": finding.vulnerability,
        "status": finding.status,
        "inherited_from": None if finding.inherited_from_id is None else str(finding.inherited_from_id),
        "reopened_because": list(finding.reopened_because),
    }


def _when(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
