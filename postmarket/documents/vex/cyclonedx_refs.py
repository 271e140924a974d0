"""What a CycloneDX `affects[].ref` points at: a component of this document, or of another SBOM by BOM-Link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import msgspec

from postmarket.documents.vex.interface import Product
from postmarket.documents.vex.words import cpe, hashes, text, texts, typed

_BOM_LINK = re.compile(r"urn:cdx:(?P<serial>[0-9a-fA-F-]{36})/(?P<version>[0-9]{1,9})(?:#(?P<ref>.+))?", re.DOTALL)


class _Hash(msgspec.Struct):
    alg: str | None = None
    content: str | None = None


class _Party(msgspec.Struct):
    name: str | None = None


class _Component(msgspec.Struct):
    ref: str | None = msgspec.field(default=None, name="bom-ref")
    name: str | None = None
    group: str | None = None
    version: str | None = None
    publisher: str | None = None
    supplier: _Party | None = None
    manufacturer: _Party | None = None
    purl: str | None = None
    cpe: str | None = None
    hashes: list[_Hash] | None = None
    components: list[_Component] | None = None


class _Metadata(msgspec.Struct):
    component: _Component | None = None


class _Document(msgspec.Struct):
    serialNumber: str | None = None  # noqa: N815 - CycloneDX's spelling
    version: int = 1
    metadata: _Metadata | None = None
    components: list[_Component] | None = None
    services: list[_Component] | None = None


@dataclass(frozen=True, slots=True)
class Refs:
    """The products a CycloneDX document describes, by bom-ref; `own` is its own BOM-Link without the fragment."""

    own: str
    products: Mapping[str, Product | None]

    @classmethod
    def of(cls, tree: dict[str, Any], *, name: str) -> Refs:
        """
        Read the components, the subject and the services of a document.

        A ref given twice names nothing: to take either would apply a statement to the wrong component. Everything
        but the subject is `within` it. Raises VexError for another shape.
        """
        document = typed(tree, _Document, name=name)
        subject = document.metadata.component if document.metadata else None
        device = _product(subject) if subject else None
        products: dict[str, Product | None] = {}
        if subject is not None and device is not None and device.ref:
            products[device.ref] = device
        listed = (*((subject.components or ()) if subject else ()), *(document.components or ()))
        for component in _walk((*listed, *(document.services or ()))):
            ref = text(component.ref)
            if ref:
                products[ref] = None if ref in products else _product(component, within=device)
        serial = text(document.serialNumber).lower().removeprefix("urn:uuid:")
        return cls(own=f"urn:cdx:{serial}/{document.version}" if serial else "", products=products)

    def product(self, ref: str) -> Product:
        """What `ref` names. Another SBOM's component is known by its BOM-Link alone, and by a purl used as bom-ref."""
        written = text(ref)
        link = _BOM_LINK.fullmatch(written)
        local, bom = written, ""
        if link is not None:
            bom = f"urn:cdx:{link['serial'].lower()}/{link['version']}"
            local = unquote(link["ref"] or "")
        if bom in ("", self.own):
            found = self.products.get(local)
            if found is not None:
                return found
        purls = (local,) if local.startswith("pkg:") else ()
        return Product(ref=local or written, purls=purls, bom=bom if bom != self.own else "", described=False)


def _walk(components: Iterable[_Component]) -> Iterator[_Component]:
    """The components and all that are nested in them."""
    waiting = list(components)
    while waiting:
        component = waiting.pop()
        yield component
        waiting.extend(component.components or ())


def _product(component: _Component, *, within: Product | None = None) -> Product:
    parties = (component.supplier, component.manufacturer)
    vendors = texts([*(party.name for party in parties if party is not None), component.publisher])
    group = text(component.group)
    return Product(
        ref=text(component.ref),
        vendor=next(iter(vendors), "") or group,
        name=f"{group}/{text(component.name)}" if group else text(component.name),
        versions=texts([component.version]),
        purls=texts([component.purl]),
        cpes=cpe(component.cpe),
        hashes=hashes((one.alg or "", one.content or "") for one in component.hashes or ()),
        within=within,
    )
