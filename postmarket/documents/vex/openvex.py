"""OpenVEX 0.0.1 to 0.2.0 (https://github.com/openvex/spec)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from postmarket.documents.errors import VexError
from postmarket.documents.vex.interface import Product, Statement, Status, VexFormat
from postmarket.documents.vex.words import cpe, hashes, justification, text, texts, typed, utc


class _Component(msgspec.Struct):
    id: str | None = msgspec.field(default=None, name="@id")
    identifiers: dict[str, str | None] | None = None
    hashes: dict[str, str | None] | None = None
    subcomponents: list[_Component | str] | None = None


class _Vulnerability(msgspec.Struct):
    id: str | None = msgspec.field(default=None, name="@id")
    name: str | None = None
    aliases: list[str] | None = None


class _Statement(msgspec.Struct):
    status: str
    vulnerability: _Vulnerability | str | None = None
    products: list[_Component | str] | None = None
    subcomponents: list[_Component | str] | None = None
    """Version 0.0.1 lists them beside the products, not in them."""
    timestamp: str | None = None
    justification: str | None = None
    impact_statement: str | None = None
    action_statement: str | None = None
    status_notes: str | None = None
    statement: str | None = None
    """What version 0.0.1 called the notes."""


class _Document(msgspec.Struct):
    statements: list[_Statement]
    id: str | None = msgspec.field(default=None, name="@id")
    author: str | None = None
    timestamp: str | None = None


MOST_PAIRS = 100_000
"""Products times subcomponents in one document of version 0.0.1, where each of the ones meets each of the others."""


def is_openvex(tree: dict[str, Any]) -> bool:
    """Whether a JSON object says that it is an OpenVEX document."""
    context = tree.get("@context")
    contexts = context if isinstance(context, list) else [context]
    return any(isinstance(one, str) and "openvex" in one.lower() for one in contexts)


def read_openvex(tree: dict[str, Any], *, name: str) -> Iterator[Statement]:
    """
    The statements of an OpenVEX document, one for each product or subcomponent.

    A subcomponent is the product of its statement, `within` the product that lists it. A statement without its own
    time has the document's. Raises VexError for another shape, an unknown status (naming the place), and more than
    `MOST_PAIRS` pairs of product and subcomponent.
    """
    document = typed(tree, _Document, name=name)
    _check_pairs(document, name)
    for index, statement in enumerate(document.statements):
        place = f"statements[{index}]"
        try:
            status = Status(statement.status)
        except ValueError:
            raise VexError(
                f"{statement.status!r} is no VEX status",
                where=f"{name}: {place}.status",
                next_step=f"Use one of {', '.join(Status)}.",
            ) from None
        main, aliases = _vulnerability(statement.vulnerability)
        label, said = justification(statement.justification)
        for at, product in _products(statement, place):
            yield Statement(
                source=name,
                format=VexFormat.OPENVEX,
                document=text(document.id),
                author=text(document.author),
                timestamp=utc(statement.timestamp) or utc(document.timestamp),
                vulnerability=main,
                aliases=aliases,
                product=product,
                status=status,
                justification=label,
                said=said,
                impact=text(statement.impact_statement),
                action=text(statement.action_statement),
                notes=text(statement.status_notes or statement.statement),
                place=at,
            )


def _check_pairs(document: _Document, name: str) -> None:
    pairs = sum(len(one.products or ()) * len(one.subcomponents or ()) for one in document.statements)
    if pairs > MOST_PAIRS:
        raise VexError(
            f"pairs products with subcomponents more than {MOST_PAIRS:,} times",
            where=name,
            next_step="Ask the supplier for a smaller document.",
        )


def _vulnerability(given: _Vulnerability | str | None) -> tuple[str, tuple[str, ...]]:
    """Its name and its other names. An `@id` is the address of a description, not a name."""
    if not isinstance(given, _Vulnerability):
        return text(given), ()
    main = text(given.name)
    return main, tuple(alias for alias in texts(given.aliases or ()) if alias != main)


def _products(statement: _Statement, place: str) -> Iterator[tuple[str, Product]]:
    products = statement.products or []
    if not products:
        yield place, Product(ref="", described=False)
    for index, given in enumerate(products):
        at = f"{place}.products[{index}]"
        product = _product(given)
        parts = (given.subcomponents or []) if isinstance(given, _Component) else []
        for number, part in enumerate(parts):
            yield f"{at}.subcomponents[{number}]", _product(part, within=product)
        for number, part in enumerate(statement.subcomponents or []):
            yield f"{place}.subcomponents[{number}]", _product(part, within=product)
        if not parts and not statement.subcomponents:
            yield at, product


def _product(given: _Component | str, *, within: Product | None = None) -> Product:
    component = _Component(id=given) if isinstance(given, str) else given
    ref = text(component.id)
    identifiers = component.identifiers or {}
    named = {kind.lstrip("@").lower(): value for kind, value in identifiers.items()}
    return Product(
        ref=ref,
        purls=texts([named.get("purl"), ref if ref.startswith("pkg:") else None]),
        cpes=tuple(
            dict.fromkeys(
                (*cpe(named.get("cpe23")), *cpe(named.get("cpe22")), *cpe(ref if ref.startswith("cpe:") else None))
            )
        ),
        hashes=hashes((algorithm, value or "") for algorithm, value in (component.hashes or {}).items()),
        within=within,
    )
