"""What can be said of a component that did, or did not, match: four states that are never mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.matching.interface import ComponentCoverage, Coverage
from postmarket.sbom.interface import ComponentClass
from postmarket.sources.interface import NameKind, Source
from postmarket.sources.names import fold_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from postmarket.matching.interface import Identity
    from postmarket.sbom.interface import Component
    from postmarket.versions.interface import Scheme

NOT_SOFTWARE_KINDS = frozenset({"file", "data", "machine-learning-model", "device"})
MAX_SUSPECTS = 3
FEED_OF_ECOSYSTEM = {
    "pypi": "PyPI",
    "npm": "npm",
    "maven": "Maven",
    "golang": "Go",
    "nuget": "NuGet",
    "gem": "RubyGems",
    "cargo": "crates.io",
    "composer": "Packagist",
    "hex": "Hex",
    "pub": "Pub",
    "deb": "Debian or Ubuntu",
    "rpm": "Red Hat, SUSE, Rocky Linux or AlmaLinux",
    "apk": "Alpine",
}
"""OSV's name for the feed that covers a purl type whole: a name it does not list has no known vulnerability."""


class CoverageJudge:
    """Judges components against what the store holds; asks the store once per ecosystem and per word."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._covered: dict[str, bool] = {}
        self._suspects: dict[str, tuple[str, ...]] = {}

    def judge(
        self,
        component: Component,
        identity: Identity,
        *,
        known: bool,
        ordered: bool,
        matched: bool,
        unordered: int,
        foreign: frozenset[Scheme],
        maker: str,
    ) -> ComponentCoverage:
        """
        The state of one component.

        `known`: some source has a product by one of its names; `ordered`: its version has a key for one of those;
        `matched`: it has a row; `unordered`: how many vulnerabilities are known of products for which it has no key;
        `foreign`: schemes its version is not of, although some source orders the product by them; `maker`: the
        device's maker, folded, whose own software no public source knows.
        """
        open_schemes = f"; what is ordered as {', '.join(sorted(foreign))} stays open" if foreign else ""
        if known and not ordered:
            version = f"version {component.version!r} cannot be ordered" if component.version else "no version is given"
            return ComponentCoverage(
                Coverage.UNMATCHED,
                f"{version}; {unordered} vulnerabilities are known of the product",
                next_step="State the exact version in the SBOM.",
                possible_without_version=unordered,
            )
        if matched:
            return ComponentCoverage(Coverage.MATCHED, f"in range of at least one vulnerability{open_schemes}")
        if known:
            return ComponentCoverage(
                Coverage.MATCHED_NONE, f"identified; its version is in no known range{open_schemes}"
            )
        return self._unknown(component, identity, maker)

    def _unknown(self, component: Component, identity: Identity, maker: str) -> ComponentCoverage:
        ecosystem = FEED_OF_ECOSYSTEM.get(identity.ecosystem)
        if ecosystem and self._is_covered(identity.ecosystem):
            if not component.version:
                return ComponentCoverage(
                    Coverage.UNMATCHED, "no version is given", next_step="State the exact version in the SBOM."
                )
            return ComponentCoverage(
                Coverage.MATCHED_NONE, f"the {identity.ecosystem} feed is loaded and knows no vulnerability of it"
            )
        if component.component_class is ComponentClass.OWN or (maker and fold_name(component.supplier) == maker):
            return ComponentCoverage(
                Coverage.NOT_MONITORABLE,
                "the firm's own software; no public source covers it",
                next_step="Its vulnerabilities come from your own tests, researchers and hospitals.",
            )
        if component.kind in NOT_SOFTWARE_KINDS and not component.cpes:
            return ComponentCoverage(Coverage.NOT_MONITORABLE, f"a {component.kind}; no source lists these")
        if ecosystem:
            return ComponentCoverage(
                Coverage.NOT_MONITORABLE,
                f"no loaded source covers {identity.ecosystem} packages",
                next_step=f"Load OSV's {ecosystem} feed: postmarket feeds load osv all.zip",
            )
        suspects = self._suspected(identity.word)
        if suspects:
            step = f"Perhaps {' or '.join(suspects)}: confirm it in an alias table."
        elif component.purl or component.cpes:
            step = "Load more sources, or tie it to the name they use in an alias table."
        else:
            step = "Add a purl or CPE to the SBOM, or a line to an alias table."
        return ComponentCoverage(
            Coverage.UNMATCHED,
            "no loaded source knows it by this name",
            next_step=step,
            suspects=suspects,
        )

    def _is_covered(self, purl_type: str) -> bool:
        if purl_type not in self._covered:
            row = self._connection.execute(
                "SELECT 1 FROM product p JOIN criterion c ON c.product_id = p.id JOIN record r ON r.id = c.record_id"
                " WHERE p.kind = ? AND p.name >= ? AND p.name < ? AND r.source = ? LIMIT 1",
                (NameKind.PURL.value, f"{purl_type}/", f"{purl_type}0", Source.OSV.value),
            ).fetchone()
            self._covered[purl_type] = row is not None
        return self._covered[purl_type]

    def _suspected(self, word: str) -> tuple[str, ...]:
        if not word:
            return ()
        if word not in self._suspects:
            rows = self._connection.execute(
                "SELECT DISTINCT name FROM product WHERE word = ? AND kind = ? ORDER BY name LIMIT ?",
                (word, NameKind.CPE.value, MAX_SUSPECTS),
            )
            self._suspects[word] = tuple(f"cpe {name}" for (name,) in rows)
        return self._suspects[word]


def coverage_counts(coverage: Iterable[ComponentCoverage]) -> dict[Coverage, int]:
    """How many components are in each state; every state is present."""
    counts = dict.fromkeys(Coverage, 0)
    for item in coverage:
        counts[item.state] += 1
    return counts
