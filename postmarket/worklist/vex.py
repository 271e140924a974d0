"""A supplier's VEX applied to rows: with attribution, a line for every statement, and never a guess."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from postmarket.documents.vex.interface import Status
from postmarket.sbom.interface import Component
from postmarket.sources.names import fold_name
from postmarket.versions import cpe as cpes
from postmarket.versions import purl as purls
from postmarket.versions.errors import InvalidCpe, InvalidPurl
from postmarket.worklist.interface import Lane, VexLine, VexOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postmarket.documents.vex.interface import Product, Statement
    from postmarket.worklist.interface import DeviceVersion, Row

CLEARING = frozenset({Status.NOT_AFFECTED, Status.FIXED})


def apply_vex(rows: Sequence[Row], statements: Sequence[Statement]) -> tuple[list[Row], list[VexLine]]:
    """
    The rows with the statements that hold for them, and what became of every statement.

    A row a supplier clears (not affected with a reason, or fixed) moves to its own lane, where people confirm it; the
    newest statement decides where several hold, and an unclear one decides nothing. Rows come back in their order.
    """
    by_name: dict[str, list[int]] = defaultdict(list)
    for position, row in enumerate(rows):
        for name in (row.vulnerability.name, *row.vulnerability.aliases):
            by_name[name].append(position)
    held: dict[int, list[Statement]] = defaultdict(list)
    lines = []
    for statement in statements:
        candidates = sorted({position for name in statement.ids for position in by_name.get(name, ())})
        line, positions = _apply(statement, rows, candidates)
        lines.append(line)
        for position in positions:
            held[position].append(statement)
    return [_with(row, held.get(position, [])) for position, row in enumerate(rows)], lines


def _apply(statement: Statement, rows: Sequence[Row], candidates: Sequence[int]) -> tuple[VexLine, list[int]]:
    place = f"{PurePath(statement.source).name} {statement.place}"
    subject = f"{place}: {' '.join(statement.ids)} {statement.product.label}"
    if statement.shortfall and statement.status is not Status.AFFECTED:
        return VexLine(statement, VexOutcome.SKIPPED, f"{subject} {statement.shortfall}"), []
    if not candidates:
        return VexLine(statement, VexOutcome.SKIPPED, f"{subject}: no row of this scan is about it"), []
    fitting, unclear = [], ""
    for position in candidates:
        fits = _is_meant(statement.product, rows[position].component, rows[position].device)
        if fits is True:
            fitting.append(position)
        elif isinstance(fits, str):
            unclear = unclear or fits
    if fitting:
        what = f"{subject}: {statement.status.value}, says {statement.author or 'the supplier'}"
        return VexLine(
            statement, VexOutcome.APPLIED, f"{what} ({len(fitting)} row{'' if len(fitting) == 1 else 's'})"
        ), fitting
    if unclear:
        return VexLine(statement, VexOutcome.AMBIGUOUS, f"{subject}: {unclear}"), []
    return VexLine(statement, VexOutcome.SKIPPED, f"{subject}: the product is none of this scan's"), []


def _with(row: Row, statements: Sequence[Statement]) -> Row:
    if not statements:
        return row
    ordered = tuple(sorted(statements, key=lambda statement: statement.timestamp, reverse=True))
    newest = {statement.status for statement in ordered if statement.timestamp == ordered[0].timestamp}
    lane = Lane.SUPPLIER_NOT_AFFECTED if newest <= CLEARING else row.lane
    return replace(row, vex=ordered, lane=lane)


def _is_meant(product: Product, component: Component, device: DeviceVersion) -> bool | str:
    """Whether `product` is this component on this device: yes, no, or why that is not clear."""
    if product.within is not None:
        inside = _is_inside(product.within, component, device)
        if inside is not True:
            return inside
    found = _same_product(product, component)
    if found is None:
        return False
    theirs, ours = found
    if product.versions:
        return component.version in product.versions or ours in product.versions
    if product.ranges:
        return f"a person has to read whether {ours} is in {', '.join(product.ranges)}"
    if theirs:
        return theirs == ours
    return "it names no version"


def _same_product(product: Product, component: Component) -> tuple[str, str] | None:
    """The versions the matching identifier gives, theirs ("" when none) and ours; None when it is another product."""
    for text in product.purls:
        versions = _same_purl(text, component)
        if versions is not None:
            return versions
    for text in product.cpes:
        versions = _same_cpe(text, component)
        if versions is not None:
            return versions
    if product.purls or product.cpes or not product.name:
        return None
    if fold_name(product.name) != fold_name(component.name):
        return None
    if product.vendor and component.supplier and fold_name(product.vendor) != fold_name(component.supplier):
        return None
    return "", component.version


def _same_purl(said: str, component: Component) -> tuple[str, str] | None:
    try:
        theirs, ours = purls.parse(said), purls.parse(component.purl)
    except InvalidPurl:
        return None
    if not set(purls.product_names(theirs)) & set(purls.product_names(ours)):
        return None
    return purls.version_of(theirs), purls.version_of(ours) or component.version


def _same_cpe(said: str, component: Component) -> tuple[str, str] | None:
    try:
        theirs = cpes.parse(said)
        listed = [cpes.parse(text) for text in component.cpes]
    except InvalidCpe:
        return None
    for ours in listed:
        if cpes.product_name(ours) == cpes.product_name(theirs):
            return cpes.version_text(theirs), cpes.version_text(ours) or component.version
    return None


def _is_inside(outer: Product, component: Component, device: DeviceVersion) -> bool | str:
    """Whether `outer` is the device, or something of its SBOM the component is nested in; or what is unclear."""
    subject = device.bom.subject
    names = {fold_name(device.device), fold_name(subject.name) if subject is not None else ""} - {""}
    if fold_name(outer.name or outer.title) in names:
        stated = Component(
            ref="",
            name=device.device,
            version=device.version,
            purl=subject.purl if subject is not None else "",
            cpes=subject.cpes if subject is not None else (),
        )
        return _right_version(outer, stated)
    by_ref = {item.ref: item for item in device.bom.components}
    seen: set[str] = set()
    parent = by_ref.get(component.parent)
    while parent is not None and parent.ref not in seen:
        seen.add(parent.ref)
        if _same_product(outer, parent) is not None:
            return _right_version(outer, parent)
        parent = by_ref.get(parent.parent)
    return f"it speaks of the component inside {outer.label}, and this may be another product"


def _right_version(outer: Product, stated: Component) -> bool | str:
    """Whether `stated` is of a version that `outer` means; one that names no version means every version."""
    other = f"it speaks of {outer.label}, and this is {stated.name} {stated.version}"
    if outer.versions:
        return stated.version in outer.versions or other
    if outer.ranges:
        return f"a person has to read whether {stated.name} {stated.version} is in {', '.join(outer.ranges)}"
    named = {version for version in map(_version_in, (*outer.purls, *outer.cpes)) if version}
    return not named or stated.version in named or other


def _version_in(identifier: str) -> str:
    """The version inside a purl or CPE; "" when it names none or is neither."""
    try:
        if identifier.startswith("pkg:"):
            return purls.version_of(purls.parse(identifier))
        return cpes.version_text(cpes.parse(identifier))
    except (InvalidPurl, InvalidCpe):
        return ""
