"""Reading a kept SBOM: what it lists becomes components and identities; the newest readable one is current."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import msgspec
import zstandard
from django.db import transaction

from postmarket.inventory.errors import WrongSbom
from postmarket.inventory.models import Component, ComponentIdentity, DeviceVersion, Sbom, SbomQuality
from postmarket.inventory.models.device import LONGEST_NAME
from postmarket.inventory.services.listings import ListingChange, rebuild_listings
from postmarket.inventory.services.sboms import identities
from postmarket.inventory.services.sboms.parsing import bom_in
from postmarket.inventory.services.sboms.snapshots import sbom_snapshot
from postmarket.inventory.services.sboms.texts import plain
from postmarket.inventory.words import SbomState
from postmarket.records import evidence
from postmarket.records.interface import Actor, ActorKind
from postmarket.records.trail import Act, act
from postmarket.sbom.errors import SbomError
from postmarket.sbom.interface import Bom
from postmarket.sbom.interface import Component as Listed
from postmarket.sbom.profiles import PROFILE_NAMES, load_profile
from postmarket.sbom.quality import check
from postmarket.sbom.values import calendar_date
from postmarket.untrusted.errors import UntrustedInput
from postmarket.worklist.assemble import listed

READER = Actor("sbom-reader", "SBOM reader", ActorKind.MACHINE)
WHY = "An SBOM that came in is read."
SUBJECT_POSITION = -1
SHA256 = "SHA-256"


def read_received(
    sbom_id: int, *, now: datetime, within: Callable[[], AbstractContextManager[None]] = transaction.atomic
) -> Sbom:
    """
    Read the SBOM of this id; one that was read or refused already stays as it is.

    Everything it changes is written in one transaction, which `within` opens: a task gives the one that finishes it.
    What cannot be read is refused with its reason, and the version's current SBOM stays. Raises WrongSbom for an id
    that is not there, and OSError when the kept bytes are not.
    """
    sbom = Sbom.objects.select_related("version__device").filter(pk=sbom_id).first()
    if sbom is None:
        raise WrongSbom(f"There is no SBOM {sbom_id}", next_step="Upload it again.")
    if sbom.state != SbomState.RECEIVED.value:
        with within():
            return sbom
    try:
        bom = bom_in(sbom.evidence_id, file_name=sbom.file_name)
    except (SbomError, UntrustedInput) as error:
        bom, refused = None, error.line()
    with within(), act(actor=READER, at=now, why=WHY) as doing:
        # The version's row is the lock: its SBOMs are read one after the other, in whatever order they are done.
        DeviceVersion.objects.select_for_update(of=("self",)).get(pk=sbom.version_id)
        sbom = Sbom.objects.select_related("version__device").get(pk=sbom_id)
        if sbom.state != SbomState.RECEIVED.value:
            return sbom
        if bom is None:
            _refuse(doing, sbom, refused, now=now)
        else:
            _store(doing, sbom, bom, now=now)
    return sbom


def unpack(sbom: Sbom) -> Bom:
    """What was read in it. Raises WrongSbom when nothing was."""
    if sbom.content is None:
        raise WrongSbom(
            f"{sbom.file_name} has not been read", why=sbom.refused_why, next_step="Wait, or upload it anew."
        )
    packed = zstandard.ZstdDecompressor().decompress(bytes(sbom.content))
    return msgspec.msgpack.decode(packed, type=Bom)


def _refuse(doing: Act, sbom: Sbom, why: str, *, now: datetime) -> None:
    before = sbom_snapshot(sbom)
    sbom.state, sbom.refused_why, sbom.read_at = SbomState.REFUSED.value, plain(why), now
    sbom.save(update_fields=["state", "refused_why", "read_at"])
    doing.note("sbom.refused", subject=sbom, before=before, after=sbom_snapshot(sbom))


def _store(doing: Act, sbom: Sbom, bom: Bom, *, now: datetime) -> None:
    components = listed(bom)
    kept = identities.keep(components)
    _describe(sbom, bom, count=len(components), now=now)
    sbom.save()
    Component.objects.bulk_create(
        _row(sbom, item, identity, SUBJECT_POSITION if item is bom.subject else position, now=now)
        for position, (item, identity) in enumerate(zip(components, kept, strict=True))
    )
    SbomQuality.objects.bulk_create(_qualities(sbom, bom))
    change = ListingChange()
    if _make_current(sbom):
        change = rebuild_listings([sbom.version], now=now)[sbom.version_id]
    changes = json.dumps(
        {"added": change.added, "removed": change.removed, "role_changed": change.role_changed}, indent=1
    ).encode()
    row = evidence.keep(
        doing, changes, media_type="application/json", source="what reading an SBOM changed in its version", about=sbom
    )
    doing.note_run(
        "sbom.read",
        subject=sbom,
        counts={
            "components": len(components),
            "identities": len({identity.pk for identity in kept}),
            "warnings": len(bom.warnings),
            "added": len(change.added),
            "removed": len(change.removed),
            "role_changed": len(change.role_changed),
        },
        changes_sha256=row.sha256,
        detail={"sbom": sbom_snapshot(sbom)},
    )


def _describe(sbom: Sbom, bom: Bom, *, count: int, now: datetime) -> None:
    subject = bom.subject
    made_on = calendar_date(bom.timestamp)
    sbom.state, sbom.read_at = SbomState.READ.value, now
    sbom.format, sbom.spec_version = bom.format.value, plain(bom.spec_version)[:20]
    sbom.serial = plain(bom.serial)[:LONGEST_NAME]
    sbom.subject_name = plain(subject.name if subject is not None else "")
    sbom.subject_version = plain(subject.version if subject is not None else "")
    stated = subject.hashes.get(SHA256, "") if subject is not None else ""
    sbom.subject_sha256 = stated if len(stated) == 64 else ""
    sbom.made_on = date.fromisoformat(made_on) if made_on else None
    sbom.component_count = count
    sbom.content = zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(bom))


def _row(sbom: Sbom, item: Listed, identity: ComponentIdentity, position: int, *, now: datetime) -> Component:
    return Component(
        version_id=sbom.version_id,
        sbom=sbom,
        identity=identity,
        position=position,
        ref=plain(item.ref),
        parent=plain(item.parent),
        name=plain(item.name),
        version_text=plain(item.version),
        supplier=plain(item.supplier),
        purl=plain(item.purl),
        kind=plain(item.kind)[:60],
        component_class=item.component_class.value,
        support_level=item.support_level.value,
        end_of_support=date.fromisoformat(item.end_of_support) if item.end_of_support else None,
        added_at=now,
    )


def _qualities(sbom: Sbom, bom: Bom) -> list[SbomQuality]:
    reports = [check(bom, load_profile(name)) for name in PROFILE_NAMES]
    return [
        SbomQuality(
            sbom=sbom,
            profile=report.profile.name,
            score=report.score,
            errors=report.errors,
            warnings=report.warnings,
            unpinned=len(report.unpinned),
            rules={one.rule.id: [one.passed, one.failed] for one in report.results},
        )
        for report in reports
    ]


def _make_current(sbom: Sbom) -> bool:
    """Make it the version's current one unless a later one could be read already; whether it is now."""
    others = Sbom.objects.filter(version=sbom.version_id, is_current=True).exclude(pk=sbom.pk)
    newest = Sbom.objects.filter(version=sbom.version_id, state=SbomState.READ.value).first()
    if newest is None or newest.pk != sbom.pk:
        return False
    others.update(is_current=False)
    sbom.is_current = True
    sbom.save(update_fields=["is_current"])
    return True
