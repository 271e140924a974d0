"""What the trail keeps of devices, versions, units, suppliers, determinations and proposals: whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from postmarket.records.interface import Snapshot, instant

if TYPE_CHECKING:
    from postmarket.inventory.models import (
        Build,
        Customer,
        Determination,
        Device,
        DeviceProposal,
        DeviceVersion,
        FieldedUnits,
        Supplier,
    )


def device_snapshot(device: Device) -> Snapshot:
    """A device with its UDI-DIs; two queries unless they are fetched."""
    return {
        "name": device.name,
        "line": None if device.line is None else device.line.key,
        "manufacturer": device.manufacturer,
        "model_numbers": list(device.model_numbers),
        "udi_dis": [{"di": one.di, "agency": one.agency, "note": one.note} for one in device.udi_dis.all()],
        "product_code": device.product_code,
        "device_class": device.device_class,
        "submission_type": device.submission_type,
        "submission_number": device.submission_number,
        "submission_date": _day(device.submission_date),
        "device_type": device.device_type,
        "intended_use": device.intended_use,
        "essential_performance": device.essential_performance,
        "markets": list(device.markets),
        "support_stage": device.support_stage,
        "end_of_support": _day(device.end_of_support),
        "roles": list(device.roles),
        "profile": dict(device.profile),
    }


def version_snapshot(version: DeviceVersion) -> Snapshot:
    """A version of a device."""
    return {
        "device": str(version.device_id),
        "label": version.label,
        "state": version.state,
        "released_on": _day(version.released_on),
        "support_stage": version.support_stage,
        "end_of_support": _day(version.end_of_support),
        "shipped_at": _when(version.shipped_at),
        "shipped_by": None if version.shipped_by_id is None else str(version.shipped_by_id),
    }


def build_snapshot(build: Build) -> Snapshot:
    """A build of a version."""
    return {
        "version": str(build.version_id),
        "label": build.label,
        "built_at": instant(build.built_at),
        "sha256": build.sha256,
    }


def customer_snapshot(customer: Customer) -> Snapshot:
    """A customer."""
    return {"name": customer.name, "country": customer.country}


def units_snapshot(fielded: FieldedUnits) -> Snapshot:
    """A count of units."""
    return {
        "version": str(fielded.version_id),
        "customer": None if fielded.customer_id is None else str(fielded.customer_id),
        "units": fielded.units,
        "counted_on": fielded.counted_on.isoformat(),
    }


def supplier_snapshot(supplier: Supplier) -> Snapshot:
    """A supplier with the names SBOMs give it."""
    return {
        "name": supplier.name,
        "security_contact": supplier.security_contact,
        "response_terms": supplier.response_terms,
        "risk_reviewed_on": _day(supplier.risk_reviewed_on),
        "notes": supplier.notes,
        "names": sorted(one.folded for one in supplier.names.all()),
    }


def determination_snapshot(determination: Determination) -> Snapshot:
    """A determination, signed or not."""
    return {
        "device": str(determination.device_id),
        "software": determination.software,
        "internet": determination.internet,
        "vulnerable": determination.vulnerable,
        "features": list(determination.features),
        "exemption": determination.exemption,
        "rationale": determination.rationale,
        "answers": dict(determination.answers),
        "basis": dict(determination.basis),
        "drafted_by": str(determination.drafted_by_id),
        "drafted_at": instant(determination.drafted_at),
        "signature": determination.signature_id,
        "signed_at": _when(determination.signed_at),
        "superseded_at": _when(determination.superseded_at),
    }


def proposal_snapshot(proposal: DeviceProposal) -> Snapshot:
    """What a machine proposed, and what became of it."""
    return {
        "device_name": proposal.device_name,
        "version_label": proposal.version_label,
        "line": None if proposal.line is None else proposal.line.key,
        "evidence": proposal.evidence_id,
        "file_name": proposal.file_name,
        "proposed_at": instant(proposal.proposed_at),
        "proposed_from": proposal.proposed_from,
        "state": proposal.state,
        "decided_by": None if proposal.decided_by_id is None else str(proposal.decided_by_id),
        "decided_at": _when(proposal.decided_at),
        "decided_why": proposal.decided_why,
        "version": None if proposal.version_id is None else str(proposal.version_id),
    }


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _when(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
