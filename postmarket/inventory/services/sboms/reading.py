"""Reading a kept SBOM: what it lists becomes components and identities; the newest readable one is current."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
import zstandard
from django.db import transaction

from postmarket.inventory import bulk
from postmarket.inventory.errors import WrongSbom
from postmarket.inventory.models import Component, DeviceVersion, Sbom, SbomQuality
from postmarket.inventory.models.device import LONGEST_NAME
from postmarket.inventory.queries.currency import held_back_of
from postmarket.inventory.services.sboms import identities
from postmarket.inventory.services.sboms.current import counts, take_place
from postmarket.inventory.services.sboms.parsing import bom_in
from postmarket.inventory.services.sboms.snapshots import sbom_snapshot
from postmarket.inventory.services.sboms.texts import plain
from postmarket.inventory.words import SbomState
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
class _Read:
    """All that takes time, done before anything is locked."""

    bom: Bom
    content: bytes
    rows: list[tuple[object, ...]]
    identities: identities.Prepared
    qualities: list[dict[str, Any]]


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
        found: _Read | str = _read(bom_in(sbom.evidence_id, file_name=sbom.file_name))
    except (SbomError, UntrustedInput) as error:
        found = error.line()
    with within(), act(actor=READER, at=now, why=WHY) as doing:
        # The version's row is the lock: its SBOMs are read one after the other, in whatever order they are done.
        DeviceVersion.objects.select_for_update(of=("self",)).get(pk=sbom.version_id)
        sbom = Sbom.objects.select_related("version__device").get(pk=sbom_id)
        if sbom.state != SbomState.RECEIVED.value:
            return sbom
        if isinstance(found, str):
            _refuse(doing, sbom, found, now=now)
        else:
            _store(doing, sbom, found, now=now)
    return sbom


def _read(bom: Bom) -> _Read:
    components = listed(bom)
    return _Read(
        bom=bom,
        content=zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(bom)),
        rows=[
            _row(item, SUBJECT_POSITION if item is bom.subject else position)
            for position, item in enumerate(components)
        ],
        identities=identities.prepare(components),
        qualities=list(_qualities(bom)),
    )


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


def _store(doing: Act, sbom: Sbom, read_: _Read, *, now: datetime) -> None:
    kept = identities.keep(read_.identities)
    _describe(sbom, read_, now=now)
    sbom.save()
    of_sbom = (sbom.version_id, sbom.pk, now)
    bulk.insert(
        Component,
        COLUMNS,
        ((*of_sbom, identity, *row) for identity, row in zip(kept, read_.rows, strict=True)),
    )
    SbomQuality.objects.bulk_create(SbomQuality(sbom=sbom, **one) for one in read_.qualities)
    found = {"components": len(read_.rows), "identities": len(set(kept)), "warnings": len(read_.bom.warnings)}
    if sbom.waits:
        doing.note("sbom.held", subject=sbom, detail={"sbom": sbom_snapshot(sbom), "counts": found})
        return
    change, sha256 = take_place(doing, sbom, now=now)
    doing.note_run(
        "sbom.read",
        subject=sbom,
        counts=found | counts(change),
        changes_sha256=sha256,
        detail={"sbom": sbom_snapshot(sbom)},
    )


def _describe(sbom: Sbom, read_: _Read, *, now: datetime) -> None:
    bom, subject = read_.bom, read_.bom.subject
    made_on = calendar_date(bom.timestamp)
    sbom.format, sbom.spec_version = bom.format.value, plain(bom.spec_version)[:20]
    sbom.serial = plain(bom.serial)[:LONGEST_NAME]
    sbom.subject_name = plain(subject.name if subject is not None else "")
    sbom.subject_version = plain(subject.version if subject is not None else "")
    stated = subject.hashes.get(SHA256, "") if subject is not None else ""
    sbom.subject_sha256 = stated if len(stated) == 64 else ""
    sbom.made_on = date.fromisoformat(made_on) if made_on else None
    sbom.component_count = len(read_.rows)
    sbom.content = read_.content
    sbom.held_why, sbom.read_at = held_back_of(sbom), now
    sbom.state = SbomState.HELD.value if sbom.held_why else SbomState.READ.value


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


def _qualities(bom: Bom) -> Iterator[dict[str, Any]]:
    for name in PROFILE_NAMES:
        report = check(bom, load_profile(name))
        yield {
            "profile": name,
            "score": report.score,
            "errors": report.errors,
            "warnings": report.warnings,
            "unpinned": len(report.unpinned),
            "rules": {one.rule.id: [one.passed, one.failed] for one in report.results},
        }
