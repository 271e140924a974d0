"""A component as somebody writes it, checked field by field."""

from __future__ import annotations

from msgspec.structs import replace

from postmarket.inventory.errors import InvalidComponent
from postmarket.sbom.interface import Component
from postmarket.versions import cpe as cpes
from postmarket.versions import purl as purls
from postmarket.versions.errors import InvalidCpe, InvalidPurl

LONGEST = 300
KINDS = ("application", "framework", "library", "operating-system", "firmware", "device", "device-driver", "container")
"""CycloneDX 1.6 component types that can be part of a device."""


def check_component(given: Component) -> Component:
    """The component in the form it is kept in. Raises InvalidComponent naming what cannot be right."""
    if given.kind not in KINDS:
        raise InvalidComponent(
            f"{given.kind[:40]!r} is no kind of component", where="kind", next_step=f"Use one of: {', '.join(KINDS)}."
        )
    return replace(
        given,
        name=_line("name", given.name, needed=True),
        version=_line("version", given.version),
        supplier=_line("supplier", given.supplier),
        purl=_purl(given.purl.strip()),
        cpes=tuple(dict.fromkeys(_cpe(text.strip()) for text in given.cpes if text.strip())),
    )


def _line(name: str, text: str, *, needed: bool = False) -> str:
    plain = " ".join(text.split())
    if (needed and not plain) or len(plain) > LONGEST or not plain.isprintable():
        raise InvalidComponent(
            f"This is no {name} of a component",
            where=name,
            why=f"it has {'1' if needed else '0'} to {LONGEST} printable characters",
            next_step="Write it as its supplier does.",
        )
    return plain


def _purl(text: str) -> str:
    if not text:
        return ""
    try:
        return purls.parse(text).text()
    except InvalidPurl as error:
        raise InvalidComponent(error.what, where="purl", why=error.why, next_step=error.next_step) from error


def _cpe(text: str) -> str:
    try:
        cpes.parse(text)
    except InvalidCpe as error:
        raise InvalidComponent(error.what, where="CPE", why=error.why, next_step=error.next_step) from error
    return text
