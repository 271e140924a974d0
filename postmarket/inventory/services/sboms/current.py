"""What a version is made of now: the newest SBOM that was read and is used."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from postmarket.inventory import bulk
from postmarket.inventory.models import Component, Sbom
from postmarket.inventory.services.listings import ListingChange, rebuild_listings
from postmarket.inventory.services.sboms import identities
from postmarket.inventory.services.sboms.texts import plain
from postmarket.inventory.words import SbomState
from postmarket.records import evidence
from postmarket.records.trail import Act
from postmarket.sbom.interface import Bom
from postmarket.sbom.interface import Component as Listed
from postmarket.worklist.assemble import listed

SUBJECT_POSITION = -1
COLUMNS = (
    "version",
    "sbom",
    "added_at",
    "identity",
    "position",
    "ref",
    "parent",
    "name",
    "version_text",
    "supplier",
    "purl",
    "kind",
    "component_class",
    "support_level",
    "end_of_support",
    "note",
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What an SBOM lists, made ready before anything is locked."""

    rows: list[tuple[object, ...]]
    identities: identities.Prepared


@dataclass(frozen=True, slots=True)
class Used:
    """What came of using an SBOM: how much came, went or plays another role, and the SHA-256 of the list kept of it."""

    counts: dict[str, int]
    changes_sha256: str


def contents(bom: Bom) -> Contents:
    """What it lists."""
    components = listed(bom)
    rows = [
        _row(item, SUBJECT_POSITION if item is bom.subject else position) for position, item in enumerate(components)
    ]
    return Contents(rows, identities.prepare(components))


def take_place(doing: Act, sbom: Sbom, lists: Contents, *, now: datetime) -> Used:
    """
    Put what an SBOM lists into the inventory from `now` on, and make it the current one unless a later one is.

    Call it with the version's row locked.
    """
    kept = identities.keep(lists.identities)
    of_sbom = (sbom.version_id, sbom.pk, now)
    bulk.insert(
        Component, COLUMNS, ((*of_sbom, identity, *row) for identity, row in zip(kept, lists.rows, strict=True))
    )
    change = rebuild_listings([sbom.version], now=now)[sbom.version_id] if _make_current(sbom) else ListingChange()
    changes = json.dumps(
        {"added": change.added, "removed": change.removed, "role_changed": change.role_changed}, indent=1
    ).encode()
    row = evidence.keep(
        doing, changes, media_type="application/json", source="what reading an SBOM changed in its version", about=sbom
    )
    counts = {
        "identities": len(set(kept)),
        "added": len(change.added),
        "removed": len(change.removed),
        "role_changed": len(change.role_changed),
    }
    return Used(counts, row.sha256)


def set_older_aside(sbom: Sbom) -> list[str]:
    """A newer one came: those that were held before it wait for nobody any more. Their keys."""
    older = Sbom.objects.filter(version=sbom.version_id, state=SbomState.HELD.value, pk__lt=sbom.pk)
    keys = [str(pk) for pk in older.order_by("pk").values_list("pk", flat=True)]
    older.update(state=SbomState.SET_ASIDE.value)
    return keys


def is_newest(sbom: Sbom) -> bool:
    """Whether no later one of its version could be read already."""
    newest = Sbom.objects.filter(version=sbom.version_id, state=SbomState.READ.value).exclude(pk=sbom.pk).first()
    return newest is None or (newest.received_at, newest.pk) < (sbom.received_at, sbom.pk)


def _make_current(sbom: Sbom) -> bool:
    """Make it the version's current one unless a later one could be read already; whether it is now."""
    if not is_newest(sbom):
        return False
    Sbom.objects.filter(version=sbom.version_id, is_current=True).exclude(pk=sbom.pk).update(is_current=False)
    sbom.is_current = True
    sbom.save(update_fields=["is_current"])
    return True


def _row(item: Listed, position: int) -> tuple[object, ...]:
    """What COLUMNS has of the component itself."""
    return (
        position,
        plain(item.ref),
        plain(item.parent),
        plain(item.name),
        plain(item.version),
        plain(item.supplier),
        plain(item.purl),
        plain(item.kind)[: identities.LONGEST_KIND],
        item.component_class.value,
        item.support_level.value,
        date.fromisoformat(item.end_of_support) if item.end_of_support else None,
        "",
    )
