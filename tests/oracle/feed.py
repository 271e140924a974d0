"""An NVD 2.0 feed as it is written, read with the standard library."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tests.oracle.names import Cpe, cpe
from tests.oracle.order import order
from tests.oracle.ranges import EVERY, Range, between, is_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.oracle.order import Item

BOUNDS = ("versionStartIncluding", "versionStartExcluding", "versionEndIncluding", "versionEndExcluding")


@dataclass(frozen=True, eq=False)
class Leaf:
    """One `cpeMatch`."""

    cpe: Cpe
    vulnerable: bool
    bounds: dict[str, str]
    """Those of `BOUNDS` that are given."""

    @cached_property
    def range(self) -> Range | None:
        """
        The versions it speaks of; None when its words cannot be read, or name no version (`-`).

        A platform with version `-` is there in whatever version (D1).
        """
        if self.bounds:
            return between(self.bounds)
        if self.cpe.version.written == "*":
            return EVERY
        if self.cpe.version.written == "-":
            return None if self.vulnerable else EVERY
        return between({"versionStartIncluding": self.cpe.full_version, "versionEndIncluding": self.cpe.full_version})

    @cached_property
    def only(self) -> tuple[Item, ...] | None:
        """What the one version that its CPE names sorts by, without its update; None when it names none or several."""
        if self.bounds or not self.cpe.states_version or is_wildcard(self.cpe.version.plain):
            return None
        return order(self.cpe.version.plain)


@dataclass(frozen=True, eq=False)
class Branch:
    """A configuration or a node of one; a missing operator is OR."""

    operator: str
    negate: bool
    parts: tuple[Branch | Leaf, ...]

    def leaves(self) -> Iterator[Leaf]:
        """All leaves below, in order."""
        for part in self.parts:
            if isinstance(part, Leaf):
                yield part
            else:
                yield from part.leaves()


@dataclass(frozen=True, eq=False)
class Alternative:
    """A part of a configuration that makes a match by itself, and its vulnerable leaves."""

    part: Branch | Leaf
    vulnerable: tuple[Leaf, ...]


@dataclass(frozen=True, eq=False)
class Cve:
    """One CVE and its configurations."""

    id: str
    rejected: bool
    configurations: tuple[Branch, ...]

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """All leaves of all configurations."""
        return tuple(leaf for configuration in self.configurations for leaf in configuration.leaves())

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """What is enough by itself, over all configurations."""
        return tuple(each for configuration in self.configurations for each in _alternatives(configuration))


@dataclass(repr=False)
class Feed:
    """All CVEs, and which of them name a product; too many to print when a test fails."""

    cves: list[Cve] = field(default_factory=list)
    by_product: dict[tuple[str, str, str], list[Cve]] = field(default_factory=lambda: defaultdict(list))
    with_patterns: list[Cve] = field(default_factory=list)
    """CVEs that name a vendor or product by a pattern: they cannot be looked up, so they are always walked."""

    def speaking_of(self, name: Cpe) -> list[Cve]:
        """The CVEs that may say something of `name`."""
        named = self.by_product.get(name.product_key, [])
        by_pattern = (cve for cve in self.with_patterns if any(leaf.cpe.names_product_of(name) for leaf in cve.leaves))
        return [*named, *(cve for cve in by_pattern if cve not in named)]

    def add(self, cve: Cve) -> None:
        """Add one CVE."""
        self.cves.append(cve)
        for key in {leaf.cpe.product_key for leaf in cve.leaves}:
            self.by_product[key].append(cve)
        if any(leaf.cpe.product_is_pattern for leaf in cve.leaves):
            self.with_patterns.append(cve)


def read(paths: Iterable[Path]) -> Feed:
    """Read feed files (`.json` or `.json.gz`)."""
    feed = Feed()
    for path in paths:
        raw = path.read_bytes()
        for item in json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)["vulnerabilities"]:
            feed.add(_cve(item["cve"]))
    return feed


def _cve(given: dict[str, Any]) -> Cve:
    return Cve(
        id=given["id"],
        rejected=given.get("vulnStatus") == "Rejected",
        configurations=tuple(_branch(each) for each in given.get("configurations", [])),
    )


def _branch(given: dict[str, Any]) -> Branch:
    """A configuration or node; its parts are its matches, then its nodes."""
    matches = [_leaf(each) for each in given.get("cpeMatch", [])]
    nodes = [_branch(each) for each in [*given.get("nodes", []), *given.get("children", [])]]
    return Branch(operator=given.get("operator") or "OR", negate=given.get("negate") is True, parts=(*matches, *nodes))


def _alternatives(part: Branch | Leaf) -> Iterator[Alternative]:
    """An OR that is not negated only lists alternatives, and an AND of one thing is that thing."""
    if isinstance(part, Leaf):
        yield Alternative(part, (part,) if part.vulnerable else ())
    elif part.negate or (part.operator == "AND" and len(part.parts) != 1):
        yield Alternative(part, tuple(leaf for leaf in part.leaves() if leaf.vulnerable))
    else:
        for each in part.parts:
            yield from _alternatives(each)


def _leaf(given: dict[str, Any]) -> Leaf:
    return Leaf(
        cpe=cpe(given["criteria"]),
        vulnerable=given["vulnerable"],
        bounds={name: given[name] for name in BOUNDS if given.get(name)},
    )
