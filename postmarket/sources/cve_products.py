"""
How an `affected[]` entry of a CVE record names its product.

By CPE, by purl, by a package of a known registry; else by vendor and product in words. Where a distribution speaks
of its packages, the entry's CPEs only say where the package is shipped (Red Hat: kernel, in Enterprise Linux 8): they
are not what is affected, unless they bear its name.
"""

from __future__ import annotations

from typing import NamedTuple

from postmarket.sources.interface import NameKind
from postmarket.sources.names import fold_name, product_name
from postmarket.versions import cpe as cpes
from postmarket.versions import purl as purls
from postmarket.versions.errors import InvalidCpe, InvalidPurl

_REGISTRIES = {
    "registry.npmjs.org": "npm",
    "www.npmjs.com": "npm",
    "npmjs.com": "npm",
    "pypi.org": "pypi",
    "pypi.python.org": "pypi",
    "repo.maven.apache.org": "maven",
    "repo1.maven.org": "maven",
    "mvnrepository.com": "maven",
    "rubygems.org": "gem",
    "www.nuget.org": "nuget",
    "nuget.org": "nuget",
    "api.nuget.org": "nuget",
    "crates.io": "cargo",
    "packagist.org": "composer",
    "pkg.go.dev": "golang",
    "proxy.golang.org": "golang",
    "hex.pm": "hex",
    "pub.dev": "pub",
    "access.redhat.com/downloads/content/package-browser": "rpm/redhat",
    "packages.fedoraproject.org": "rpm/fedora",
    "packages.debian.org": "deb/debian",
    "packages.ubuntu.com": "deb/ubuntu",
}
"""The purl type (and namespace) of the packages in a collection, by the beginning of its `collectionURL`."""
_DISTRIBUTORS = ("redhat.com", "fedoraproject.org", "debian.org", "ubuntu.com", "suse.com", "openeuler")
_NOBODY = frozenset(("", "n/a", "na", "-", "unknown", "unspecified", "none"))


class Product(NamedTuple):
    """One name of the product, and the CPE attributes that narrow it."""

    kind: NameKind
    name: str
    attributes: str = ""


def products(
    *, vendor: str, product: str, package: str, collection: str, purl: str, cpes_: list[str]
) -> tuple[list[Product], list[str]]:
    """Every name of an entry's product, each once, and the names that could not be read, with why."""
    found: dict[Product, None] = {}
    unread: list[str] = []
    if purl:
        try:
            found[Product(NameKind.PURL, purls.product_names(purls.parse(purl))[-1])] = None
        except InvalidPurl as error:
            unread.append(error.line())
    listed = "" if found or not package else _package(package, collection)
    if listed:
        found[Product(NameKind.PURL, listed)] = None
    shipped = bool(package) and any(host in collection.lower() for host in _DISTRIBUTORS)
    for text in cpes_:
        try:
            name = cpes.parse(text)
        except InvalidCpe as error:
            unread.append(error.line())
            continue
        if not shipped or fold_name(cpes.unescape(name.product)) == fold_name(package):
            found[Product(NameKind.CPE, cpes.product_name(name), cpes.attributes(_without_update(name)))] = None
    if not found:
        words = _words(vendor, product, package)
        if words:
            found[Product(NameKind.NAME, words)] = None
    return list(found), unread


def _without_update(name: cpes.Cpe) -> cpes.Cpe:
    """The versions beside it say which updates are meant; the name's own `-` would contradict them."""
    return name._replace(update=cpes.ANY)


def _package(package: str, collection: str) -> str:
    place = collection.partition("://")[2].lower()
    registry = next((kind for start, kind in _REGISTRIES.items() if f"{place}/".startswith(f"{start}/")), None)
    if registry is None:
        return ""
    path = package.strip().replace(":", "/", 1) if registry == "maven" else package.strip()
    try:
        return purls.product_names(purls.parse(f"pkg:{registry}/{path}"))[-1]
    except InvalidPurl:
        return ""


def _words(vendor: str, product: str, package: str) -> str:
    name = package or ("" if product.strip().lower() in _NOBODY else product)
    if not fold_name(name):
        return ""
    return product_name("" if vendor.strip().lower() in _NOBODY else vendor, name)
