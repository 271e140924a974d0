"""A held SBOM says that it is about something else: a person uses it all the same, or sets it aside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from postmarket.accounts.authority import Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import WrongSbom
from postmarket.inventory.models import DeviceVersion, Sbom
from postmarket.inventory.services.reasons import reason
from postmarket.inventory.services.sboms.current import contents, take_place
from postmarket.inventory.services.sboms.reading import unpack
from postmarket.inventory.services.sboms.snapshots import sbom_snapshot
from postmarket.inventory.words import SbomState
from postmarket.records.trail import Act, act


def use_held(*, by: Caller, sbom: Sbom, why: str, now: datetime) -> Sbom:
    """
    Take a held SBOM for its version's: its components are listed and monitored from now on.

    Raises NotAllowed, and WrongSbom for one that waits for nobody (any more).
    """
    require(by, Permission.SBOMS_UPLOAD, on=sbom.version.device.line)
    lists = contents(unpack(Sbom.objects.get(pk=sbom.pk)))
    with _deciding(by, sbom, why=why, now=now) as (doing, row):
        row.state, row.confirmed = SbomState.READ.value, True
        row.save(update_fields=["state", "confirmed"])
        used = take_place(doing, row, lists, now=now)
        said = {"sbom": sbom_snapshot(row)}
        doing.note_run("sbom.used", subject=row, counts=used.counts, changes_sha256=used.changes_sha256, detail=said)
    return row


def set_aside(*, by: Caller, sbom: Sbom, why: str, now: datetime) -> Sbom:
    """
    Say that a held SBOM is not used; it stays in the history, and `receive_again` makes it current after all.

    Raises NotAllowed, and WrongSbom for one that waits for nobody (any more).
    """
    with _deciding(by, sbom, why=why, now=now) as (doing, row):
        before = sbom_snapshot(row)
        row.state = SbomState.SET_ASIDE.value
        row.save(update_fields=["state"])
        doing.note("sbom.set-aside", subject=row, before=before, after=sbom_snapshot(row))
    return row


@contextmanager
def _deciding(by: Caller, sbom: Sbom, *, why: str, now: datetime) -> Iterator[tuple[Act, Sbom]]:
    """The act, and the held SBOM with its version locked."""
    require(by, Permission.SBOMS_UPLOAD, on=sbom.version.device.line)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        DeviceVersion.objects.select_for_update(of=("self",)).get(pk=sbom.version_id)
        row = Sbom.objects.defer("content").select_related("version__device").get(pk=sbom.pk)
        if not row.waits:
            raise WrongSbom(
                f"{row.file_name} does not wait for anybody: it is {row.state}",
                next_step="Open it anew to see what became of it.",
            )
        yield doing, row
