"""The alias table: from any name of a product to the CPE products its vulnerabilities are filed under."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from postmarket.matching.errors import AliasTableError
from postmarket.sources.names import fold_name
from postmarket.versions import cpe as cpes
from postmarket.versions import purl as purls
from postmarket.versions.errors import InvalidCpe, InvalidPurl
from postmarket.versions.interface import Scheme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOW = "Compare it with the built-in table: products = [ { cpe = [...], names = [...], purls = [...], scheme = ... } ]."

_TO_QUOTE = re.compile(r"([^\w.-])")
PARTS = frozenset("aoh")
"""Application, operating system, hardware (NISTIR 7695 §5.3.3.1)."""


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

    def joined(self, other: AliasTable) -> AliasTable:
        """This table with `other`'s entries added; where both know a name, all products of both count."""
        return AliasTable(
            by_name=_joined(self.by_name, other.by_name),
            by_purl=_joined(self.by_purl, other.by_purl),
            by_cpe=_joined(self.by_cpe, other.by_cpe),
            schemes={**self.schemes, **other.schemes},
        )


@cache
def builtin() -> AliasTable:
    """The table that comes with postmarket."""
    return read(files(__package__).joinpath("builtin.toml").read_bytes(), name="built-in alias table")


def read(content: bytes, *, name: str) -> AliasTable:
    """
    The alias table in the TOML text `content`; `name` is what messages call it.

    Names are brought to the form they are looked up in, so upper case or a whole `pkg:` purl is no mistake.
    Raises AliasTableError, naming the place, for anything that is no alias table, for what could never match, and for
    a name in two entries: which of them is meant cannot be told.
    """
    try:
        table = msgspec.convert(tomllib.loads(content.decode("utf-8")), _File)
    except RecursionError as error:
        raise AliasTableError("This is no alias table", where=name, why="nested too deeply", next_step=HOW) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise AliasTableError("This is no alias table", where=name, why=str(error), next_step=HOW) from error
    by_name: dict[str, tuple[str, ...]] = {}
    by_purl: dict[str, tuple[str, ...]] = {}
    by_cpe: dict[str, tuple[str, ...]] = {}
    schemes: dict[str, Scheme] = {}
    for number, product in enumerate(table.products):
        where = f"{name}: products[{number}]"
        entry = _entry(product, where=where)
        for ours, theirs in ((by_name, entry.by_name), (by_purl, entry.by_purl), (by_cpe, entry.by_cpe)):
            twice = next((word for word in theirs if word in ours), None)
            if twice is not None:
                raise AliasTableError(
                    f"{twice!r} is in another entry too", where=where, next_step="Write the two entries as one."
                )
            ours.update(theirs)
        schemes.update(entry.schemes)
    return AliasTable(by_name=by_name, by_purl=by_purl, by_cpe=by_cpe, schemes=schemes)


def one_entry(
    *,
    cpe: Sequence[str] = (),
    names: Sequence[str] = (),
    purls: Sequence[str] = (),
    spoken: tuple[str, str] | None = None,
    scheme: Scheme | None = None,
    where: str,
) -> AliasTable:
    """
    One entry as a table, spelt as in a file; `spoken` is a vendor and a product in words, as CSAF files name them.

    Raises AliasTableError as `read` does.
    """
    in_words = (_in_cpe(*spoken, where=where),) if spoken else ()
    return _entry(_Product(tuple(cpe), tuple(names), tuple(purls), scheme), where=where, in_words=in_words)


def _in_cpe(vendor: str, product: str, *, where: str) -> str:
    """Names in words as a CPE product, which `identities` turns back into them; no CPE has letters like these."""
    return ":".join(("a", *(_TO_QUOTE.sub(r"\\\1", _word(text, where=where)) for text in (vendor, product))))


def _joined(
    ours: Mapping[str, tuple[str, ...]], theirs: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    both = {word: tuple(dict.fromkeys((*ours.get(word, ()), *products))) for word, products in theirs.items()}
    return {**ours, **both}


def _entry(product: _Product, *, where: str, in_words: tuple[str, ...] = ()) -> AliasTable:
    if not product.cpe and not in_words:
        raise AliasTableError("An entry names no CPE product", where=where, next_step=HOW)
    cpe = tuple(dict.fromkeys((*(_cpe(text, where=where) for text in product.cpe), *in_words)))
    return AliasTable(
        by_name={_word(text, where=where): cpe for text in product.names},
        by_purl={_purl(text, where=where): cpe for text in product.purls},
        by_cpe=dict.fromkeys(cpe, cpe),
        schemes=dict.fromkeys(cpe, product.scheme) if product.scheme is not None else {},
    )


def _cpe(text: str, *, where: str) -> str:
    """`part:vendor:product` in the form that matches."""
    try:
        parsed = cpes.parse(f"cpe:2.3:{text.strip().lower()}:*:*:*:*:*:*:*:*")
    except InvalidCpe:
        parsed = None
    if parsed is None or parsed.part not in PARTS or any(map(cpes.has_wildcard, parsed[1:3])):
        raise AliasTableError(
            f"{text!r} is no CPE product", where=where, next_step="Write part:vendor:product, as a:openssl:openssl."
        )
    return cpes.product_name(parsed)


def _purl(text: str, *, where: str) -> str:
    """`type/namespace/name` in the form that matches, given with or without `pkg:`."""
    try:
        parsed = purls.parse(f"pkg:{text.strip().removeprefix('pkg:')}")
    except InvalidPurl:
        parsed = None
    if parsed is None or parsed.version:
        raise AliasTableError(
            f"{text!r} is no purl name",
            where=where,
            next_step="Write type/namespace/name without a version, as maven/org.apache.commons/commons-text.",
        )
    return purls.product_names(parsed)[0]


def _word(text: str, *, where: str) -> str:
    folded = fold_name(text)
    if not folded:
        raise AliasTableError(f"{text!r} is no component name", where=where, next_step="Write a name in words.")
    return folded
