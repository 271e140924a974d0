"""CSAF 2.0 product trees (§3.2.2): every product id resolved to what it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from postmarket.documents.vex.interface import Product
from postmarket.documents.vex.words import cpe, hashes, text, texts

_DEEPEST = 8
"""Products within products; real trees have two. A tree of relationships may be circular."""


class _FileHash(msgspec.Struct):
    algorithm: str | None = None
    value: str | None = None


class _Hash(msgspec.Struct):
    file_hashes: list[_FileHash] | None = None


class _Helper(msgspec.Struct):
    cpe: str | None = None
    purl: str | None = None
    purls: list[str] | None = None
    """Version 2.1."""
    hashes: list[_Hash] | None = None


class _FullName(msgspec.Struct):
    product_id: str
    name: str | None = None
    product_identification_helper: _Helper | None = None


class _Branch(msgspec.Struct):
    category: str | None = None
    name: str | None = None
    product: _FullName | None = None
    branches: list[_Branch] | None = None


class _Relationship(msgspec.Struct):
    product_reference: str
    relates_to_product_reference: str
    full_product_name: _FullName
    category: str | None = None


class _Group(msgspec.Struct):
    group_id: str
    product_ids: list[str]


class ProductTree(msgspec.Struct):
    """`product_tree` as CSAF writes it."""

    branches: list[_Branch] | None = None
    full_product_names: list[_FullName] | None = None
    relationships: list[_Relationship] | None = None
    product_groups: list[_Group] | None = None

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Product ids by group id."""
        return {group.group_id: tuple(group.product_ids) for group in self.product_groups or ()}


class Products:
    """The products of one tree, resolved as they are asked for."""

    def __init__(self, tree: ProductTree) -> None:
        self._plain = {product.ref: product for product in _plain(tree)}
        self._related = {one.full_product_name.product_id: one for one in tree.relationships or ()}
        # By depth as well: a product cut off deep inside another is whole when it is asked for itself.
        self._resolved: dict[tuple[str, int], Product] = {}

    def product(self, product_id: str) -> Product:
        """What `product_id` names; a product that the tree explains nowhere has only its id."""
        return self._at(product_id, depth=0)

    def _at(self, product_id: str, *, depth: int) -> Product:
        if product_id in self._plain:
            return self._plain[product_id]
        key = (product_id, depth)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(product_id, depth=depth)
        return self._resolved[key]

    def _resolve(self, product_id: str, *, depth: int) -> Product:
        relationship = self._related.get(product_id)
        if relationship is None or depth > _DEEPEST:
            return Product(ref=product_id, described=False)
        component = self._at(relationship.product_reference, depth=depth + 1)
        within = self._at(relationship.relates_to_product_reference, depth=depth + 1)
        own = _product(relationship.full_product_name)
        return Product(
            ref=product_id,
            title=own.title,
            vendor=component.vendor,
            name=component.name,
            versions=component.versions,
            ranges=component.ranges,
            purls=texts((*own.purls, *component.purls)),
            cpes=texts((*own.cpes, *component.cpes)),
            hashes=tuple(dict.fromkeys((*own.hashes, *component.hashes))),
            within=within,
            described=component.described and within.described,
        )


def _plain(tree: ProductTree) -> Iterator[Product]:
    """The products of branches and of the flat list."""
    for full_name in tree.full_product_names or ():
        yield _product(full_name, named=full_name.name)
    waiting: list[tuple[_Branch, dict[str, str]]] = [(branch, {}) for branch in tree.branches or ()]
    while waiting:
        branch, above = waiting.pop()
        path = {**above, text(branch.category): text(branch.name)}
        if branch.product is not None:
            yield _product(branch.product, **_named(path, branch.product))
        waiting.extend((child, path) for child in branch.branches or ())


def _named(path: dict[str, str], full_name: _FullName) -> dict[str, Any]:
    """The parts of a product's name, from the branches above it."""
    return {
        "vendor": path.get("vendor", ""),
        "named": path.get("product_name") or path.get("product_family") or full_name.name,
        "version": path.get("product_version", ""),
        "range_": path.get("product_version_range", ""),
    }


def _product(
    full_name: _FullName, *, vendor: str = "", named: str | None = None, version: str = "", range_: str = ""
) -> Product:
    helper = full_name.product_identification_helper or _Helper()
    return Product(
        ref=full_name.product_id,
        title=text(full_name.name),
        vendor=vendor,
        name=text(named),
        versions=texts([version]),
        ranges=texts([range_]),
        purls=texts([helper.purl, *(helper.purls or ())]),
        cpes=cpe(helper.cpe),
        hashes=hashes(
            (one.algorithm or "", one.value or "") for group in helper.hashes or () for one in group.file_hashes or ()
        ),
    )
