"""What versions are made of now: the current SBOM's components and those entered by hand, each identity once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet

from postmarket.inventory import bulk, hooks
from postmarket.inventory.models import Component, DeviceVersion, Listing
from postmarket.policy.interface import ClinicalRole
from postmarket.worklist.assemble import clinical_role
from postmarket.worklist.interface import RoleRule

CHUNK = 500


@dataclass(frozen=True, slots=True)
class ListingChange:
    """Keys of the identities that a version's listing gained, lost, or gave another clinical role."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    role_changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.role_changed)


def current_components(version: DeviceVersion) -> QuerySet[Component]:
    """The components of the version as it is now, in the order of its SBOM."""
    by_hand = Q(sbom=None, removed_at=None)
    return Component.objects.filter(Q(sbom__is_current=True) | by_hand, version=version)


def rebuild_listings(versions: Iterable[DeviceVersion], *, now: datetime) -> dict[int, ListingChange]:
    """
    Make the listings of these versions anew and tell the listeners; what changed, by version.

    Call it in the transaction of what changed: an SBOM, a component by hand, the clinical roles of the device.
    """
    changes = {version.pk: _rebuild(version) for version in versions}
    hooks.listing_changed([pk for pk, change in changes.items() if change], now=now)
    return changes


def _rebuild(version: DeviceVersion) -> ListingChange:
    wanted = _wanted(version)
    rows = {row.identity_id: row for row in Listing.objects.filter(version=version).select_related("identity")}
    gone = [row for identity, row in rows.items() if identity not in wanted]
    turned = [row for identity, row in rows.items() if identity in wanted and _said(row) != wanted[identity][1:]]
    new = [(identity, *said) for identity, said in wanted.items() if identity not in rows]
    for start in range(0, len(gone), CHUNK):
        Listing.objects.filter(pk__in=[row.pk for row in gone[start : start + CHUNK]]).delete()
    for row in turned:
        _, row.role, row.role_why = wanted[row.identity_id]
    Listing.objects.bulk_update(turned, ["role", "role_why"], batch_size=CHUNK)
    bulk.insert(
        Listing,
        ("version", "identity", "role", "role_why"),
        ((version.pk, identity, role, why) for identity, _, role, why in new),
    )
    return ListingChange(
        added=tuple(sorted(key for _, key, _, _ in new)),
        removed=tuple(sorted(row.identity.key for row in gone)),
        role_changed=tuple(sorted(row.identity.key for row in turned)),
    )


def _wanted(version: DeviceVersion) -> dict[int, tuple[str, str, str]]:
    """Key, role and its reason by identity; of components that share one, the first with a known role speaks."""
    rules = msgspec.convert(version.device.roles, tuple[RoleRule, ...])
    wanted: dict[int, tuple[str, str, str]] = {}
    components = current_components(version).values_list("identity_id", "identity__key", "name", "purl")
    for identity, key, name, purl in components.iterator():
        if identity in wanted and wanted[identity][1] != ClinicalRole.UNKNOWN.value:
            continue
        role, why = clinical_role(name, purl, rules)
        wanted[identity] = (key, role.value, why)
    return wanted


def _said(row: Listing) -> tuple[str, str]:
    return row.role, row.role_why
