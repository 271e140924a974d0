"""Which components are one: what is decided once must be the same thing, today and after an upgrade."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest

from postmarket.inventory.rules.identity import identity_key
from postmarket.matching.aliases import AliasTable, builtin, one_entry
from postmarket.matching.identities import identity
from postmarket.matching.interface import Identity
from postmarket.sbom.interface import Component

NAMES = ("openssl", "OpenSSL", "open ssl", "libssl3", "zlib")
VERSIONS = ("", "3.0.7", " 3.0.7", "*")
SUPPLIERS = ("", "OpenSSL Foundation", "OpenSSL Foundation, Inc.", "Other")
KINDS = ("library", "operating-system", "firmware", "application")
PURLS = (
    "",
    "pkg:generic/openssl@3.0.7",
    "pkg:generic/openssl@3.0.7?arch=arm64",
    "pkg:deb/debian/openssl@3.0.11-1?distro=bookworm&arch=amd64",
    "pkg:deb/debian/openssl@3.0.11-1?arch=arm64&distro=bookworm",
    "pkg:npm/openssl@3.0.7",
    "no purl at all",
)
CPES: tuple[tuple[str, ...], ...] = ((), ("cpe:2.3:a:openssl:openssl:3.0.7:*:*:*:*:*:*:*",))
EVERY = [
    Component(ref="a", name=name, version=version, supplier=supplier, kind=kind, purl=purl, cpes=cpes)
    for name, version, supplier, kind, purl, cpes in product(NAMES, VERSIONS, SUPPLIERS, KINDS, PURLS, CPES)
]
FIRM = one_entry(names=("libssl3",), cpe=("a:openssl:openssl",), where="test")
TABLES = (AliasTable(), builtin(), builtin().joined(FIRM))


@pytest.mark.parametrize("table", TABLES)
def test_equal_keys_are_looked_up_alike_under_any_alias_table(table: AliasTable) -> None:
    """Else a decision on one would be taken for the other, which matches something else. All 4,480 of them."""
    found: dict[str, set[Identity]] = defaultdict(set)
    for component in EVERY:
        found[identity_key(component)].add(identity(component, table))

    assert [key for key, several in found.items() if len(several) > 1] == []
    assert len(found) < len(EVERY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Component(ref="a", name="openssl", version="3.0.7"), Component(ref="b", name="OpenSSL", version="3.0.7 ")),
        (
            Component(ref="a", name="x", purl="pkg:deb/debian/openssl@3?arch=amd64&distro=bookworm"),
            Component(ref="b", name="x", purl="pkg:deb/debian/openssl@3?distro=bookworm&arch=arm64"),
        ),
        (
            Component(ref="a", name="x", purl="pkg:npm/x@1", supplier="One"),
            Component(ref="b", name="x", purl="pkg:npm/x@1", supplier="Other"),
        ),
    ],
)
def test_what_says_nothing_of_the_product_makes_no_other_identity(one: Component, other: Component) -> None:
    """Case, architecture, the local name, and a supplier where the package's name says it all."""
    assert identity_key(one) == identity_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Component(ref="a", name="x", version="1"), Component(ref="a", name="x", version="1.0")),
        (
            Component(ref="a", name="x", purl="pkg:deb/debian/x@1?distro=bookworm"),
            Component(ref="a", name="x", purl="pkg:deb/debian/x@1?distro=trixie"),
        ),
        (Component(ref="a", name="x", supplier="One"), Component(ref="a", name="x", supplier="Other")),
        (
            Component(ref="a", name="x", supplier="One", kind="library"),
            Component(ref="a", name="x", supplier="One", kind="operating-system"),
        ),
    ],
)
def test_what_says_of_the_product_makes_another(one: Component, other: Component) -> None:
    """Versions as written, a distribution's release, the maker of what has no package name."""
    assert identity_key(one) != identity_key(other)


def test_the_key_is_the_same_after_an_upgrade() -> None:
    """Decisions are kept by it: this answer must never change."""
    component = Component(
        ref="pkg", name="OpenSSL", version="3.0.7", purl="pkg:generic/openssl@3.0.7", supplier="OpenSSL Foundation"
    )
    assert identity_key(component) == "bb81836f73a941f0aa7478e8c9423cf7"
