"""What stood at a moment: the shipped versions and what was in them, and the firm's and suppliers' word on matching."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from django.db.models import Q, QuerySet

from postmarket.documents.vex import read as read_vex
from postmarket.documents.vex.interface import Statement
from postmarket.errors import PostmarketError
from postmarket.inventory.models import Component, DeviceVersion, Sbom
from postmarket.inventory.services.sboms.parsing import bom_in
from postmarket.inventory.words import SbomState, VersionState
from postmarket.matching.interface import DeviceProfile
from postmarket.monitoring.models import RetiredCriterion, SupplierVex
from postmarket.monitoring.queries.contents import by_hand
from postmarket.monitoring.queries.explaining import NO_BOM
from postmarket.monitoring.queries.replay.kept import KeptFile
from postmarket.policy.response import device_type
from postmarket.records.queries import as_of, entries_about
from postmarket.sbom.interface import Bom
from postmarket.worklist.interface import DeviceVersion as Scanned
from postmarket.worklist.interface import RoleRule

if TYPE_CHECKING:
    from postmarket.inventory.models import Device
    from postmarket.policy.pack import Pack
    from postmarket.records.interface import Snapshot


@dataclass(frozen=True, slots=True)
class Standing:
    """
    The versions as a scan takes them, and the names of those of which no SBOM was in use.

    `missing` are SBOMs that are not kept any more or cannot be read now, `unknown` names that were asked for in vain.
    """

    devices: tuple[Scanned, ...]
    without_sbom: tuple[str, ...]
    missing: tuple[KeptFile, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What suppliers had said in VEX, and the documents that are not kept any more or cannot be read now."""

    statements: tuple[Statement, ...]
    missing: tuple[KeptFile, ...]


def standing_at(at: datetime, *, pack: Pack, named: Collection[str] = ()) -> Standing:
    """
    The versions that were shipped at `at` (UTC), each with the SBOM in use then and the components entered by hand.

    What device and version were is read from the records. `named` are the versions asked for, as they were or are
    called (`Ventorsa 5 5.1`); none: all.
    """
    devices, without, missing, called = [], [], [], set()
    for row in DeviceVersion.objects.select_related("device").order_by("device__name", "pk"):
        device, version = _was(row.device, at), _was(row, at)
        if device is None or version is None or version["state"] != VersionState.SHIPPED.value:
            continue
        name = f"{device['name']} {version['label']}"
        if named and not {name, str(row)} & set(named):
            continue
        called |= {name, str(row)}
        sbom = sbom_at(row, at)
        bom = None if sbom is None else _bom(sbom)
        if sbom is None:
            without.append(name)
        elif bom is None:
            missing.append(KeptFile(f"{name}: {sbom.file_name}", sbom.evidence_id))
        source = "" if sbom is None else sbom.file_name
        devices.append(_scanned(row, device, str(version["label"]), bom or NO_BOM, source, at=at, pack=pack))
    unknown = tuple(name for name in named if name not in called)
    return Standing(tuple(devices), tuple(without), tuple(missing), unknown)


def sbom_at(version: DeviceVersion, at: datetime) -> Sbom | None:
    """What said what a version was made of at `at`: the newest SBOM read by then, and confirmed where it was held."""
    read = Sbom.objects.filter(version=version, state=SbomState.READ.value, received_at__lte=at, read_at__lte=at)
    return next((one for one in read if not one.held_why or _used_by(one, at)), None)


def retired_at(at: datetime) -> QuerySet[RetiredCriterion]:
    """The criteria that counted as retired at `at`."""
    return RetiredCriterion.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), retired_at__lte=at)


def spoken_at(at: datetime) -> Spoken:
    """What had come from suppliers by `at` and was not withdrawn, read from the documents as they came."""
    counting = Q(withdrawn_at=None) | Q(withdrawn_at__gt=at)
    statements: list[Statement] = []
    missing = []
    for row in SupplierVex.objects.filter(counting, received_at__lte=at, refused_why="").order_by("pk"):
        file = KeptFile(row.file_name, row.evidence_id)
        content = file.content()
        try:
            statements += () if content is None else read_vex(content, name=row.file_name)
        except PostmarketError:
            content = None
        if content is None:
            missing.append(file)
    return Spoken(tuple(statements), tuple(missing))


def _was(row: Device | DeviceVersion, at: datetime) -> Snapshot | None:
    found = as_of(row, at)
    return None if found is None else found.snapshot


def _used_by(sbom: Sbom, at: datetime) -> bool:
    return entries_about(sbom).filter(kind="sbom.used", at__lte=at).exists()


def _bom(sbom: Sbom) -> Bom | None:
    """What is in it, read from the file as it came; None when that is not kept any more, or cannot be read now."""
    if KeptFile(sbom.file_name, sbom.evidence_id).content() is None:
        return None
    try:
        return bom_in(sbom.evidence_id, file_name=sbom.file_name)
    except PostmarketError:
        return None


def _scanned(
    row: DeviceVersion, device: Snapshot, label: str, bom: Bom, source: str, *, at: datetime, pack: Pack
) -> Scanned:
    kind = device_type(str(device["device_type"]), pack)
    entered = Component.objects.filter(Q(removed_at=None) | Q(removed_at__gt=at), version=row, sbom=None)
    listed = [by_hand(one)[0] for one in entered.filter(added_at__lte=at).select_related("identity").order_by("pk")]
    maker = str(device["manufacturer"]) or (bom.subject.supplier if bom.subject is not None else "")
    return Scanned(
        device=str(device["name"]),
        version=label,
        bom=msgspec.structs.replace(bom, components=(*bom.components, *listed)),
        source=source,
        criticality=kind.criticality,
        criticality_note=kind.note,
        roles=msgspec.convert(device["roles"], tuple[RoleRule, ...]),
        profile=msgspec.convert(device["profile"], DeviceProfile),
        maker=maker,
    )
