"""Components to the identities they share, in our tables and in the vulnerability store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from postmarket.inventory import bulk
from postmarket.inventory.models import ComponentIdentity
from postmarket.inventory.queries.alias_table import current_alias_table
from postmarket.inventory.rules.identity import identity_key
from postmarket.inventory.rules.product import product_key
from postmarket.inventory.services.sboms.texts import plain
from postmarket.inventory.store import store
from postmarket.matching.aliases import AliasTable
from postmarket.matching.identities import identity
from postmarket.matching.interface import Identity
from postmarket.matching.portfolio import keep_identities
from postmarket.sbom.interface import Component

CHUNK = 500
LONGEST_KIND = 60
COLUMNS = ("key", "name", "version", "supplier", "purl", "cpes", "kind", "product", "match_id")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What can be said of components before anything is locked: their keys, and each distinct one's Identity."""

    keys: Sequence[str]
    distinct: dict[str, Component]
    aliases: AliasTable
    identities: list[Identity]


def prepare(components: Sequence[Component]) -> Prepared:
    """The keys in the order of `components`; distinct ones in the order of their keys, so that two never deadlock."""
    keys = [identity_key(component) for component in components]
    first: dict[str, Component] = {}
    for key, component in zip(keys, components, strict=True):
        first.setdefault(key, component)
    distinct = dict(sorted(first.items()))
    aliases = current_alias_table()
    return Prepared(keys, distinct, aliases, [identity(component, aliases) for component in distinct.values()])


def keep(prepared: Prepared) -> list[int]:
    """
    The id of each component's identity, made where it is new, and kept in the vulnerability store.

    Call it in a transaction. From its first step to the end of that one, no alias can be approved past it: whoever
    changes the table takes the store's lock before looking at which identities there are.
    """
    opened = store()
    with opened.writing():
        aliases = current_alias_table()
        if aliases is prepared.aliases:
            identities = prepared.identities
        else:
            identities = [identity(component, aliases) for component in prepared.distinct.values()]
        match_ids = dict(zip(prepared.distinct, keep_identities(opened, identities), strict=True))
    known = _known(prepared.distinct)
    missing = [key for key in prepared.distinct if key not in known]
    rows = ((*_said(key, prepared.distinct[key]), match_ids[key]) for key in missing)
    bulk.insert(ComponentIdentity, COLUMNS, rows, unless_there=True)
    known |= _known(missing)
    moved = [
        ComponentIdentity(pk=pk, match_id=match_ids[key])
        for key, (pk, match_id) in known.items()
        if match_id != match_ids[key]
    ]
    ComponentIdentity.objects.bulk_update(moved, ["match_id"], batch_size=CHUNK)
    return [known[key][0] for key in prepared.keys]


def _known(keys: Collection[str]) -> dict[str, tuple[int, int | None]]:
    wanted = list(keys)
    return {
        key: (pk, match_id)
        for start in range(0, len(wanted), CHUNK)
        for key, pk, match_id in ComponentIdentity.objects.filter(key__in=wanted[start : start + CHUNK]).values_list(
            "key", "pk", "match_id"
        )
    }


def _said(key: str, component: Component) -> tuple[object, ...]:
    return (
        key,
        plain(component.name),
        plain(component.version),
        plain(component.supplier),
        plain(component.purl),
        [plain(cpe) for cpe in component.cpes],
        plain(component.kind)[:LONGEST_KIND],
        plain(product_key(component.name, component.purl)),
    )
