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

from postmarket.inventory.errors import WrongSbom
from postmarket.inventory.models import DeviceVersion, Sbom, SbomQuality
from postmarket.inventory.models.device import LONGEST_NAME
from postmarket.inventory.queries.currency import held_back_of
from postmarket.inventory.services.sboms.current import Contents, contents, is_newest, set_older_aside, take_place
from postmarket.inventory.services.sboms.parsing import bom_in
from postmarket.inventory.services.sboms.snapshots import sbom_snapshot
from postmarket.inventory.services.sboms.texts import plain
from postmarket.inventory.words import SbomState
from postmarket.records.interface import Actor, ActorKind, Value
from postmarket.records.trail import Act, act
from postmarket.sbom.errors import SbomError
from postmarket.sbom.interface import Bom
from postmarket.sbom.profiles import PROFILE_NAMES, load_profile
from postmarket.sbom.quality import check
from postmarket.sbom.values import calendar_date
from postmarket.untrusted.errors import UntrustedInput

READER = Actor("sbom-reader", "SBOM reader", ActorKind.MACHINE)
WHY = "An SBOM that came in is read."
SHA256 = "SHA-256"


@dataclass(frozen=True, slots=True)
class _Read:
    """All that takes time, done before anything is locked."""

    bom: Bom
    content: bytes
    lists: Contents
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
    return _Read(
        bom=bom,
        content=zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(bom)),
        lists=contents(bom),
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
    _describe(sbom, read_, now=now)
    sbom.save()
    SbomQuality.objects.bulk_create(SbomQuality(sbom=sbom, **one) for one in read_.qualities)
    counted = {"components": len(read_.lists.rows), "warnings": len(read_.bom.warnings)}
    aside = set_older_aside(sbom)
    detail: dict[str, Value] = {"sbom": sbom_snapshot(sbom), **({"set_aside": aside} if aside else {})}
    if sbom.waits:
        doing.note("sbom.held", subject=sbom, detail={**detail, "counts": counted})
        return
    used = take_place(doing, sbom, read_.lists, now=now)
    doing.note_run(
        "sbom.read",
        subject=sbom,
        counts=counted | used.counts,
        changes_sha256=used.changes_sha256,
        detail={**detail, "sbom": sbom_snapshot(sbom)},
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
    sbom.component_count = len(read_.lists.rows)
    sbom.content = read_.content
    sbom.held_why, sbom.read_at = held_back_of(sbom) if is_newest(sbom) else "", now
    sbom.state = SbomState.HELD.value if sbom.held_why else SbomState.READ.value


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
