"""CSAF 2.0 and 2.1: the VEX profile, and any other advisory that states a product status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from postmarket.documents.errors import VexError
from postmarket.documents.vex.csaf_products import Products, ProductTree
from postmarket.documents.vex.interface import Justification, Statement, Status, VexFormat
from postmarket.documents.vex.words import justification, sentences, text, texts, typed, utc

STATUS = {
    "fixed": Status.FIXED,
    "first_fixed": Status.FIXED,
    "known_affected": Status.AFFECTED,
    "first_affected": Status.AFFECTED,
    "last_affected": Status.AFFECTED,
    "known_not_affected": Status.NOT_AFFECTED,
    "under_investigation": Status.UNDER_INVESTIGATION,
}
"""`product_status` (§3.2.3.9, reference §7.5). `recommended` says what to install and is no status."""

MOST_EXPANSIONS = 200_000
"""Products that the groups of one document may stand for, all references together; a real one has some thousands."""
MOST_GENERAL = 100
"""Remarks about every product that are read; a real document has one or two."""
LONGEST = 4_000
"""Characters of one impact or action statement; the rest is left to the document itself."""


class _Publisher(msgspec.Struct):
    name: str | None = None


class _Tracking(msgspec.Struct):
    id: str | None = None
    current_release_date: str | None = None


class _Header(msgspec.Struct):
    publisher: _Publisher | None = None
    tracking: _Tracking | None = None


class _Id(msgspec.Struct):
    text: str | None = None


class _Remark(msgspec.Struct):
    """A flag, a threat or a remediation: words about some products, or about all when it names none."""

    category: str | None = None
    label: str | None = None
    details: str | None = None
    product_ids: list[str] | None = None
    group_ids: list[str] | None = None


class _Vulnerability(msgspec.Struct):
    cve: str | None = None
    ids: list[_Id] | None = None
    product_status: dict[str, list[str]] | None = None
    flags: list[_Remark] | None = None
    threats: list[_Remark] | None = None
    remediations: list[_Remark] | None = None


class _Document(msgspec.Struct):
    document: _Header
    product_tree: ProductTree | None = None
    vulnerabilities: list[_Vulnerability] | None = None


def is_csaf(tree: dict[str, Any]) -> bool:
    """Whether a JSON object says that it is a CSAF document."""
    document = tree.get("document")
    return isinstance(document, dict) and "csaf_version" in document


def read_csaf(tree: dict[str, Any], *, name: str) -> Iterator[Statement]:
    """
    The statements of a CSAF document, one for each product under each vulnerability's status.

    The justification is the product's flag, the impact statement its `impact` threats, the action statement its
    remediations; a remark that names no product is about all of them. Raises VexError for another shape, naming the
    place, and for product groups that stand for more than `MOST_EXPANSIONS` products.
    """
    document = typed(tree, _Document, name=name)
    product_tree = document.product_tree or ProductTree()
    reading = _Reading(document.document, Products(product_tree), _Groups(product_tree.groups(), name), name)
    for index, vulnerability in enumerate(document.vulnerabilities or []):
        yield from reading.statements(vulnerability, place=f"vulnerabilities[{index}]")


class _Groups:
    """The product groups of one document, with a bound on how much they may stand for."""

    def __init__(self, groups: dict[str, tuple[str, ...]], name: str) -> None:
        self._groups = groups
        self._name = name
        self._left = MOST_EXPANSIONS

    def products(self, remark: _Remark) -> Iterator[str]:
        """The ids a remark names itself or by group."""
        yield from remark.product_ids or ()
        for group in remark.group_ids or ():
            members = self._groups.get(group, ())
            self._left -= len(members)
            if self._left < 0:
                raise VexError(
                    f"has product groups that stand for more than {MOST_EXPANSIONS:,} products",
                    where=self._name,
                    next_step="Ask the supplier for a smaller document.",
                )
            yield from members


class _Remarks:
    """Remarks by product, and those about every product; what is said of the same remarks is put together once."""

    def __init__(self, remarks: Sequence[_Remark], groups: _Groups) -> None:
        self._general: list[_Remark] = []
        self._by_product: dict[str, list[int]] = {}
        self._remarks = remarks
        self._details: dict[tuple[int, ...], str] = {}
        self._reasons: dict[tuple[int, ...], tuple[Justification, str]] = {}
        for index, remark in enumerate(remarks):
            if not remark.product_ids and not remark.group_ids:
                self._general.append(remark)
            for product_id in groups.products(remark):
                self._by_product.setdefault(product_id, []).append(index)

    def reason(self, product_id: str) -> tuple[Justification, str]:
        """The first label given to one product that is one of CISA's five, and its labels that are not."""
        key = self._key(product_id)
        if key not in self._reasons:
            found = [justification(remark.label) for remark in self._about(key)]
            known = next((label for label, said in found if label), Justification.NOT_GIVEN)
            self._reasons[key] = known, sentences(said for _, said in found)
        return self._reasons[key]

    def details(self, product_id: str) -> str:
        """What is said about one product, its own before what is said about all; at most `LONGEST` characters."""
        key = self._key(product_id)
        if key not in self._details:
            whole = sentences(remark.details or remark.category for remark in self._about(key))
            self._details[key] = whole if len(whole) <= LONGEST else f"{whole[:LONGEST]}…"
        return self._details[key]

    def _key(self, product_id: str) -> tuple[int, ...]:
        return tuple(self._by_product.get(product_id, ()))

    def _about(self, key: tuple[int, ...]) -> list[_Remark]:
        return [*(self._remarks[index] for index in key), *self._general[:MOST_GENERAL]]


class _Reading:
    """One document on its way to statements."""

    def __init__(self, header: _Header, products: Products, groups: _Groups, name: str) -> None:
        tracking = header.tracking or _Tracking()
        self._author = text(header.publisher.name) if header.publisher else ""
        self._document = text(tracking.id)
        self._timestamp = utc(tracking.current_release_date)
        self._products = products
        self._groups = groups
        self._name = name

    def statements(self, vulnerability: _Vulnerability, *, place: str) -> Iterator[Statement]:
        names = texts([vulnerability.cve, *(one.text for one in vulnerability.ids or ())])
        flags = _Remarks(vulnerability.flags or (), self._groups)
        impacts = [threat for threat in vulnerability.threats or () if threat.category == "impact"]
        threats = _Remarks(impacts, self._groups)
        remediations = _Remarks(vulnerability.remediations or (), self._groups)
        for status, at, product_id in _stated(vulnerability):
            reason, said = flags.reason(product_id)
            excused = status is Status.NOT_AFFECTED
            yield Statement(
                source=self._name,
                format=VexFormat.CSAF,
                document=self._document,
                author=self._author,
                timestamp=self._timestamp,
                vulnerability=names[0] if names else "",
                aliases=names[1:],
                product=self._products.product(product_id),
                status=status,
                justification=reason if excused else Justification.NOT_GIVEN,
                said=said,
                impact=threats.details(product_id) if excused else "",
                action=remediations.details(product_id) if status is Status.AFFECTED else "",
                notes="" if excused else threats.details(product_id),
                place=f"{place}.{at}",
            )


def _stated(vulnerability: _Vulnerability) -> Iterator[tuple[Status, str, str]]:
    """Each status, where it stands (the n-th different id), and the product id it is about, once per status."""
    for key, product_ids in (vulnerability.product_status or {}).items():
        status = STATUS.get(key)
        if status is not None:
            for number, product_id in enumerate(dict.fromkeys(product_ids)):
                yield status, f"product_status.{key}[{number}]", product_id
