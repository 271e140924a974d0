"""Components to the identities they share, in our tables and in the vulnerability store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from postmarket.inventory.models import ComponentIdentity
from postmarket.inventory.queries.alias_table import current_alias_table
from postmarket.inventory.rules.identity import identity_key
from postmarket.inventory.services.sboms.texts import plain
from postmarket.inventory.store import store
from postmarket.matching.identities import identity
from postmarket.matching.portfolio import keep_identities
from postmarket.sbom.interface import Component

CHUNK = 500
LONGEST_KIND = 60


def keep(components: Sequence[Component]) -> list[ComponentIdentity]:
    """
    The identity of each component, made where it is new, and kept in the vulnerability store; call in a transaction.

    Keys are taken in order, so that two SBOMs read at once never wait for each other in a circle.
    """
    keys = [identity_key(component) for component in components]
    first: dict[str, Component] = {}
    for key, component in zip(keys, components, strict=True):
        first.setdefault(key, component)
    distinct = dict(sorted(first.items()))
    match_ids = dict(zip(distinct, _kept(distinct.values()), strict=True))
    known = _known(distinct)
    missing = [key for key in distinct if key not in known]
    ComponentIdentity.objects.bulk_create(
        [_row(key, distinct[key], match_ids[key]) for key in missing], ignore_conflicts=True
    )
    known |= _known(missing)
    moved = [row for key, row in known.items() if row.match_id != match_ids[key]]
    for row in moved:
        row.match_id = match_ids[row.key]
    ComponentIdentity.objects.bulk_update(moved, ["match_id"], batch_size=CHUNK)
    return [known[key] for key in keys]


def _kept(components: Iterable[Component]) -> list[int]:
    aliases = current_alias_table()
    return keep_identities(store(), [identity(component, aliases) for component in components])


def _known(keys: Collection[str]) -> dict[str, ComponentIdentity]:
    wanted = list(keys)
    return {
        row.key: row
        for start in range(0, len(wanted), CHUNK)
        for row in ComponentIdentity.objects.filter(key__in=wanted[start : start + CHUNK])
    }


def _row(key: str, component: Component, match_id: int) -> ComponentIdentity:
    return ComponentIdentity(
        key=key,
        name=plain(component.name),
        version=plain(component.version),
        supplier=plain(component.supplier),
        purl=plain(component.purl),
        cpes=[plain(cpe) for cpe in component.cpes],
        kind=plain(component.kind)[:LONGEST_KIND],
        match_id=match_id,
    )
