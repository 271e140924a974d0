"""The alias table that counts now: the built-in one and the firm's approved entries."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db.models import Q

from postmarket.inventory.models import AliasEntry
from postmarket.inventory.rules.alias_entry import AliasFields, table_of
from postmarket.inventory.words import AliasState
from postmarket.matching.aliases import AliasTable, builtin
from postmarket.versions.interface import Scheme


def current_alias_table() -> AliasTable:
    """
    The table; the same object until an entry is approved or retired, in whichever process that happens.

    Where the built-in table or two entries know one name, the products of all count: nothing is missed for it.
    """
    return _table(tuple(map(fields_of, AliasEntry.objects.filter(state=AliasState.APPROVED.value).order_by("pk"))))


def alias_table_at(at: datetime) -> AliasTable:
    """The table as it counted at `at` (UTC): entries approved by then and not retired yet."""
    approved = AliasEntry.objects.filter(
        Q(retired_at=None) | Q(retired_at__gt=at),
        state__in=[AliasState.APPROVED.value, AliasState.RETIRED.value],
        decided_at__lte=at,
    )
    return _table(tuple(map(fields_of, approved.order_by("pk"))))


def fields_of(entry: AliasEntry) -> AliasFields:
    """What an entry says."""
    return AliasFields(
        names=tuple(entry.names),
        purls=tuple(entry.purls),
        cpes=tuple(entry.cpes),
        vendor=entry.vendor,
        product=entry.product,
        scheme=Scheme(entry.scheme) if entry.scheme else None,
    )


@lru_cache(maxsize=4)
def _table(approved: tuple[AliasFields, ...]) -> AliasTable:
    """Kept by what the entries say, not by their keys: a transaction that is undone gives keys back."""
    table = builtin()
    for fields in approved:
        table = table.joined(table_of(fields))
    return table
