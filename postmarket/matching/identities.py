"""From a component as listed to everything it can be looked up by."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from postmarket.matching.interface import Confidence, Identity, Name, Rung
from postmarket.sources.interface import NameKind
from postmarket.sources.names import fold_name, product_name
from postmarket.versions import cpe as cpes
from postmarket.versions import purl as purls
from postmarket.versions.errors import InvalidCpe, InvalidPurl
from postmarket.versions.keys import scheme_of_purl_type, upstream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.matching.aliases import AliasTable
    from postmarket.sbom.interface import Component
    from postmarket.versions.cpe import Cpe
    from postmarket.versions.interface import Scheme
    from postmarket.versions.purl import Purl

DISTRIBUTION_TYPES = frozenset({"deb", "rpm", "apk"})
NAMED_TYPES = DISTRIBUTION_TYPES | {"", "generic", "github", "gitlab", "bitbucket", "conan", "yocto", "bitbake", "opkg"}
"""purl types whose package names are upstream's own, so that the alias table's component names hold for them."""
OPERATING_SYSTEM_KINDS = frozenset({"operating-system", "firmware"})

TARGET_SOFTWARE = {
    "npm": "node.js",
    "pypi": "python",
    "gem": "ruby",
    "cargo": "rust",
    "golang": "go",
    "nuget": ".net",
    "maven": "maven",
    "composer": "php",
}
"""CPE target_sw as NVD writes it for packages of a language."""

UNKNOWN_VERSIONS = frozenset({"", "*", "-", "unknown", "noassertion", "none", "n/a"})


def identity(component: Component, aliases: AliasTable) -> Identity:
    """
    Everything `component` can be looked up by, surest rung first.

    An inventory CPE's `*` means unknown, not "any": the version then comes from the component, or is unknown.
    """
    purl = _purl(component.purl)
    names: dict[tuple[NameKind, str, bool], Name] = {}
    for name in _names(component, purl, aliases):
        names.setdefault((name.kind, name.name, name.exact), name)
    kind = purl.type if purl is not None else ""
    return Identity(
        names=tuple(names.values()),
        attributes=_attributes(component, kind),
        distribution=kind if kind in DISTRIBUTION_TYPES else "",
        ecosystem=kind,
        word=fold_name(component.name),
    )


def _names(component: Component, purl: Purl | None, aliases: AliasTable) -> Iterator[Name]:
    kind = purl.type if purl is not None else ""
    listed = "" if component.version.lower() in UNKNOWN_VERSIONS else component.version
    plain = upstream(scheme_of_purl_type(kind), listed or (purl.version if purl is not None else ""))
    if purl is not None:
        yield from _purl_names(purl, listed)
    for cpe in _cpes(component):
        yield from _cpe_names(cpe, plain, scheme_of_purl_type(kind), aliases)
    yield from _alias_names(component, purl, plain, aliases)
    yield from _supplier_names(component, kind, plain)


def _purl_names(purl: Purl, listed: str) -> Iterator[Name]:
    for name in purls.product_names(purl):
        yield Name(Rung.PURL, NameKind.PURL, name, purls.version_of(purl) or listed, Confidence.HIGH)
    source = purls.source_package(purl)
    if source is not None:
        for name in purls.product_names(source):
            yield Name(Rung.PURL, NameKind.PURL, name, purls.version_of(source) or listed, Confidence.HIGH)


def _cpe_names(cpe: Cpe, listed: str, scheme: Scheme, aliases: AliasTable) -> Iterator[Name]:
    """`scheme` is that of the component's purl: scanners write a distribution's version into the CPE as it is."""
    product = cpes.product_name(cpe)
    version = upstream(scheme, cpes.version_text(cpe)) or listed
    yield Name(Rung.CPE, NameKind.CPE, product, version, Confidence.HIGH)
    if cpe.update not in (cpes.ANY, cpes.NA) and version:
        yield Name(Rung.CPE, NameKind.CPE, product, cpes.unescape(cpe.version), Confidence.HIGH, exact=True)
    yield Name(Rung.CPE, NameKind.NAME, _in_words(product), version, Confidence.MEDIUM)
    for other in aliases.by_cpe.get(product, ()):
        yield Name(Rung.ALIAS, NameKind.CPE, other, version, Confidence.MEDIUM)


def _alias_names(component: Component, purl: Purl | None, version: str, aliases: AliasTable) -> Iterator[Name]:
    found: tuple[str, ...] = ()
    if purl is not None:
        for name in purls.product_names(purl):
            found += aliases.by_purl.get(name, ())
    if purl is None or purl.type in NAMED_TYPES:
        found += aliases.by_name.get(fold_name(component.name), ())
        source = purls.source_package(purl) if purl is not None else None
        for package in (purl, source):
            if package is not None:
                found += aliases.by_name.get(fold_name(package.name), ())
    for product in found:
        yield Name(Rung.ALIAS, NameKind.CPE, product, version, Confidence.MEDIUM)
        yield Name(Rung.ALIAS, NameKind.NAME, _in_words(product), version, Confidence.MEDIUM)


def _supplier_names(component: Component, kind: str, version: str) -> Iterator[Name]:
    """By supplier and name in words, for what is not a package of a language: those are named by their purl."""
    if not component.supplier or kind not in NAMED_TYPES or kind in DISTRIBUTION_TYPES:
        return
    supplier, name = fold_name(component.supplier), fold_name(component.name)
    if not supplier or not name:
        return
    yield Name(Rung.NAME, NameKind.NAME, f"{supplier}:{name}", version, Confidence.MEDIUM)
    parts = ("o", "a") if component.kind in OPERATING_SYSTEM_KINDS else ("a", "o")
    for part in parts:
        for word in dict.fromkeys((name, "_".join(component.name.lower().split()))):
            yield Name(Rung.NAME, NameKind.CPE, f"{part}:{supplier}:{word}", version, Confidence.MEDIUM)


def _in_words(product: str) -> str:
    """`part:vendor:product` of a CPE as NameKind.NAME has it."""
    _, vendor, word = cpes.split(product)
    return product_name(cpes.unescape(vendor), cpes.unescape(word))


def _attributes(component: Component, kind: str) -> str:
    for cpe in _cpes(component):
        stated = cpes.attributes(cpe)
        if stated:
            return stated
    target = TARGET_SOFTWARE.get(kind)
    return f"*:*:*:*:{target}:*:*" if target else ""


def _cpes(component: Component) -> Iterator[Cpe]:
    for text in component.cpes:
        parsed = _cpe(text)
        if parsed is not None:
            yield parsed


@lru_cache(maxsize=1 << 14)
def _cpe(text: str) -> Cpe | None:
    try:
        return cpes.parse(text)
    except InvalidCpe:
        return None


@lru_cache(maxsize=1 << 14)
def _purl(text: str) -> Purl | None:
    try:
        return purls.parse(text) if text else None
    except InvalidPurl:
        return None
