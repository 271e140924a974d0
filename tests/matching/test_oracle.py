"""
The engine against a second opinion that shares no code with it (`tests/oracle`): zero differences.

Over the real feed, 2,000 components that stand alone and 200 devices; over invented feeds, negated and nested
configurations, which the real one does not have. What is known to differ is named here, one strict xfail each.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from postmarket.matching.aliases import AliasTable
from postmarket.matching.devices import match_device
from postmarket.matching.facts import vulnerabilities
from postmarket.matching.interface import Coverage
from postmarket.matching.store.connection import open_store
from postmarket.matching.store.loading import load
from postmarket.sbom.interface import Component
from postmarket.sources.interface import Source
from postmarket.versions.interface import Scheme
from postmarket.versions.keys import key
from tests.oracle.feed import Feed, read
from tests.oracle.invented import Inventor
from tests.oracle.names import cpe
from tests.oracle.order import order
from tests.oracle.sampling import STRANGE, Sampled, Sampler, changed
from tests.oracle.walk import Sure, known_of, stated, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from sqlite3 import Connection

    from postmarket.matching.interface import DeviceMatches

SEED = 20261124
IDENTITIES, DEVICES = 2_000, 200
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

Answers = dict[tuple[int, str], int]
"""Grade by (position of the component, CVE)."""


@dataclass(frozen=True)
class Sides:
    """One NVD feed, as the engine loaded it and as the oracle read it."""

    connection: Connection
    feed: Feed

    def differences(self, devices: Sequence[Sequence[Sampled]], *, ignored: frozenset[str] = frozenset()) -> list[str]:
        """Every difference over `devices`, in words; CVEs in `ignored` are left out."""
        found = []
        for device, engine in zip(devices, self.engine(devices), strict=True):
            oracle = self.oracle(device)
            for place in sorted(oracle.keys() | engine.keys()):
                if oracle.get(place) != engine.get(place) and place[1] not in ignored:
                    position, name = place
                    answers = f"oracle {oracle.get(place)}, engine {engine.get(place)}"
                    found.append(f"{name} of {device[position]} in {device}: {answers}")
        return found

    def oracle(self, device: Sequence[Sampled]) -> dict[tuple[int, str], Sure]:
        """What the oracle says."""
        return walk(self.feed, [stated(item.cpe, item.version) for item in device])

    def engine(self, devices: Sequence[Sequence[Sampled]]) -> list[Answers]:
        """What the engine says of each device, through its public door."""
        matched = [self.match(device) for device in devices]
        groups = {match.vulnerability for result in matched for match in result.matches}
        names = {id_: found.name for id_, found in vulnerabilities(self.connection, groups).items()}
        return [
            {(match.component, names[match.vulnerability]): int(match.grade) for match in result.matches}
            for result in matched
        ]

    def match(self, device: Sequence[Sampled]) -> DeviceMatches:
        """The engine's own result; an empty alias table, so that only the CPE speaks."""
        components = [
            Component(ref=str(number), name="component", version=item.version, cpes=(item.cpe,))
            for number, item in enumerate(device)
        ]
        return match_device(self.connection, components, aliases=AliasTable())


def sides(paths: Sequence[Path], home: Path) -> Sides:
    """Load a feed on both sides; nothing of it may be refused."""
    connection = open_store(home / "store.sqlite3", create=True)
    run = load(connection, Source.NVD, paths, home=home, clock=lambda: NOW)
    feed = read(paths)
    assert (run.items, run.refused) == (len(feed.cves), 0)
    return Sides(connection, feed)


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """The whole real feed."""
    loaded = sides(sorted((shared_data / "nvd").glob("*.json.gz")), tmp_path_factory.mktemp("real"))
    with closing(loaded.connection):
        yield loaded


def invented(folder: Path, document: dict[str, Any]) -> Sides:
    """A feed written for a test."""
    file = folder / "feed.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return sides([file], folder)


def one_cve(folder: Path, *nodes: dict[str, Any]) -> Sides:
    """A feed with one CVE that needs all of `nodes`."""
    cve = {"id": "CVE-2020-0001", "configurations": [{"operator": "AND", "nodes": list(nodes)}]}
    return invented(folder, {"vulnerabilities": [{"cve": cve}]})


def node(product: str, *, vulnerable: bool = True) -> dict[str, Any]:
    """A node with every version of one product."""
    return {"cpeMatch": [{"criteria": f"cpe:2.3:{product}:*:*:*:*:*:*:*:*", "vulnerable": vulnerable}]}


def listed(product: str, version: str) -> Sampled:
    """A component of an SBOM; `*` is a version it does not state."""
    return Sampled(cpe=f"cpe:2.3:{product}:{version}:*:*:*:*:*:*:*", version="" if version == "*" else version)


def by_pattern(feed: Feed) -> frozenset[str]:
    """The CVEs that name a product by a pattern: a known difference, see below."""
    return frozenset(cve.id for cve in feed.with_patterns)


@pytest.mark.corpus
def test_components_of_the_real_feed_match_as_the_oracle_says(real: Sides) -> None:
    """2,000 sampled identities, each alone on its device, against every CVE."""
    alone = [[item] for item in Sampler(real.feed, seed=SEED).identities(IDENTITIES)]

    assert real.differences(alone, ignored=by_pattern(real.feed)) == []


@pytest.mark.corpus
def test_devices_of_the_real_feed_match_as_the_oracle_says(real: Sides) -> None:
    """Two to six components together, most of them named by the same configurations."""
    devices = Sampler(real.feed, seed=SEED).devices(DEVICES)

    assert real.differences(devices, ignored=by_pattern(real.feed)) == []


@pytest.mark.corpus
def test_the_sample_is_worth_comparing(real: Sides) -> None:
    """It holds every grade that the real feed can give, many products, and versions that cannot be ordered."""
    sample = Sampler(real.feed, seed=SEED).identities(IDENTITIES)
    grades = Counter(sure for item in sample[::10] for sure in self_grades(real, item))

    assert len(sample) == IDENTITIES
    assert len({cpe(item.cpe).product_key for item in sample}) > IDENTITIES / 4
    assert sum(stated(item.cpe, item.version).order is None for item in sample) > IDENTITIES / 100
    assert all(grades[sure] > 100 for sure in (Sure.CONFIRMED, Sure.UNVERIFIED, Sure.POSSIBLE))


def self_grades(real: Sides, item: Sampled) -> list[Sure]:
    """The grades one component gets."""
    return list(real.oracle([item]).values())


@pytest.mark.corpus
def test_every_version_of_the_real_feed_is_ordered_as_the_text_says(real: Sides) -> None:
    """Keys and the second comparator give one order, over all versions of the feed and their neighbours."""
    rolls = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    texts = {
        text for cve in real.feed.cves for leaf in cve.leaves for text in (*leaf.bounds.values(), leaf.cpe.version)
    }
    texts |= {changed(text, rolls) for text in sorted(texts)} | set(STRANGE)
    keys = {text: key(Scheme.GENERIC, text) for text in texts}

    assert {text for text in texts if keys[text] is None} == {text for text in texts if order(text) is None}

    ordered = sorted((found, text) for text, found in keys.items() if found is not None)
    wrong = [
        (one, other)
        for (lower, one), (higher, other) in pairwise(ordered)
        if (lower == higher) != (order(one) == order(other)) or (order(one) or ()) > (order(other) or ())
    ]
    assert wrong == []


@pytest.mark.parametrize("seed", range(3))
def test_invented_configurations_match_as_the_oracle_says(tmp_path: Path, seed: int) -> None:
    """Negated, nested, with and without operators, empty; conditions that come true and that are contradicted."""
    inventor = Inventor(seed=seed)
    made = invented(tmp_path, inventor.feed(300))
    devices = [inventor.device() for _ in range(50)]

    with closing(made.connection):
        assert made.differences(devices) == []
        assert {sure for device in devices for sure in made.oracle(device).values()} == set(Sure)


@pytest.mark.xfail(strict=True, reason="the engine looks products up by their exact name")
def test_a_product_named_by_a_pattern_is_found(tmp_path: Path) -> None:
    """CVE-2024-32587 speaks of `envialosimple\\:*`, the plugin's long name in short (NISTIR 7696 §6.3)."""
    made = one_cve(tmp_path, node(r"a:acme:mail\:*"))

    with closing(made.connection):
        assert made.differences([[listed(r"a:acme:mail\:_pro", "1")]]) == []


@pytest.mark.xfail(strict=True, reason="the engine keeps a feed's escapes, but writes an inventory's anew")
def test_a_needless_backslash_in_a_feed_changes_no_product(tmp_path: Path) -> None:
    """`node\\.js` and `node.js` are one name (NISTIR 7695 §5.3.2), and so are a bare and a quoted bracket."""
    made = one_cve(tmp_path, node(r"a:acme:node\.js"))

    with closing(made.connection):
        assert made.differences([[listed("a:acme:node.js", "1")]]) == []


@pytest.mark.xfail(
    strict=True, raises=ValueError, reason="the engine takes the colon after a quoted backslash as quoted"
)
def test_a_name_that_ends_in_a_backslash_is_read(tmp_path: Path) -> None:
    """A hostile or careless SBOM must not end in a traceback."""
    made = one_cve(tmp_path, node(r"a:acme\\:app"))

    with closing(made.connection):
        assert made.differences([[listed(r"a:acme\\:app", "1")]]) == []


@pytest.mark.xfail(strict=True, reason="the engine does not see a platform that is listed without a version")
def test_a_platform_listed_without_a_version_fulfils_a_condition_over_every_version(tmp_path: Path) -> None:
    """The SBOM states it: "which the SBOM does not state" is not true of it."""
    made = one_cve(tmp_path, node("a:acme:app"), node("o:acme:os", vulnerable=False))

    with closing(made.connection):
        assert made.differences([[listed("a:acme:app", "1"), listed("o:acme:os", "*")]]) == []


@pytest.mark.xfail(strict=True, reason="the engine also counts CVEs that name the product only as a platform")
def test_a_platform_is_not_counted_as_vulnerable(tmp_path: Path) -> None:
    """`possible_without_version` is what is known *of* the product, not what runs on it."""
    made = one_cve(tmp_path, node("a:acme:app"), node("o:acme:os", vulnerable=False))
    unstated = listed("o:acme:os", "*")

    with closing(made.connection):
        (coverage,) = made.match([unstated]).coverage

    assert coverage.state is Coverage.UNMATCHED
    assert coverage.possible_without_version == known_of(made.feed, cpe(unstated.cpe)) == 0
