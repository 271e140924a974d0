"""What records keep of an SBOM."""

from __future__ import annotations

from postmarket.inventory.models import Sbom
from postmarket.records.interface import Snapshot, instant


def sbom_snapshot(sbom: Sbom) -> Snapshot:
    """Everything but what was read in it: that is kept as evidence."""
    return {
        "version": str(sbom.version_id),
        "build": None if sbom.build_id is None else str(sbom.build_id),
        "evidence": sbom.evidence_id,
        "file_name": sbom.file_name,
        "state": sbom.state,
        "is_current": sbom.is_current,
        "received_at": instant(sbom.received_at),
        "received_from": sbom.received_from,
        "refused_why": sbom.refused_why,
        "format": f"{sbom.format} {sbom.spec_version}".strip(),
        "component_count": sbom.component_count,
        "held_why": sbom.held_why,
        "confirmed": sbom.confirmed,
    }
