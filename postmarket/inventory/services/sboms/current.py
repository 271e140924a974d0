"""What a version is made of now: the newest SBOM that was read and is used."""

from __future__ import annotations

import json
from datetime import datetime

from postmarket.inventory.models import Sbom
from postmarket.inventory.services.listings import ListingChange, rebuild_listings
from postmarket.inventory.words import SbomState
from postmarket.records import evidence
from postmarket.records.trail import Act


def take_place(doing: Act, sbom: Sbom, *, now: datetime) -> tuple[ListingChange, str]:
    """
    Make it the version's current one unless a later one is; what that changed, and the SHA-256 of the list kept of it.

    Call it with the version's row locked.
    """
    change = rebuild_listings([sbom.version], now=now)[sbom.version_id] if _make_current(sbom) else ListingChange()
    changes = json.dumps(
        {"added": change.added, "removed": change.removed, "role_changed": change.role_changed}, indent=1
    ).encode()
    row = evidence.keep(
        doing, changes, media_type="application/json", source="what reading an SBOM changed in its version", about=sbom
    )
    return change, row.sha256


def counts(change: ListingChange) -> dict[str, int]:
    """How many components came, went, or play another role."""
    return {"added": len(change.added), "removed": len(change.removed), "role_changed": len(change.role_changed)}


def _make_current(sbom: Sbom) -> bool:
    """Make it the version's current one unless a later one could be read already; whether it is now."""
    newest = Sbom.objects.filter(version=sbom.version_id, state=SbomState.READ.value).first()
    if newest is None or newest.pk != sbom.pk:
        return False
    Sbom.objects.filter(version=sbom.version_id, is_current=True).exclude(pk=sbom.pk).update(is_current=False)
    sbom.is_current = True
    sbom.save(update_fields=["is_current"])
    return True
