"""After the alias table changed: the identities it concerns are looked up by their new names."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from django.db import transaction

from postmarket.inventory import hooks
from postmarket.inventory.errors import InvalidAlias
from postmarket.inventory.models import AliasEntry, ComponentIdentity, Listing
from postmarket.inventory.queries.alias_table import current_alias_table, fields_of
from postmarket.inventory.rules.alias_entry import table_of
from postmarket.inventory.store import store
from postmarket.matching.aliases import AliasTable
from postmarket.matching.identities import identity
from postmarket.matching.portfolio import keep_identities
from postmarket.records import evidence
from postmarket.records.interface import Actor, ActorKind
from postmarket.records.trail import act
from postmarket.sbom.interface import Component

KEEPER = Actor("alias-keeper", "Alias table", ActorKind.MACHINE)
CHUNK = 500
NO_ALIASES = AliasTable()


def rekeep_identities(
    entry_id: int, *, now: datetime, within: Callable[[], AbstractContextManager[None]] = transaction.atomic
) -> int:
    """
    Keep the identities that an entry speaks of anew, under the table as it is now; how many got other names.

    Whoever listens hears of the versions that list them. Raises InvalidAlias for an entry that is not there.
    """
    entry = AliasEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise InvalidAlias(f"There is no alias entry {entry_id}", next_step="Look at the list again.")
    with transaction.atomic(), store().writing():
        pass  # whoever keeps identities under the table before has committed them now, and the next sees the new one
    spoken_of = _spoken_of(table_of(fields_of(entry)))
    with within(), act(actor=KEEPER, at=now, why=f"The alias entry {entry} was {entry.state}.") as doing:
        opened = store()
        with opened.writing():
            aliases = current_alias_table()
            kept = keep_identities(opened, [identity(_component(row), aliases) for row in spoken_of])
        moved = [row for row, match_id in zip(spoken_of, kept, strict=True) if row.match_id != match_id]
        for row, match_id in zip(spoken_of, kept, strict=True):
            row.match_id = match_id
        ComponentIdentity.objects.bulk_update(moved, ["match_id"], batch_size=CHUNK)
        versions = _versions_of(moved)
        hooks.listing_changed(versions, now=now)
        changes = json.dumps({"identities": sorted(row.key for row in moved)}, indent=1).encode()
        file = evidence.keep(
            doing, changes, media_type="application/json", source="identities an alias entry gave other names"
        )
        counts = {"identities": len(moved), "versions": len(versions)}
        doing.note_run("alias.applied", subject=entry, counts=counts, changes_sha256=file.sha256)
    return len(moved)


def _spoken_of(table: AliasTable) -> list[ComponentIdentity]:
    """The identities whose names the table's entry adds to."""
    return [
        row
        for row in ComponentIdentity.objects.iterator(chunk_size=2_000)
        if identity(_component(row), table) != identity(_component(row), NO_ALIASES)
    ]


def _component(row: ComponentIdentity) -> Component:
    return Component(
        ref="",
        name=row.name,
        version=row.version,
        supplier=row.supplier,
        kind=row.kind,
        purl=row.purl,
        cpes=tuple(row.cpes),
    )


def _versions_of(rows: list[ComponentIdentity]) -> list[int]:
    keys = [row.pk for row in rows]
    found = {
        version
        for start in range(0, len(keys), CHUNK)
        for version in Listing.objects.filter(identity__in=keys[start : start + CHUNK])
        .order_by()
        .values_list("version_id", flat=True)
    }
    return sorted(found)
