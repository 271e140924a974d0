"""What stood at a moment: the shipped versions and what was in them, and the firm's and suppliers' word on matching."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from django.db.models import Q, QuerySet

from postmarket.documents.vex.interface import Statement
from postmarket.inventory.models import Component, DeviceVersion, Sbom
from postmarket.inventory.services.sboms.reading import unpack
from postmarket.inventory.words import SbomState, VersionState
from postmarket.matching.interface import DeviceProfile
from postmarket.monitoring.models import RetiredCriterion, SupplierStatement
from postmarket.monitoring.queries.contents import by_hand
from postmarket.monitoring.queries.explaining import NO_BOM
from postmarket.policy.response import device_type
from postmarket.records.queries import as_of, entries_about
from postmarket.worklist.interface import DeviceVersion as Scanned
from postmarket.worklist.interface import RoleRule

if TYPE_CHECKING:
    from postmarket.inventory.models import Device
    from postmarket.policy.pack import Pack
    from postmarket.records.interface import Snapshot

_statement = msgspec.msgpack.Decoder(Statement).decode


@dataclass(frozen=True, slots=True)
class Standing:
    """The versions as a scan takes them, and the names of those of which no SBOM was in use."""

    devices: tuple[Scanned, ...]
    without_sbom: tuple[str, ...]


def standing_at(at: datetime, *, pack: Pack, named: Collection[str] = ()) -> Standing:
    """
    The versions that were shipped at `at` (UTC), each with the SBOM in use then and the components entered by hand.

    What device and version were is read from the records. `named` are the versions asked for, as they were or are
    called (`Ventorsa 5 5.1`); none: all.
    """
    devices, without = [], []
    for row in DeviceVersion.objects.select_related("device").order_by("device__name", "pk"):
        device, version = _was(row.device, at), _was(row, at)
        if device is None or version is None or version["state"] != VersionState.SHIPPED.value:
            continue
        name = f"{device['name']} {version['label']}"
        if named and not {name, str(row)} & set(named):
            continue
        sbom = sbom_at(row, at)
        if sbom is None:
            without.append(name)
        devices.append(_scanned(row, device, str(version["label"]), sbom, at=at, pack=pack))
    return Standing(tuple(devices), tuple(without))


def sbom_at(version: DeviceVersion, at: datetime) -> Sbom | None:
    """What said what a version was made of at `at`: the newest SBOM read by then, and confirmed where it was held."""
    read = Sbom.objects.filter(version=version, state=SbomState.READ.value, received_at__lte=at, read_at__lte=at)
    return next((one for one in read if not one.held_why or _used_by(one, at)), None)


def retired_at(at: datetime) -> QuerySet[RetiredCriterion]:
    """The criteria that counted as retired at `at`."""
    return RetiredCriterion.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), retired_at__lte=at)


def statements_at(at: datetime) -> list[Statement]:
    """What suppliers had said in VEX by `at`, and not been withdrawn."""
    counting = Q(document__withdrawn_at=None) | Q(document__withdrawn_at__gt=at)
    rows = SupplierStatement.objects.filter(counting, document__received_at__lte=at)
    return [_statement(bytes(row.content)) for row in rows.order_by("document_id", "position")]


def _was(row: Device | DeviceVersion, at: datetime) -> Snapshot | None:
    found = as_of(row, at)
    return None if found is None else found.snapshot


def _used_by(sbom: Sbom, at: datetime) -> bool:
    return entries_about(sbom).filter(kind="sbom.used", at__lte=at).exists()


def _scanned(
    row: DeviceVersion, device: Snapshot, label: str, sbom: Sbom | None, *, at: datetime, pack: Pack
) -> Scanned:
    bom = NO_BOM if sbom is None else unpack(sbom)
    kind = device_type(str(device["device_type"]), pack)
    entered = Component.objects.filter(Q(removed_at=None) | Q(removed_at__gt=at), version=row, sbom=None)
    listed = [by_hand(one)[0] for one in entered.filter(added_at__lte=at).select_related("identity").order_by("pk")]
    maker = str(device["manufacturer"]) or (bom.subject.supplier if bom.subject is not None else "")
    return Scanned(
        device=str(device["name"]),
        version=label,
        bom=msgspec.structs.replace(bom, components=(*bom.components, *listed)),
        source="" if sbom is None else sbom.file_name,
        criticality=kind.criticality,
        criticality_note=kind.note,
        roles=msgspec.convert(device["roles"], tuple[RoleRule, ...]),
        profile=msgspec.convert(device["profile"], DeviceProfile),
        maker=maker,
    )
