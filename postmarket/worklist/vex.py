"""A supplier's VEX applied to rows: with attribution, a line for every statement, and never a guess."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from postmarket.documents.vex.interface import Status
from postmarket.sbom.interface import Component
from postmarket.sources.names import fold_name
from postmarket.versions import cpe as cpes
from postmarket.versions import purl as purls
from postmarket.versions.errors import InvalidCpe, InvalidPurl
from postmarket.worklist.interface import Lane, VexLine, VexOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postmarket.documents.vex.interface import Product, Statement
    from postmarket.worklist.interface import DeviceVersion, Row

CLEARING = frozenset({Status.NOT_AFFECTED, Status.FIXED})
EDITION = cpes.Cpe._fields.index("edition")
"""From here on a CPE's attributes tell editions and platforms apart; before stand the product and its version."""


def apply_vex(rows: Sequence[Row], statements: Sequence[Statement]) -> tuple[list[Row], list[VexLine]]:
    """
    The rows with the statements that hold for them, and what became of every statement.

    A row a supplier clears (not affected with a reason, or fixed) moves to its own lane, where people confirm it; one
    called affected moves to the worklist from any lane. The newest statement decides where several hold, the graver of
    two of one time; an unclear one decides nothing. Rows come back in their order.
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
    lane = row.lane
    if newest <= CLEARING:
        lane = Lane.SUPPLIER_NOT_AFFECTED
    elif Status.AFFECTED in newest:
        lane = Lane.WORKLIST
    return replace(row, vex=ordered, lane=lane)


class _Found(NamedTuple):
    """
    A component that `product` may be: the versions the identifier gives, theirs ("" when none) and ours.

    `unclear` says why it may be another product; `exact` is true when it can be no other version either.
    """

    theirs: str
    ours: str
    unclear: str = ""
    exact: bool = False


def _is_meant(product: Product, component: Component, device: DeviceVersion) -> bool | str:
    """Whether `product` is this component on this device: yes, no, or why that is not clear."""
    if product.within is not None:
        inside = _is_inside(product.within, component, device)
        if inside is not True:
            return inside
    found = _same_product(product, component, device)
    if found is None:
        return False
    right = _is_right(product, component, found)
    return found.unclear if right is True and found.unclear else right


def _is_right(product: Product, component: Component, found: _Found) -> bool | str:
    """Whether the component is of a version that is meant."""
    if product.versions:
        return component.version in product.versions or found.ours in product.versions
    if product.ranges:
        return f"a person has to read whether {found.ours} is in {', '.join(product.ranges)}"
    if found.exact:
        return True
    if found.theirs:
        return found.theirs == found.ours
    return "it names no version"


def _same_product(product: Product, component: Component, device: DeviceVersion) -> _Found | None:
    """What the surest identifier that fits says; None when it is another product."""
    ours = _serial(device.bom.serial)
    if product.bom and ours and _serial(product.bom) == ours:
        return _Found("", component.version, exact=True) if product.ref == component.ref else None
    if any(component.hashes.get(kind) == value for kind, value in product.hashes if kind == "SHA-256"):
        return _Found("", component.version, exact=True)
    found = [item for text in product.purls if (item := _same_purl(text, component)) is not None]
    found = found or [item for text in product.cpes for item in _same_cpe(text, component)]
    if found:
        return min(found, key=lambda item: (bool(item.unclear), item.theirs != item.ours))
    if product.purls or product.cpes or not product.name:
        return None
    return _same_name(product, component)


def _serial(link: str) -> str:
    """The bare serial number of a BOM-Link (`urn:cdx:…/1`) or of an SBOM (`urn:uuid:…`)."""
    return link.lower().removeprefix("urn:uuid:").removeprefix("urn:cdx:").partition("/")[0]


def _same_name(product: Product, component: Component) -> _Found | None:
    if fold_name(product.name) != fold_name(component.name):
        return None
    if not product.vendor:
        return _Found("", component.version)
    vendor = fold_name(product.vendor)
    if component.supplier:
        return _Found("", component.version) if vendor == fold_name(component.supplier) else None
    if vendor in {fold_name(cpes.unescape(ours.vendor)) for ours in _readable(component.cpes)}:
        return _Found("", component.version)
    return _Found("", component.version, f"it speaks of {product.vendor}'s, and the SBOM states no supplier")


def _same_purl(said: str, component: Component) -> _Found | None:
    try:
        theirs, ours = purls.parse(said), purls.parse(component.purl)
    except InvalidPurl:
        return None
    if not set(purls.product_names(theirs)) & set(purls.product_names(ours)):
        return None
    return _Found(purls.version_of(theirs), purls.version_of(ours) or component.version)


def _same_cpe(said: str, component: Component) -> Iterator[_Found]:
    for theirs in _readable((said,)):
        for ours in _readable(component.cpes):
            if cpes.product_name(ours) != cpes.product_name(theirs):
                continue
            covered = {
                name: cpes.covers(getattr(theirs, name), getattr(ours, name)) for name in cpes.Cpe._fields[EDITION:]
            }
            if False in covered.values():
                continue
            open_ = [name for name, answer in covered.items() if answer is None]
            unclear = f"it is for one {', '.join(open_)} only, which the SBOM does not state" if open_ else ""
            yield _Found(cpes.version_text(theirs), cpes.version_text(ours) or component.version, unclear)


def _readable(texts: Sequence[str]) -> Iterator[cpes.Cpe]:
    """The CPE names among `texts`: one that is none hides no other."""
    for text in texts:
        try:
            yield cpes.parse(text)
        except InvalidCpe:
            continue


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
        found = _same_product(outer, parent, device)
        if found is not None:
            return found.unclear or _right_version(outer, parent)
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
