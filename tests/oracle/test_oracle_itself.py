"""The oracle is trusted on its own: its answers, worked out by hand."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.feed import Feed, read
from tests.oracle.names import cpe, narrows
from tests.oracle.order import order
from tests.oracle.ranges import between, holds
from tests.oracle.walk import Sure, known_of, stated, walk

CVE = "CVE-2020-0001"
APP, LIB, OS = "a:acme:app", "a:acme:lib", "o:acme:os"


def leaf(
    product: str, version: str = "*", *, vulnerable: bool = True, rest: str = "*", **bounds: str
) -> dict[str, Any]:
    """A `cpeMatch`; `rest` is the target software."""
    name = f"cpe:2.3:{product}:{version}:*:*:*:*:{rest}:*:*"
    return {"criteria": name, "vulnerable": vulnerable, **bounds}


def any_of(*leaves: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A node without an operator."""
    return {"cpeMatch": list(leaves), **more}


def both(*nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A configuration that needs all of its nodes."""
    return {"operator": "AND", "nodes": list(nodes), **more}


def feed_of(folder: Path, *configurations: dict[str, Any], status: str = "Analyzed") -> Feed:
    """A feed with one CVE."""
    cve = {"id": CVE, "vulnStatus": status, "configurations": list(configurations)}
    file = folder / "feed.json.gz"
    file.write_bytes(gzip.compress(json.dumps({"vulnerabilities": [{"cve": cve}]}).encode()))
    return read([file])


def said(feed: Feed, *components: tuple[str, str], rest: str = "*") -> list[Sure | None]:
    """What the walk says of each component (product, version)."""
    device = [stated(f"cpe:2.3:{product}:{version}:*:*:*:*:{rest}:*:*") for product, version in components]
    found = walk(feed, device)
    return [found.get((position, CVE)) for position in range(len(device))]


@pytest.mark.parametrize(
    "ascending",
    [
        ["1.0-dev", "1.0a1", "1.0-beta2", "1.0-M1", "1.0-rc1", "1.0-SNAPSHOT", "1.0", "1.0k", "1.0.1"],
        ["9.8", "9.8p1", "9.8.1"],
        ["1.0.2", "1.0.2k", "1.0.2z", "1.0.2za", "1.1.0"],
        ["7.0", "7.0_update_79", "7.0u80", "7.0.1"],
        ["15.2(4)", "15.2(4)m", "15.2(4)m1", "15.2(5)"],
        ["r2", "r10", "1.0"],
        ["2.0.9", "10.0.1", "2023-01-05", "20230105"],
    ],
)
def test_versions_come_in_the_order_the_text_lists(ascending: list[str]) -> None:
    """The table at the end of "The generic scheme", row by row."""
    orders = [found for version in ascending if (found := order(version)) is not None]

    assert len(orders) == len(ascending)
    assert all(before < after for before, after in pairwise(orders))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.0.0", "1"), ("1.2-3", "1_2_3"), ("v1.2", "1.2"), ("Version 1.2", "ver_1.2"), ("1.0-rc1", "1.0.0-RC1"),
        ("1.0 final", "1.0"), ("7.0u80", "7.0 update 80"), ("0", "0.0.0"), (" 1.5 ", "1.05"),
    ],
)  # fmt: skip
def test_equal_versions_have_one_order(one: str, other: str) -> None:
    """Separators, case, leading zeros, zeros at the end and second spellings say nothing."""
    assert order(one) == order(other) is not None


@pytest.mark.parametrize(
    "text", ["", "final", "1.*", "1,2", ">= 1", "1;2", "a" * 40, "0f" * 32, "1" * 513, "1.0\u00e9"]
)
def test_what_is_no_version_is_unknown(text: str) -> None:
    """Patterns, lists, commits, words, absurd lengths and anything but ASCII."""
    assert order(text) is None


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"versionStartIncluding": "1.0", "versionEndExcluding": "2.0"}, ["1.0", "1.9", "2.0-rc1"], ["0.9", "2.0"]),
        ({"versionStartExcluding": "1.0", "versionEndIncluding": "2.0"}, ["1.0a", "2.0"], ["1.0", "2.0.1"]),
        ({"versionEndIncluding": "5.10.*"}, ["5.10.99", "5.9"], ["5.11-dev", "5.11"]),
        ({"versionStartIncluding": "5.10.x"}, ["5.10-rc1", "6"], ["5.9.9"]),
    ],
)
def test_ranges_hold_what_lies_between_their_bounds(
    bounds: dict[str, str], inside: list[str], outside: list[str]
) -> None:
    """Each of the four bounds, and wildcards as bounds."""
    held = between(bounds)
    assert held is not None

    answers = {version: holds(held, order(version) or ()) for version in [*inside, *outside]}

    assert [version for version, answer in answers.items() if answer] == inside


def test_a_range_that_cannot_be_read_is_none() -> None:
    """A bound without an order, and ends the wrong way round."""
    assert between({"versionEndExcluding": "master"}) is None
    assert between({"versionStartIncluding": "2", "versionEndExcluding": "1"}) is None


def test_a_cpe_is_cut_at_its_unquoted_colons() -> None:
    """A quoted colon belongs to the value, a quoted backslash ends one, and the update follows the version."""
    name = cpe(r"cpe:2.3:a:Acme\\:foo\:\:bar:15.2\(4\):p1:*:*:*:node.js:*:*")

    assert name.product_key == ("a", "acme\\", "foo::bar")
    assert name.full_version == "15.2(4)-p1"


@pytest.mark.parametrize(
    ("criterion", "inventory", "answer"),
    [
        ("*", "linux", True), ("linux", "LINUX", True), ("linux", "windows", False), ("linux", "*", None),
        ("linux", "-", False), ("-", "linux", True), ("win*", "windows", True), ("linux", "lin*", None),
    ],
)  # fmt: skip
def test_attributes_narrow_in_three_values(criterion: str, inventory: str, answer: bool | None) -> None:
    """What an inventory does not say is unknown, and `-` in a criterion does not narrow."""
    one, other = (cpe(f"cpe:2.3:a:acme:app:*:*:*:*:*:{target}:*:*") for target in (criterion, inventory))

    assert narrows(one, other) is answer


def test_language_and_update_never_narrow() -> None:
    """They tell no product from another."""
    assert narrows(cpe("cpe:2.3:a:b:c:1:sp1:*:en:*:*:*:*"), cpe("cpe:2.3:a:b:c:1:sp2:*:de:*:*:*:*")) is True


def test_a_vulnerable_leaf_in_range_is_confirmed(tmp_path: Path) -> None:
    """Any leaf of an OR suffices; a missing operator is OR."""
    feed = feed_of(tmp_path, {"nodes": [any_of(leaf(APP, versionEndExcluding="2")), any_of(leaf(LIB, "3"))]})

    assert said(feed, (APP, "1.9")) == said(feed, (LIB, "3.0")) == [Sure.CONFIRMED]
    assert said(feed, (APP, "2"), (LIB, "3.1"), (OS, "1")) == [None, None, None]


def test_a_platform_that_is_not_listed_leaves_a_match_unverified(tmp_path: Path) -> None:
    """And one that is listed, in its range, confirms it; the platform itself matches nothing."""
    platform = any_of(leaf(OS, vulnerable=False, versionStartIncluding="5"))
    feed = feed_of(tmp_path, both(any_of(leaf(APP)), platform))

    assert said(feed, (APP, "1")) == [Sure.UNVERIFIED]
    assert said(feed, (APP, "1"), (OS, "4")) == [Sure.UNVERIFIED, None]
    assert said(feed, (APP, "1"), (OS, "5")) == [Sure.CONFIRMED, None]


def test_negation_turns_true_into_false_and_leaves_unknown(tmp_path: Path) -> None:
    """A device that has what it must not have contradicts; one that does not list it stays open."""
    feed = feed_of(tmp_path, both(any_of(leaf(APP)), any_of(leaf(OS, vulnerable=False), negate=True)))

    assert said(feed, (APP, "1"), (OS, "1")) == [Sure.CONTRADICTED, None]
    assert said(feed, (APP, "1")) == [Sure.UNVERIFIED]


def test_an_attribute_decides_the_leaf(tmp_path: Path) -> None:
    """Its own is confirmed, an unstated one unverified, another one no match."""
    feed = feed_of(tmp_path, {"nodes": [any_of(leaf(APP, rest="wordpress"))]})

    answers = [said(feed, (APP, "1"), rest=rest) for rest in ("wordpress", "*", "drupal")]

    assert answers == [[Sure.CONFIRMED], [Sure.UNVERIFIED], [None]]


@pytest.mark.parametrize("vague", [leaf(APP, "-"), leaf(APP, "various"), leaf(APP, versionEndExcluding="master")])
def test_a_vague_leaf_is_only_possible(tmp_path: Path, vague: dict[str, Any]) -> None:
    """No version, or a range that cannot be read; as a platform it leaves the condition open."""
    alone = feed_of(tmp_path, {"nodes": [any_of(vague)]})

    assert said(alone, (APP, "1")) == [Sure.POSSIBLE]

    platform = feed_of(tmp_path, both(any_of(leaf(LIB)), any_of({**vague, "vulnerable": False})))

    assert said(platform, (LIB, "1"), (APP, "1")) == [Sure.UNVERIFIED, None]


def test_a_configuration_without_a_vulnerable_leaf_matches_nothing(tmp_path: Path) -> None:
    """Platforms alone are no vulnerability, whatever joins them."""
    node = any_of(leaf(APP, vulnerable=False), leaf(OS, vulnerable=False))
    feed = feed_of(tmp_path, {"nodes": [node]}, both(node, node), {"nodes": [node], "negate": True})

    assert said(feed, (APP, "1"), (OS, "1")) == [None, None]


def test_an_unknown_version_matches_nothing_but_is_there(tmp_path: Path) -> None:
    """A condition over every version sees a platform without one; what is known of the product is counted."""
    every = feed_of(tmp_path, both(any_of(leaf(APP)), any_of(leaf(OS, vulnerable=False))))

    assert said(every, (APP, "1"), (OS, "*")) == [Sure.CONFIRMED, None]
    assert said(every, (APP, "unknown"), (OS, "1")) == [None, None]
    assert known_of(every, cpe(f"cpe:2.3:{APP}:*:*:*:*:*:*:*:*")) == 1
    assert known_of(every, cpe(f"cpe:2.3:{OS}:*:*:*:*:*:*:*:*")) == 0


def test_the_surest_way_counts_and_a_rejected_cve_is_contradicted(tmp_path: Path) -> None:
    """Two configurations name the product, one vaguely."""
    nodes = [{"nodes": [any_of(leaf(APP, "-"))]}, {"nodes": [any_of(leaf(APP, "1"))]}]

    assert said(feed_of(tmp_path, *nodes), (APP, "1")) == [Sure.CONFIRMED]
    assert said(feed_of(tmp_path, *nodes, status="Rejected"), (APP, "1")) == [Sure.CONTRADICTED]


def test_a_pattern_names_every_product_it_holds(tmp_path: Path) -> None:
    """NVD writes a few product names with a wildcard."""
    feed = feed_of(tmp_path, {"nodes": [any_of(leaf(r"a:acme:mail\:*", versionEndExcluding="2"))]})

    assert said(feed, (r"a:acme:mail\:_pro", "1"), (r"a:acme:mail", "1")) == [Sure.CONFIRMED, None]
