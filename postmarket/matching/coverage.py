"""What can be said of a component that did, or did not, match: four states that are never mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.matching.interface import ComponentCoverage, Coverage, Rung
from postmarket.matching.store.connection import generation
from postmarket.sbom.interface import ComponentClass
from postmarket.sources.interface import NameKind, Source
from postmarket.sources.names import fold_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postmarket.matching.interface import Identity
    from postmarket.matching.store.engine import Connection
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
WHOLE_FEED = 500
"""
How many distinct OSV vulnerabilities make a loaded file the whole feed of a language or of one distribution release.

OSV's whole feeds have thousands, a hand-picked file has a few: from a few nothing follows for the names they do not
list. A feed that is whole but smaller (Hex, Pub) is not believed either: too little is claimed, never too much.
"""
COUNT_UP_TO = """
SELECT count(*) FROM (
  SELECT DISTINCT c.vulnerability_id
  FROM product p
  CROSS JOIN criterion c
  CROSS JOIN record r
  WHERE p.kind = ? AND p.name >= ? AND p.name < ? AND c.product_id = p.id AND c.since <= ? AND c.until > ?
    AND r.id = c.record_id AND r.source = ?
  LIMIT ?
) AS found
"""


class CoverageJudge:
    """Judges components against what the store holds; asks the store once per ecosystem and per word."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._loaded: dict[str, int] = {}
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
        area = _area(identity) if ecosystem else ""
        if area and self._vulnerabilities_of(area) >= WHOLE_FEED:
            if not component.version:
                return ComponentCoverage(
                    Coverage.UNMATCHED, "no version is given", next_step="State the exact version in the SBOM."
                )
            return ComponentCoverage(
                Coverage.MATCHED_NONE, f"the {area} feed is loaded and knows no vulnerability of it"
            )
        if component.component_class is ComponentClass.OWN or (maker and fold_name(component.supplier) == maker):
            return ComponentCoverage(
                Coverage.NOT_MONITORABLE,
                "the firm's own software; no public source covers it",
                next_step="Its vulnerabilities come from your own tests, researchers and hospitals.",
            )
        if component.kind in NOT_SOFTWARE_KINDS and not component.cpes:
            return ComponentCoverage(Coverage.NOT_MONITORABLE, f"a {component.kind}; no source lists these")
        if ecosystem and not area:
            return ComponentCoverage(
                Coverage.UNMATCHED,
                f"a {identity.ecosystem} package of an unknown release; each release has its own feed",
                next_step="State the distribution's release in the SBOM (the purl's distro qualifier).",
            )
        if ecosystem:
            loaded = self._vulnerabilities_of(area)
            part = f": the {loaded} vulnerabilities loaded are no whole feed" if loaded else ""
            return ComponentCoverage(
                Coverage.NOT_MONITORABLE,
                f"no loaded source covers {area} packages{part}",
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

    def _vulnerabilities_of(self, area: str) -> int:
        """How many vulnerabilities OSV's feeds visibly have in `area`, counted up to a whole feed."""
        if area not in self._loaded:
            visible = generation(self._connection)
            after = f"{area}0"  # "0" follows "/"
            asked = (NameKind.PURL.value, f"{area}/", after, visible, visible, Source.OSV.value, WHOLE_FEED)
            (self._loaded[area],) = self._connection.execute(COUNT_UP_TO, asked).fetchone() if visible else (0,)
        return self._loaded[area]

    def _suspected(self, word: str) -> tuple[str, ...]:
        if not word:
            return ()
        if word not in self._suspects:
            self._suspects[word] = tuple(f"cpe {name}" for name in suspects(self._connection, word))
        return self._suspects[word]


def suspects(connection: Connection, word: str) -> tuple[str, ...]:
    """CPE products (`a:openssl:openssl`) whose last part is `word`, a name folded: the first few, by name."""
    rows = connection.execute(
        "SELECT DISTINCT name FROM product WHERE word = ? AND kind = ? ORDER BY name LIMIT ?",
        (word, NameKind.CPE.value, MAX_SUSPECTS),
    )
    return tuple(name for (name,) in rows)


def _area(identity: Identity) -> str:
    """
    What one feed covers whole: a language (`pypi`), or one release of a distribution (`deb/debian:12`).

    "" for a distribution's package that does not say of which release it is.
    """
    name = next((name.name for name in identity.names if name.rung is Rung.PURL), "")
    if not identity.distribution:
        return name.partition("/")[0]
    release = name.rpartition("/")[0]
    return release if ":" in release else ""


def coverage_counts(coverage: Iterable[ComponentCoverage]) -> dict[Coverage, int]:
    """How many components are in each state; every state is present."""
    counts = dict.fromkeys(Coverage, 0)
    for item in coverage:
        counts[item.state] += 1
    return counts
