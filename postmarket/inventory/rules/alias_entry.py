"""What an alias entry says, checked and in the form matching reads it in."""

from __future__ import annotations

from dataclasses import dataclass

from postmarket.inventory.errors import InvalidAlias
from postmarket.matching.aliases import AliasTable, one_entry
from postmarket.matching.errors import AliasTableError
from postmarket.versions.interface import Scheme

WHERE = "alias entry"


@dataclass(frozen=True, slots=True)
class AliasFields:
    """
    Our names of a product and theirs.

    `names` are components' names in words, `purls` without version; `cpes` are CPE products as `a:openssl:openssl`;
    `vendor` and `product` are a supplier's or CSAF's own words. `scheme` orders the CPE products' versions.
    """

    names: tuple[str, ...] = ()
    purls: tuple[str, ...] = ()
    cpes: tuple[str, ...] = ()
    vendor: str = ""
    product: str = ""
    scheme: Scheme | None = None


def table_of(fields: AliasFields) -> AliasTable:
    """
    The entry as an alias table.

    Raises InvalidAlias, naming what is wrong, for one that ties nothing to anything or holds what could never match.
    """
    spoken = (fields.vendor, fields.product) if fields.vendor or fields.product else None
    tied = len(fields.cpes) + (spoken is not None)
    if not tied or (not fields.names and not fields.purls and tied < 2):
        raise InvalidAlias(
            "The entry ties nothing to anything",
            where=WHERE,
            next_step="Name a component or purl of ours, and the CPE product or the supplier's words for it.",
        )
    try:
        return one_entry(
            cpe=fields.cpes,
            names=fields.names,
            purls=fields.purls,
            spoken=spoken,
            scheme=fields.scheme,
            where=WHERE,
        )
    except AliasTableError as error:
        raise InvalidAlias(error.what, where=error.where, why=error.why, next_step=error.next_step) from error
