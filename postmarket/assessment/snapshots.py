"""What the trail keeps of our rows: whole."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from postmarket.records.interface import Snapshot, Value, instant

if TYPE_CHECKING:
    from postmarket.assessment.models import (
        Assessment,
        Control,
        Incident,
        IsolationApproval,
        LeadSignature,
        PathwayTemplate,
    )


def assessment_snapshot(row: Assessment) -> Snapshot:
    """One revision, with all it says."""
    return {
        "case": row.case.number,
        "version": str(row.version_id),
        "revision": row.revision,
        "state": row.state,
        "origin": None if row.origin_id is None else str(row.origin_id),
        "content": plain(row.content),
        "policy": row.policy,
        "grounds": plain(row.grounds),
        "exploitability": row.exploitability,
        "severity": row.severity,
        "determination": row.determination,
        "rule": row.rule,
        "drafted_by": str(row.drafted_by_id),
        "drafted_at": instant(row.drafted_at),
        "effective_at": _when(row.effective_at),
        "reopened_at": _when(row.reopened_at),
        "reopened_because": list(row.reopened_because),
    }


def lead_signature_snapshot(row: LeadSignature) -> Snapshot:
    """A lead's signature, and what voided it."""
    return {
        "assessment": str(row.assessment_id),
        "lead": row.lead,
        "person": str(row.person_id),
        "signature": row.signature_id,
        "signed_at": instant(row.signed_at),
        "grounds": plain(row.grounds),
        "voided_at": _when(row.voided_at),
        "voided_because": row.voided_because,
    }


def control_snapshot(row: Control) -> Snapshot:
    """A control of a device."""
    return {
        "device": str(row.device_id),
        "name": row.name,
        "kind": row.kind,
        "external_to_design": row.external_to_design,
        "withdrawn_at": _when(row.withdrawn_at),
        "withdrawn_why": row.withdrawn_why,
    }


def template_snapshot(row: PathwayTemplate) -> Snapshot:
    """One version of a device's pathway."""
    return {
        "device": str(row.device_id),
        "name": row.name,
        "number": row.number,
        "exploit_impact_pathway": plain(row.pathway),
        "made_by": str(row.made_by_id),
        "made_at": instant(row.made_at),
    }


def incident_snapshot(row: Incident) -> Snapshot:
    """An incident with its units."""
    return {
        "case": row.case.number,
        "site": str(row.site_id),
        "version": str(row.version_id),
        "units": [unit.udi for unit in row.units.all()],
        "exploitation": row.exploitation,
        "what": row.what,
        "known_at": instant(row.known_at),
        "isolation": row.isolation,
        "isolation_origin": row.isolation_origin,
        "workaround": row.workaround,
        "residual_risk": row.residual_risk,
        "planned_by": None if row.planned_by_id is None else str(row.planned_by_id),
        "planned_at": _when(row.planned_at),
        "isolated_at": _when(row.isolated_at),
        "isolated_by": row.isolated_by,
        "restored_at": _when(row.restored_at),
        "restored_how": row.restored_how,
        "ruled_out_at": _when(row.ruled_out_at),
        "ruled_out_why": row.ruled_out_why,
    }


def approval_snapshot(row: IsolationApproval) -> Snapshot:
    """A clinical lead's approval, and what voided it."""
    return {
        "incident": str(row.incident_id),
        "person": str(row.person_id),
        "signature": row.signature_id,
        "approved_at": instant(row.approved_at),
        "voided_at": _when(row.voided_at),
        "voided_because": row.voided_because,
    }


def plain(value: Any) -> Value:
    """Kept JSON as records hold it: without fractions, which are written as text."""
    match value:
        case dict():
            return {str(name): plain(one) for name, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case float():
            return repr(value)
        case None | bool() | int() | str():
            return value
        case _:
            raise TypeError(f"{type(value).__name__} is nothing that JSON holds")


def _when(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
