"""The product tree (CSAF 2.0 §3.2.2): branches, full product names and relationships as a table of products."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 30
"""Levels of branches; the standard's own limit (§3.1.2.1)."""

_VERSION = frozenset(("product_version", "product_version_range"))
_LEVEL = frozenset(("service_pack", "patch_level"))


class Helper(msgspec.Struct, gc=False):
    """`product_identification_helper` (§3.1.3.3); `purls` is of CSAF 2.1."""

    cpe: str = ""
    purl: str = ""
    purls: list[str] = []
    model_numbers: list[str] = []
    serial_numbers: list[str] = []


class FullName(msgspec.Struct):
    """A full product name with its id."""

    product_id: str
    name: str = ""
    product_identification_helper: Helper | None = None


class Branch(msgspec.Struct):
    """One branch: its category, its name, and either further branches or a product."""

    category: str
    name: str
    branches: list[Branch] = []
    product: FullName | None = None


class Relationship(msgspec.Struct):
    """`product_reference` is, say, a component of `relates_to_product_reference`; together they are a product."""

    category: str
    full_product_name: FullName
    product_reference: str
    relates_to_product_reference: str


class ProductTree(msgspec.Struct):
    """The whole tree."""

    branches: list[Branch] = []
    full_product_names: list[FullName] = []
    relationships: list[Relationship] = []


@dataclass(frozen=True, slots=True)
class Product:
    """
    One product of the tree: what the branches above it say, its helper, and the product it is part of or runs on.

    `version` is the text of its version branch, a service pack or patch level behind it; None when there is none.
    """

    name: str
    vendor: str = ""
    product: str = ""
    version: str | None = None
    helper: Helper | None = None
    platform: Product | None = None


def table(tree: ProductTree) -> dict[str, Product]:
    """Every product by its id. An id given twice keeps its first meaning; a relationship to nothing is left out."""
    found: dict[str, Product] = {}
    for identifier, product in _named(tree):
        found.setdefault(identifier, product)
    waiting = tree.relationships
    while waiting:  # a relationship may build on another that stands after it
        later = [relation for relation in waiting if not _related(relation, found)]
        if len(later) == len(waiting):
            break
        waiting = later
    return found


def _named(tree: ProductTree) -> Iterator[tuple[str, Product]]:
    for full in tree.full_product_names:
        yield full.product_id, Product(full.name, helper=full.product_identification_helper)
    for branch in tree.branches:
        yield from _branch(branch, Product(""), MAX_DEPTH)


def _branch(branch: Branch, above: Product, depth: int) -> Iterator[tuple[str, Product]]:
    here = _with(branch, above)
    if branch.product is not None:
        full = branch.product
        yield full.product_id, replace(here, name=full.name, helper=full.product_identification_helper)
    if depth > 0:
        for inner in branch.branches:
            yield from _branch(inner, here, depth - 1)


def _with(branch: Branch, above: Product) -> Product:
    """What is known below `branch`. A family names the product until a product name does."""
    if branch.category == "vendor":
        return replace(above, vendor=branch.name)
    if branch.category == "product_name" or (branch.category == "product_family" and not above.product):
        return replace(above, product=branch.name)
    if branch.category in _VERSION:
        return replace(above, version=branch.name)
    if branch.category in _LEVEL:
        return replace(above, version=f"{above.version or ''} {branch.name}".strip())
    return above


def _related(relation: Relationship, found: dict[str, Product]) -> bool:
    """Add the product of a relationship; false while one of its two is not known."""
    part = found.get(relation.product_reference)
    whole = found.get(relation.relates_to_product_reference)
    if part is None or whole is None:
        return False
    full = relation.full_product_name
    helper = full.product_identification_helper or part.helper
    found.setdefault(full.product_id, replace(part, name=full.name, helper=helper, platform=whole))
    return True
