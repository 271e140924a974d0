"""
The engine against a second opinion that shares no code with it (`tests/oracle`): zero differences.

Over the real feed, 2,000 components that stand alone and 200 devices; over invented feeds, negated and nested
configurations, which the real one does not have; and one by one what ADR 0030 decides.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Mapping
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
from postmarket.matching.interface import Coverage, Grade
from postmarket.matching.store.connection import open_address
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
from tests.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postmarket.matching.interface import DeviceMatches
    from postmarket.matching.store.engine import Connection

SEED = 20261124
IDENTITIES, DEVICES = 2_000, 200
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

NO_BOUNDS: Mapping[str, str] = {}
"""Decision D3 (a) of ADR 0030 says: only in a criterion that names it, with update `*`."""
Answers = dict[tuple[int, str], int]
"""Grade by (position of the component, CVE)."""


@dataclass(frozen=True)
class Sides:
    """One NVD feed, as the engine loaded it and as the oracle read it."""

    connection: Connection
    feed: Feed

    def differences(self, devices: Sequence[Sequence[Sampled]]) -> list[str]:
        """Every difference over `devices`, in words."""
        found = []
        for device, engine in zip(devices, self.engine(devices), strict=True):
            oracle = self.oracle(device)
            for place in sorted(oracle.keys() | engine.keys()):
                if oracle.get(place) != engine.get(place):
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


@dataclass(frozen=True)
class Place:
    """Where a test keeps its feed, and its store."""

    folder: Path
    address: str


@pytest.fixture
def place(tmp_path: Path, store_address: str) -> Place:
    """A folder, and a store that is not there yet."""
    return Place(tmp_path, store_address)


def sides(paths: Sequence[Path], place: Place) -> Sides:
    """Load a feed on both sides; nothing of it may be refused. The oracle knows the generic order only, so no other."""
    connection = open_address(place.address, create=True)
    run = load(connection, Source.NVD, paths, home=place.folder, clock=lambda: NOW, schemes={})
    feed = read(paths)
    assert (run.items, run.refused) == (len(feed.cves), 0)
    return Sides(connection, feed)


@pytest.fixture(scope="module")
def real(shared_data: Path, stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """The whole real feed."""
    folder = tmp_path_factory.mktemp("real")
    with stores(folder) as address:
        loaded = sides(sorted((shared_data / "nvd").glob("*.json.gz")), Place(folder, address))
        with closing(loaded.connection):
            yield loaded


def invented(place: Place, document: dict[str, Any]) -> Sides:
    """A feed written for a test."""
    file = place.folder / "feed.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return sides([file], place)


def one_cve(place: Place, *nodes: dict[str, Any]) -> Sides:
    """A feed with one CVE that needs all of `nodes`."""
    cve = {"id": "CVE-2020-0001", "configurations": [{"operator": "AND", "nodes": list(nodes)}]}
    return invented(place, {"vulnerabilities": [{"cve": cve}]})


def node(
    named: str, bounds: Mapping[str, str] = NO_BOUNDS, *, vulnerable: bool = True, negate: bool = False
) -> dict[str, Any]:
    """A node with one leaf; `named` is the product, and perhaps a version, an update and so on."""
    return {"negate": negate, "cpeMatch": [{"criteria": name(named), "vulnerable": vulnerable, **bounds}]}


def listed(named: str, version: str = "") -> Sampled:
    """A component of an SBOM; `version` is what it says beside its CPE."""
    return Sampled(cpe=name(named), version=version)


def name(named: str) -> str:
    """A CPE name whose last attributes are `*`."""
    given = len(re.findall(r"(?:\\.|[^:\\])+", named))
    return f"cpe:2.3:{named}{':*' * (11 - given)}"


def grades(made: Sides, *device: Sampled) -> list[Grade | None]:
    """What the engine says of each component, which is what the oracle says."""
    with closing(made.connection):
        assert made.differences([device]) == []
        (found,) = made.engine([device])
    return [
        Grade(found[position, "CVE-2020-0001"]) if (position, "CVE-2020-0001") in found else None
        for position in range(len(device))
    ]


@pytest.mark.corpus
@pytest.mark.parametrize("updates", [False, True])
def test_components_of_the_real_feed_match_as_the_oracle_says(real: Sides, *, updates: bool) -> None:
    """2,000 sampled identities, each alone on its device, against every CVE."""
    alone = [[item] for item in Sampler(real.feed, seed=SEED).identities(IDENTITIES)]

    assert real.differences([device for device in alone if states_update(device) == updates]) == []


@pytest.mark.corpus
def test_devices_of_the_real_feed_match_as_the_oracle_says(real: Sides) -> None:
    """Two to six components together, most of them named by the same configurations."""
    devices = Sampler(real.feed, seed=SEED).devices(DEVICES)

    assert real.differences([device for device in devices if not states_update(device)]) == []


@pytest.mark.corpus
def test_what_is_known_of_a_product_without_a_version_is_counted_as_the_oracle_counts(real: Sides) -> None:
    """Once per CVE that calls it vulnerable; and whatever matches, the component stays unmatched."""
    sample = [item for item in Sampler(real.feed, seed=SEED).identities(IDENTITIES) if unknown(item)]
    coverage = [real.match([item]).coverage[0] for item in sample]

    assert {item.state for item in coverage} == {Coverage.UNMATCHED}
    assert [item.possible_without_version for item in coverage] == [
        known_of(real.feed, cpe(item.cpe)) for item in sample
    ]


@pytest.mark.corpus
def test_the_sample_is_worth_comparing(real: Sides) -> None:
    """It holds every grade that the real feed can give, many products, and versions that cannot be ordered."""
    sample = Sampler(real.feed, seed=SEED).identities(IDENTITIES)
    grades = Counter(sure for item in sample[::10] for sure in self_grades(real, item))

    assert len(sample) == IDENTITIES
    assert len({cpe(item.cpe).product_key for item in sample}) > IDENTITIES / 4
    assert sum(unknown(item) for item in sample) > IDENTITIES / 100
    assert (
        sum(any(cve in real.feed.with_patterns for cve in real.feed.speaking_of(cpe(item.cpe))) for item in sample) > 20
    )
    assert sum(stated(item.cpe, item.version).bare is not None for item in sample) > IDENTITIES / 100
    assert all(grades[sure] > 100 for sure in (Sure.CONFIRMED, Sure.UNVERIFIED, Sure.POSSIBLE))


def states_update(device: Sequence[Sampled]) -> bool:
    """Whether some component has a version and an update in its CPE."""
    return any(stated(item.cpe, item.version).bare is not None for item in device)


def unknown(item: Sampled) -> bool:
    """Whether its version cannot be ordered."""
    return stated(item.cpe, item.version).order is None


def self_grades(real: Sides, item: Sampled) -> list[Sure]:
    """The grades one component gets."""
    return list(real.oracle([item]).values())


@pytest.mark.corpus
def test_every_version_of_the_real_feed_is_ordered_as_the_text_says(real: Sides) -> None:
    """Keys and the second comparator give one order, over all versions of the feed and their neighbours."""
    rolls = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    texts = {
        text
        for cve in real.feed.cves
        for leaf in cve.leaves
        for text in (*leaf.bounds.values(), leaf.cpe.version.plain)
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


@pytest.mark.parametrize("updates", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_invented_configurations_match_as_the_oracle_says(place: Place, seed: int, *, updates: bool) -> None:
    """Negated, nested, with and without operators, empty; conditions that come true and that are contradicted."""
    inventor = Inventor(seed=seed)
    made = invented(place, inventor.feed(300))
    devices = [device for device in (inventor.device() for _ in range(80)) if states_update(device) == updates]

    with closing(made.connection):
        assert made.differences(devices) == []
        assert {sure for device in devices for sure in made.oracle(device).values()} == set(Sure)


@pytest.mark.parametrize(
    ("pattern", "product", "answer"),
    [
        (r"a:acme:mail\:*", r"a:acme:mail\:_pro", Grade.CONFIRMED),
        (r"a:acme:mail\:*", r"a:Acme:Mail\:", Grade.CONFIRMED),
        (r"a:acme:mail\:*", r"a:acme:mail", None),
        (r"a:acme:mail\:*", r"o:acme:mail\:_pro", None),
        (r"a:acme:mail\:*", r"a:acme2:mail\:_pro", None),
        (r"a:acme:mail\*", r"a:acme:mail_pro", None),
        (r"a:acme:mail\*", r"a:acme:mail\*", Grade.CONFIRMED),
        (r"a:acme:mail\*\\*", r"a:acme:mail\*\\7", Grade.CONFIRMED),
        (r"a:acme:*mail*", r"a:acme:e-mail_2", Grade.CONFIRMED),
        (r"a:acme:mail??", r"a:acme:mail2", Grade.CONFIRMED),
        (r"a:acme:mail??", r"a:acme:mail222", None),
        (r"a:*:mail", r"a:acme:mail", Grade.CONFIRMED),
        (r"a:acme*:mail", r"a:acme_inc.:mail", Grade.CONFIRMED),
        (r"h:intel:*", r"h:intel:xeon", Grade.CONFIRMED),
        (r"a:acme:mail\:*", r"a:acme:mail\:*", Grade.CONFIRMED),
        (r"a:acme:mail*", r"a:acme:mail\:*", None),
    ],
)
def test_a_product_named_by_a_pattern_is_found(place: Place, pattern: str, product: str, answer: Grade | None) -> None:
    """CVE-2024-32587 speaks of `envialosimple\\:*`, the plugin's long name in short (NISTIR 7696 §6.3)."""
    made = one_cve(place, node(pattern, {"versionEndExcluding": "2"}))

    assert grades(made, listed(product, "1")) == [answer]


def test_a_platform_named_by_a_pattern_fulfils_a_condition(place: Place) -> None:
    """A pattern is looked up for platforms too."""
    made = one_cve(place, node("a:acme:app"), node("o:acme:os*", vulnerable=False))

    assert grades(made, listed("a:acme:app", "1"), listed("o:acme:os_7", "2")) == [Grade.CONFIRMED, None]


@pytest.mark.parametrize(
    ("feed", "inventory"),
    [
        (r"a:acme:node\.js", "a:acme:node.js"),
        (r"a:ac\me:\a\_\-b", "a:acme:a_-b"),
        ("a:acme:app(x)", r"a:acme:app\(x\)"),
        (r"a:acme:App\(x\)", r"a:ACME:app\(x\)"),
    ],
)
def test_another_spelling_in_a_feed_changes_no_product(place: Place, feed: str, inventory: str) -> None:
    """`node\\.js` and `node.js` are one name (NISTIR 7695 §6.2), and so are a bare and a quoted bracket."""
    assert grades(one_cve(place, node(feed)), listed(inventory, "1")) == [Grade.CONFIRMED]


@pytest.mark.parametrize("product", [r"a:acme\\:app", r"a:acme:app\\", r"a:acme\\\::app", r"a:\\:\\"])
def test_a_name_that_ends_in_a_backslash_is_read(place: Place, product: str) -> None:
    """A hostile or careless SBOM must not end in a traceback, and finds what it names."""
    assert grades(one_cve(place, node(product)), listed(product, "1")) == [Grade.CONFIRMED]


@pytest.mark.parametrize(
    ("attributes", "answer"),
    [
        (r"-:*:*:*:win\\:x64", Grade.CONFIRMED),
        (r"-:*:*:*:win\\:*", Grade.UNVERIFIED),
        (r"-:*:*:*:win\\:arm64", None),
        (r"-:*:*:*:win:x64", None),
        (r"-:pro\\:*:*:win\\:x64", Grade.CONFIRMED),
        (r"-:*:\\:*:win\\:x64", Grade.CONFIRMED),
    ],
)
def test_an_attribute_that_ends_in_a_backslash_ends_there(place: Place, attributes: str, answer: Grade | None) -> None:
    """The next attribute is the next one: `x64` is the hardware."""
    made = one_cve(place, node(r"a:acme:app:1:*:*:*:*:win\\:x64"))

    assert grades(made, listed(f"a:acme:app:1:{attributes}")) == [answer]


@pytest.mark.parametrize("version", ["*", "-"])
@pytest.mark.parametrize("present", ["5", "*", "-", "unknown"])
def test_a_platform_in_no_certain_version_only_has_to_be_there(place: Place, version: str, present: str) -> None:
    """D1 and D4: the SBOM states it, with a version or without; "which the SBOM does not state" is not true of it."""
    made = one_cve(place, node("a:acme:app"), node(f"o:acme:os:{version}", vulnerable=False))

    assert grades(made, listed("a:acme:app", "1"), listed(f"o:acme:os:{present}")) == [Grade.CONFIRMED, None]


def test_a_platform_without_a_version_is_excluded_by_a_negation(place: Place) -> None:
    """It is there, which the configuration says it must not be."""
    made = one_cve(place, node("a:acme:app"), node("o:acme:os:-", vulnerable=False, negate=True))

    assert grades(made, listed("a:acme:app", "1"), listed("o:acme:os", "3")) == [Grade.CONTRADICTED, None]


@pytest.mark.parametrize(
    ("criterion", "bounds", "answer"),
    [
        ("a:acme:app", {}, Grade.CONFIRMED),
        ("a:acme:app:*:*:*:*:*:linux", {}, Grade.UNVERIFIED),
        ("a:acme:app:-", {}, Grade.POSSIBLE),
        ("a:acme:app:various", {}, Grade.POSSIBLE),
        ("a:acme:app", {"versionEndExcluding": "c4f81d9616d4"}, Grade.POSSIBLE),
        ("a:acme:app", {"versionStartIncluding": "1", "versionEndExcluding": "1"}, Grade.POSSIBLE),
        ("a:acme:app", {"versionStartIncluding": "0"}, None),
        ("a:acme:app:1", {}, None),
        ("a:acme:app:1:sp4", {}, None),
    ],
)
@pytest.mark.parametrize("version", ["", "unknown", "c4f81d9616d4"])
def test_a_component_without_a_version_is_in_every_version(
    place: Place, criterion: str, bounds: dict[str, str], answer: Grade | None, version: str
) -> None:
    """D4; and its coverage still says that it could not be placed."""
    made = one_cve(place, node(criterion, bounds))
    (coverage,) = made.match([listed("a:acme:app", version)]).coverage

    assert (coverage.state, coverage.possible_without_version) == (Coverage.UNMATCHED, 1)
    assert grades(made, listed("a:acme:app", version)) == [answer]


def test_a_platform_is_not_counted_as_vulnerable(place: Place) -> None:
    """`possible_without_version` is what is known *of* the product, not what runs on it."""
    made = one_cve(place, node("a:acme:app"), node("o:acme:os", vulnerable=False))
    unstated = listed("o:acme:os")

    with closing(made.connection):
        (coverage,) = made.match([unstated]).coverage

    assert coverage.state is Coverage.UNMATCHED
    assert coverage.possible_without_version == known_of(made.feed, cpe(unstated.cpe)) == 0


@pytest.mark.parametrize("text", ["c4f81d9616d4", "C4F81D9616D4", "20231215a4f7", "1" * 38 + "e"])
def test_an_abbreviated_commit_is_no_version(place: Place, text: str) -> None:
    """D2: as the version of a criterion it is possible over every version."""
    made = one_cve(place, node(f"a:acme:app:{text}"))

    assert grades(made, listed("a:acme:app", "5")) == [Grade.POSSIBLE]


def test_an_abbreviated_commit_is_no_end_of_a_range(place: Place) -> None:
    """D2: nor is what lies below its other end left out."""
    made = one_cve(place, node("a:acme:app", {"versionStartIncluding": "1", "versionEndExcluding": "c4f81d9616d4"}))

    assert grades(made, listed("a:acme:app", "0.5")) == [Grade.POSSIBLE]


@pytest.mark.parametrize("text", ["c4f81d9616d", "360215900122", "c4f81d9-616d40", "vc4f81d9616d4"])
def test_what_is_no_abbreviated_commit_is_a_version(place: Place, text: str) -> None:
    """Too short, only digits, with a separator or another letter."""
    made = one_cve(place, node(f"a:acme:app:{text}"))

    assert grades(made, listed("a:acme:app", text), listed("a:acme:app", "5")) == [Grade.CONFIRMED, None]


@pytest.mark.parametrize(
    ("criterion", "bounds", "answer"),
    [
        ("a:acme:app:9.8", {}, Grade.CONFIRMED),
        ("a:acme:app:9.8.0", {}, Grade.CONFIRMED),
        ("a:acme:app:9.8:*:*:*:*:linux", {}, Grade.UNVERIFIED),
        ("a:acme:app:9.8:p1", {}, Grade.CONFIRMED),
        ("a:acme:app:9.8:-", {}, None),
        ("a:acme:app:9.8:p2", {}, None),
        ("a:acme:app:9.7", {}, None),
        ("a:acme:app", {"versionEndIncluding": "9.8"}, None),
        ("a:acme:app", {"versionStartIncluding": "9.8", "versionEndIncluding": "9.8"}, None),
        ("a:acme:app", {"versionEndExcluding": "9.8.1"}, Grade.CONFIRMED),
    ],
)
def test_an_update_is_part_of_the_release_that_is_named_without_one(
    place: Place, criterion: str, bounds: dict[str, str], answer: Grade | None
) -> None:
    """D3 (a): `9.8:p1` is `9.8-p1`, and also what a criterion calls `9.8` with any update; ranges stay ranges."""
    made = one_cve(place, node(criterion, bounds))

    assert grades(made, listed("a:acme:app:9.8:p1")) == [answer]


def test_a_release_named_without_its_update_also_fulfils_a_condition(place: Place) -> None:
    """D3 (a) holds for what is vulnerable in a condition and for its platforms."""
    made = one_cve(place, node("a:acme:app:9.8"), node("o:acme:os:5", vulnerable=False))

    assert grades(made, listed("a:acme:app:9.8:p1"), listed("o:acme:os:5:sp2")) == [Grade.CONFIRMED, None]


@pytest.mark.parametrize(
    ("stated_as", "version", "answer"),
    [
        ("5.0.1:sp4", "", Grade.CONFIRMED),
        ("5.0.1:SP4", "", Grade.CONFIRMED),
        ("*", "5.0.1-sp4", Grade.CONFIRMED),
        ("5.0.1", "", Grade.UNVERIFIED),
        ("5.0.1.0", "", Grade.UNVERIFIED),
        ("*", "5.0.1", Grade.UNVERIFIED),
        ("-", "5.0.1", Grade.UNVERIFIED),
        ("5.0.1:sp3", "", None),
        ("5.0.1:-", "", None),
        ("*:-", "5.0.1", None),
        ("*:sp3", "5.0.1", None),
        ("*:sp4", "5.0.1", Grade.CONFIRMED),
        ("-:SP4", "5.0.1", Grade.CONFIRMED),
        ("5.0.2", "", None),
        ("*", "", None),
    ],
)
def test_a_criterion_with_an_update_may_be_met_by_a_component_that_states_none(
    place: Place, stated_as: str, version: str, answer: Grade | None
) -> None:
    """D3 (b): unverified, "only for update sp4"; another update is another thing."""
    made = one_cve(place, node("a:acme:app:5.0.1:sp4"))

    assert grades(made, listed(f"a:acme:app:{stated_as}", version)) == [answer]


def test_a_wildcard_with_an_update_is_not_one_version(place: Place) -> None:
    """D3 (b) speaks of exactly one version: `1.1*-p2` cannot be read, and is possible over every version."""
    made = one_cve(place, node("a:acme:app:1.1*:p2"))

    assert grades(made, listed("a:acme:app", "1.1.5"), listed("a:acme:app", "9")) == [Grade.POSSIBLE, Grade.POSSIBLE]


def test_a_match_without_its_update_says_for_which_it_holds(place: Place) -> None:
    """The analyst sees what to check."""
    made = one_cve(place, node("a:acme:app:5.0.1:sp4"))

    with closing(made.connection):
        (match,) = made.match([listed("a:acme:app:5.0.1")]).matches

    assert "only for update sp4" in " ".join(match.evidence[0].notes)


@pytest.mark.parametrize(
    ("nodes", "answers"),
    [
        ([node("a:acme:app:5:sp4"), node("o:acme:os", vulnerable=False)], [None, None]),
        ([node("o:acme:os"), node("a:acme:app:5:sp4", vulnerable=False)], [None, Grade.UNVERIFIED]),
        ([node("a:acme:app:5:sp4", negate=True)], [None, None]),
        ([node("o:acme:os"), node("a:acme:app:5:sp4", vulnerable=False, negate=True)], [None, Grade.UNVERIFIED]),
    ],
)
def test_an_update_is_not_guessed_inside_a_condition(
    place: Place, nodes: list[dict[str, Any]], answers: list[Grade | None]
) -> None:
    """D3 (b) holds only where a criterion stands alone."""
    assert grades(one_cve(place, *nodes), listed("a:acme:app", "5"), listed("o:acme:os", "1")) == answers


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"versionStartIncluding": "2", "versionStartExcluding": "3"}, "2", "1"),
        ({"versionStartIncluding": "2", "versionStartExcluding": "master"}, "2", "1"),
        ({"versionEndIncluding": "3", "versionEndExcluding": "2"}, "1", "2"),
        ({"versionStartExcluding": "5.10.*"}, "5.11", "5.10.3"),
        ({"versionEndExcluding": "5.10.x"}, "5.9", "5.10-rc1"),
        ({"versionEndIncluding": "20.3*"}, "20.3R1", "20.30"),
    ],
)
def test_the_ends_of_a_range_mean_what_the_text_says(
    place: Place, bounds: dict[str, str], inside: str, outside: str
) -> None:
    """Which kind wins where both are given, and wildcards as ends (docs/versions.md, "Ranges")."""
    made = one_cve(place, node("a:acme:app", bounds))

    assert grades(made, listed("a:acme:app", inside), listed("a:acme:app", outside)) == [Grade.CONFIRMED, None]
