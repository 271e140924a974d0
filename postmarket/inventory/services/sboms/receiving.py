"""Taking an SBOM in: its bytes are evidence before anybody reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from postmarket import tasks
from postmarket.accounts.authority import Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.errors import visible
from postmarket.inventory.errors import WrongSbom
from postmarket.inventory.models import Build, DeviceVersion, Sbom
from postmarket.inventory.models.device import LONGEST_NAME
from postmarket.inventory.services.reasons import reason
from postmarket.inventory.services.sboms.reading import read_received
from postmarket.inventory.services.sboms.snapshots import sbom_snapshot
from postmarket.inventory.words import SbomState
from postmarket.records import evidence
from postmarket.records.trail import Act, act

MOST_BYTES = 64 * 2**20
"""The largest file taken in, as it comes: the largest SBOM we know of has 40 MB."""
AT_ONCE_BYTES = 512 * 2**10
"""Up to here an answer may wait for the reading: it takes less than a second."""
READ_SBOM = "inventory.read_sbom"
MEDIA_TYPES = {".json": "application/json", ".xml": "application/xml", ".spdx": "text/plain"}


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an upload: the SBOM it is kept as, whether it is a new one, and that in a sentence."""

    sbom: Sbom
    is_new: bool
    words: str


def receive_sbom(
    *,
    by: Caller,
    version: DeviceVersion,
    content: bytes | Path,
    file_name: str,
    build: Build | None = None,
    why: str,
    now: datetime,
    at_once: bool = False,
    confirmed: bool = False,
) -> Received:
    """
    Keep an SBOM as it came and have it read by a task; with `at_once` a small one is read before this returns.

    `content` is the file as it came, packed or not. The bytes that are the version's newest already, for the same
    build, change nothing. What people curated (names, roles, ends of support, components by hand) is never touched.
    `confirmed` says that they know it for this version's: it is not held then. Raises NotAllowed, and WrongSbom for
    an empty or too large file or a build of another version.
    """
    require(by, Permission.SBOMS_UPLOAD, on=version.device.line)
    size = _checked_size(content)
    if build is not None and build.version_id != version.pk:
        raise WrongSbom(f"{build} is no build of {version}", next_step="Name one of its own builds.")
    kept = evidence.put_away(content)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        version = DeviceVersion.objects.select_for_update(of=("self",)).select_related("device").get(pk=version.pk)
        twin = None if confirmed else _twin(version, kept.sha256, build)
        if twin is not None:
            return Received(twin, is_new=False, words=_nothing_new(twin))
        sbom = _keep(
            doing,
            kept,
            version=version,
            build=build,
            file_name=file_name,
            sender=by.actor.name,
            confirmed=confirmed,
            now=now,
        )
        tasks.enqueue(READ_SBOM, {"sbom": sbom.pk}, key=f"sbom:{sbom.pk}", now=now)
    if at_once and size <= AT_ONCE_BYTES:
        sbom = read_received(sbom.pk, now=now)
    return Received(sbom, is_new=True, words=_what_now(sbom))


def read_again(*, by: Caller, sbom: Sbom, why: str, now: datetime) -> Sbom:
    """
    Have a refused SBOM read once more, by a postmarket that may know better.

    Raises NotAllowed, and WrongSbom for one that was not refused.
    """
    require(by, Permission.SBOMS_UPLOAD, on=sbom.version.device.line)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        sbom = Sbom.objects.select_for_update(of=("self",)).get(pk=sbom.pk)
        if sbom.state != SbomState.REFUSED.value:
            raise WrongSbom(f"{sbom.file_name} was not refused", next_step="Upload the SBOM that is to be read.")
        before = sbom_snapshot(sbom)
        sbom.state, sbom.refused_why, sbom.read_at = SbomState.RECEIVED.value, "", None
        sbom.save(update_fields=["state", "refused_why", "read_at"])
        doing.note("sbom.read-again", subject=sbom, before=before, after=sbom_snapshot(sbom))
        tasks.enqueue(READ_SBOM, {"sbom": sbom.pk}, key=f"sbom:{sbom.pk}", now=now)
    return sbom


def receive_again(*, by: Caller, sbom: Sbom, why: str, now: datetime) -> Received:
    """
    Make an earlier SBOM the version's current one again: its kept bytes come in once more, and are the newest then.

    How old it is stays what it says itself. Raises NotAllowed, and WrongSbom for one that was not read or is current.
    """
    sbom = Sbom.objects.defer("content").select_related("version__device__line", "build").get(pk=sbom.pk)
    require(by, Permission.SBOMS_UPLOAD, on=sbom.version.device.line)
    if not sbom.was_read:
        raise WrongSbom(f"{sbom.file_name} was not read", next_step="Choose one that was.")
    if sbom.waits:
        raise WrongSbom(f"{sbom.file_name} is held", next_step="Say on its page whether it is used.")
    if sbom.is_current:
        raise WrongSbom(f"{sbom.file_name} is the current SBOM already", next_step="Choose an earlier one.")
    return receive_sbom(
        by=by,
        version=sbom.version,
        content=b"".join(evidence.read(sbom.evidence_id)),
        file_name=sbom.file_name,
        build=sbom.build,
        why=why,
        now=now,
        at_once=True,
        confirmed=True,
    )


def _checked_size(content: bytes | Path) -> int:
    size = content.stat().st_size if isinstance(content, Path) else len(content)
    if not size:
        raise WrongSbom("The file is empty", next_step="Export the SBOM again.")
    if size > MOST_BYTES:
        raise WrongSbom(
            "The file is too large",
            why=f"it has {size:,} bytes, and {MOST_BYTES:,} is the most",
            next_step="Pack it (gzip), or leave out what is no component.",
        )
    return size


def _twin(version: DeviceVersion, sha256: str, build: Build | None) -> Sbom | None:
    """The version's newest SBOM when it has these bytes, for this build."""
    newest = Sbom.objects.filter(version=version).first()
    same = newest is not None and newest.evidence_id == sha256 and (build is None or newest.build_id == build.pk)
    return newest if same else None


def _keep(
    doing: Act,
    kept: evidence.Kept,
    *,
    version: DeviceVersion,
    build: Build | None,
    file_name: str,
    sender: str,
    confirmed: bool,
    now: datetime,
) -> Sbom:
    name = visible(PurePath(file_name.replace("\\", "/")).name)[:LONGEST_NAME] or "sbom"
    media_type = MEDIA_TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")
    row = evidence.keep(doing, kept, media_type=media_type, source=f"{name}, sent by {sender}", about=version)
    sbom = Sbom.objects.create(
        version=version,
        build=build,
        evidence=row,
        file_name=name,
        received_at=now,
        received_from=sender[:LONGEST_NAME],
        confirmed=confirmed,
    )
    doing.note("sbom.received", subject=sbom, before=None, after=sbom_snapshot(sbom))
    return sbom


def _nothing_new(twin: Sbom) -> str:
    said = f"This is the newest SBOM of {twin.version} already, received on {twin.received_at:%Y-%m-%d}"
    if twin.state == SbomState.REFUSED.value:
        return f"{said}, and it could not be read. Nothing was changed. {twin.refused_why}"
    if twin.state == SbomState.SET_ASIDE.value:
        return f"{said}, and it was set aside. Nothing was changed; its page makes it current after all."
    if twin.waits:
        return f"{said}, and it waits for a person. Nothing was changed. {twin.held_why}"
    return f"{said}. Nothing was changed."


def _what_now(sbom: Sbom) -> str:
    if sbom.state == SbomState.REFUSED.value:
        return f"Kept, and it cannot be read. {sbom.refused_why}"
    if sbom.state == SbomState.READ.value:
        return f"Read: {sbom.component_count:,} components."
    if sbom.waits:
        return f"Read and held: {sbom.version} keeps the SBOM it has until a person decides. {sbom.held_why}"
    return "Kept; it is read next."
