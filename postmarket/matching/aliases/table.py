"""The alias table: from any name of a product to the CPE products its vulnerabilities are filed under."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from postmarket.matching.errors import AliasTableError
from postmarket.sources.names import fold_name
from postmarket.versions.interface import Scheme

if TYPE_CHECKING:
    from collections.abc import Mapping

HOW = "Compare it with the built-in table: products = [ { cpe = [...], names = [...], purls = [...], scheme = ... } ]."


class _Product(msgspec.Struct, forbid_unknown_fields=True):
    cpe: tuple[str, ...]
    names: tuple[str, ...] = ()
    purls: tuple[str, ...] = ()
    scheme: Scheme | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    products: tuple[_Product, ...]


@dataclass(frozen=True, slots=True)
class AliasTable:
    """
    Three ways in: by component name (folded), by purl name (`type/namespace/name`), by CPE product.

    Each leads to all CPE products of the same entry. `schemes` says how a CPE product's versions are ordered where
    the generic order would be wrong.
    """

    by_name: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_purl: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_cpe: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)

    def extended(self, other: AliasTable) -> AliasTable:
        """This table with `other`'s entries added; where both know a name, `other` (the firm's) wins."""
        return AliasTable(
            by_name={**self.by_name, **other.by_name},
            by_purl={**self.by_purl, **other.by_purl},
            by_cpe={**self.by_cpe, **other.by_cpe},
            schemes={**self.schemes, **other.schemes},
        )


@cache
def builtin() -> AliasTable:
    """The table that comes with postmarket."""
    return read(files(__package__).joinpath("builtin.toml").read_bytes(), name="built-in alias table")


def read(content: bytes, *, name: str) -> AliasTable:
    """
    The alias table in the TOML text `content`; `name` is what messages call it.

    Raises AliasTableError, naming the place, for anything that is not one.
    """
    try:
        table = msgspec.convert(tomllib.loads(content.decode("utf-8")), _File)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise AliasTableError("This is no alias table", where=name, why=str(error), next_step=HOW) from error
    by_name: dict[str, tuple[str, ...]] = {}
    by_purl: dict[str, tuple[str, ...]] = {}
    by_cpe: dict[str, tuple[str, ...]] = {}
    schemes: dict[str, Scheme] = {}
    for number, product in enumerate(table.products):
        _check(product, where=f"{name}: products[{number}]")
        by_name.update(dict.fromkeys(map(fold_name, product.names), product.cpe))
        by_purl.update(dict.fromkeys(product.purls, product.cpe))
        by_cpe.update(dict.fromkeys(product.cpe, product.cpe))
        if product.scheme is not None:
            schemes.update(dict.fromkeys(product.cpe, product.scheme))
    return AliasTable(by_name=by_name, by_purl=by_purl, by_cpe=by_cpe, schemes=schemes)


def _check(product: _Product, *, where: str) -> None:
    for cpe in product.cpe:
        if cpe.count(":") != 2 or cpe[:2] not in {"a:", "o:", "h:"}:
            raise AliasTableError(
                f"{cpe!r} is no CPE product", where=where, next_step="Write part:vendor:product, as a:openssl:openssl."
            )
    if not product.cpe:
        raise AliasTableError("An entry names no CPE product", where=where, next_step=HOW)
