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
    product: str, version: str = "*", *, update: str = "*", vulnerable: bool = True, rest: str = "*", **bounds: str
) -> dict[str, Any]:
    """A `cpeMatch`; `rest` is the target software."""
    name = f"cpe:2.3:{product}:{version}:{update}:*:*:*:{rest}:*:*"
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


def said(feed: Feed, *components: tuple[str, str], update: str = "*", rest: str = "*") -> list[Sure | None]:
    """What the walk says of each component (product, version)."""
    device = [stated(f"cpe:2.3:{product}:{version}:{update}:*:*:*:{rest}:*:*") for product, version in components]
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
    "text",
    [
        "", "final", "1.*", "1,2", ">= 1", "1;2", "a" * 40, "0f" * 32, "1" * 513, "1.0\u00e9", "1.0\x00", "\x001.0",
        "3602a5d0c1b2", "C4F81D9616D4", "20231215a4f7", "1" * 38 + "e",
    ],
)  # fmt: skip
def test_what_is_no_version_is_unknown(text: str) -> None:
    """Patterns, lists, commits in full and in short, words, absurd lengths and anything but ASCII."""
    assert order(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "3602a5d0c1b", "360215900122", "1" * 38, "1" * 40, "3602a5d-0c1b2", "g3602a5d0c1b2", "v3602a5d0c1b2",
        "\u20031.0\u00a0", "\x1c1.0\x1f", "1.0" + " " * 600, "1" + "." * 511, "1" * 500,
    ],
)  # fmt: skip
def test_what_only_looks_like_no_version_is_one(text: str) -> None:
    """Shorter, only digits, with a separator or another letter; white space around it, however much."""
    assert order(text) is not None


def test_a_key_that_would_be_too_long_is_unknown() -> None:
    """Letters and digits in turn take four bytes a pair: 127 pairs, a number and the end are 511, one more pair 515."""
    assert order("1" + "z1" * 127) is not None
    assert order("1" + "z1" * 128) is None


def test_only_a_space_separates_a_short_pre_release() -> None:
    """Rule 3 names the space; a tab is no separator there, though it cuts."""
    assert order("1.0 b2") == order("1.0-b2") != order("1.0\tb2")
    assert order("1.0 b2") < order("1.0") < order("1.0\tb2")  # type: ignore[operator]  # None of them is unknown.


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"versionStartIncluding": "1.0", "versionEndExcluding": "2.0"}, ["1.0", "1.9", "2.0-rc1"], ["0.9", "2.0"]),
        ({"versionStartExcluding": "1.0", "versionEndIncluding": "2.0"}, ["1.0a", "2.0"], ["1.0", "2.0.1"]),
        ({"versionEndIncluding": "5.10.*"}, ["5.10.99", "5.9"], ["5.11-dev", "5.11"]),
        ({"versionStartIncluding": "5.10.x"}, ["5.10-rc1", "6"], ["5.9.9"]),
        ({"versionStartExcluding": "5.10.*"}, ["5.11-dev", "5.11"], ["5.10", "5.10.99"]),
        ({"versionEndExcluding": "5.10.*"}, ["5.9.9"], ["5.10-dev", "5.10"]),
        (
            dict.fromkeys(("versionStartIncluding", "versionEndIncluding"), "20.3*"),
            ["20.3", "20.3R1", "20.3.7"],
            ["20.30"],
        ),
        ({"versionStartIncluding": "2", "versionStartExcluding": "3"}, ["2", "3"], ["1"]),
        ({"versionEndIncluding": "2", "versionEndExcluding": "3"}, ["2", "2.9"], ["3"]),
        ({"versionEndIncluding": "3", "versionEndExcluding": "2"}, ["1"], ["2", "3"]),
        ({"versionStartIncluding": "1", "versionStartExcluding": "master"}, ["1"], ["0.9"]),
    ],
)
def test_ranges_hold_what_lies_between_their_bounds(
    bounds: dict[str, str], inside: list[str], outside: list[str]
) -> None:
    """Each of the four bounds, wildcards as bounds, and the kind that wins where both are given."""
    held = between(bounds)
    assert held is not None

    answers = {version: holds(held, order(version) or ()) for version in [*inside, *outside]}

    assert [version for version, answer in answers.items() if answer] == inside


def test_a_range_that_cannot_be_read_is_none() -> None:
    """A bound without an order, the other being plain, and ends the wrong way round or on one another."""
    assert between({"versionEndExcluding": "master"}) is None
    assert between({"versionStartIncluding": "1", "versionEndExcluding": "master"}) is None
    assert between({"versionStartIncluding": "2", "versionEndExcluding": "1"}) is None
    assert between({"versionStartIncluding": "1", "versionEndExcluding": "1.0"}) is None
    assert between({"versionStartIncluding": "1" * 300 + ".*"}) is None


def test_a_cpe_is_cut_at_its_unquoted_colons() -> None:
    """A quoted colon belongs to the value, a quoted backslash ends one, and the update follows the version."""
    name = cpe(r"cpe:2.3:a:Acme\\:foo\:\:bar:15.2\(4\):p1:*:*:*:node.js:*:*")

    assert (name.vendor.plain, name.product.plain) == ("acme\\", "foo::bar")
    assert name.full_version == "15.2(4)-p1"


def test_other_spellings_of_a_name_are_one() -> None:
    """Needless backslashes go and missing ones come, but a quoted wildcard is none."""
    one, other, pattern = (
        cpe(f"cpe:2.3:a:acme:{product}:*:*:*:*:*:*:*:*")
        for product in (r"node\.js\(x\*", r"Node.js(\x\*", r"node.js(x*")
    )

    assert one.product_key == other.product_key != pattern.product_key
    assert (one.product_is_pattern, pattern.product_is_pattern) == (False, True)
    assert pattern.names_product_of(one)
    assert not one.names_product_of(pattern)
    assert pattern.names_product_of(pattern)


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
    """No version, or a range that cannot be read: over every version, the unknown one too."""
    alone = feed_of(tmp_path, {"nodes": [any_of(vague)]})

    assert said(alone, (APP, "1")) == said(alone, (APP, "*")) == [Sure.POSSIBLE]


@pytest.mark.parametrize("vague", [leaf(APP, "various"), leaf(APP, versionEndExcluding="master")])
def test_a_platform_that_cannot_be_read_leaves_the_condition_open(tmp_path: Path, vague: dict[str, Any]) -> None:
    """Possibly there is not there."""
    platform = feed_of(tmp_path, both(any_of(leaf(LIB)), any_of({**vague, "vulnerable": False})))

    assert said(platform, (LIB, "1"), (APP, "1")) == [Sure.UNVERIFIED, None]


@pytest.mark.parametrize("version", ["-", "*"])
def test_a_platform_without_a_version_is_any(tmp_path: Path, version: str) -> None:
    """D1 of ADR 0030: it only has to be there, with whatever version, known or not."""
    feed = feed_of(tmp_path, both(any_of(leaf(APP)), any_of(leaf(OS, version, vulnerable=False))))

    assert said(feed, (APP, "1"), (OS, "5")) == said(feed, (APP, "1"), (OS, "*")) == [Sure.CONFIRMED, None]
    assert said(feed, (APP, "1")) == [Sure.UNVERIFIED]


def test_a_configuration_without_a_vulnerable_leaf_matches_nothing(tmp_path: Path) -> None:
    """Platforms alone are no vulnerability, whatever joins them."""
    node = any_of(leaf(APP, vulnerable=False), leaf(OS, vulnerable=False))
    feed = feed_of(tmp_path, {"nodes": [node]}, both(node, node), {"nodes": [node], "negate": True})

    assert said(feed, (APP, "1"), (OS, "1")) == [None, None]


def test_an_unknown_version_is_in_every_version_and_in_no_other_range(tmp_path: Path) -> None:
    """D4 of ADR 0030; what is known of the product is counted without its platforms."""
    every = feed_of(tmp_path, both(any_of(leaf(APP)), any_of(leaf(OS, vulnerable=False))))
    some = feed_of(tmp_path, {"nodes": [any_of(leaf(APP, versionStartIncluding="0"), leaf(APP, "1"))]})

    assert said(every, (APP, "unknown"), (OS, "1")) == said(every, (APP, "*"), (OS, "*")) == [Sure.CONFIRMED, None]
    assert said(some, (APP, "unknown")) == said(some, (APP, "*")) == [None]
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


@pytest.mark.parametrize(
    ("criterion", "answer"),
    [
        (leaf(APP, "9.8"), Sure.CONFIRMED),
        (leaf(APP, "9.8.0"), Sure.CONFIRMED),
        (leaf(APP, "9.8", rest="linux"), Sure.UNVERIFIED),
        (leaf(APP, "9.8", update="p1"), Sure.CONFIRMED),
        (leaf(APP, "9.8", update="-"), None),
        (leaf(APP, "9.8", update="p2"), None),
        (leaf(APP, "9.7"), None),
        (leaf(APP, versionEndIncluding="9.8"), None),
        (leaf(APP, versionStartIncluding="9.8", versionEndIncluding="9.8"), None),
        (leaf(APP, versionEndExcluding="9.8.1"), Sure.CONFIRMED),
    ],
)
def test_an_update_is_part_of_the_release_that_is_named_without_one(
    tmp_path: Path, criterion: dict[str, Any], answer: Sure | None
) -> None:
    """D3 of ADR 0030: `9.8:p1` is `9.8-p1`, and also what is called `9.8` with any update; ranges stay ranges."""
    assert said(feed_of(tmp_path, {"nodes": [any_of(criterion)]}), (APP, "9.8"), update="p1") == [answer]


def test_a_release_that_is_named_without_its_update_fulfils_a_condition(tmp_path: Path) -> None:
    """Also as a platform."""
    feed = feed_of(tmp_path, both(any_of(leaf(APP, "9.8")), any_of(leaf(OS, "5", vulnerable=False))))

    assert said(feed, (APP, "9.8"), (OS, "5"), update="p1") == [Sure.CONFIRMED, None]


@pytest.mark.parametrize(
    ("version", "update", "answer"),
    [
        ("5.0.1", "sp4", Sure.CONFIRMED),
        ("5.0.1-sp4", "*", Sure.CONFIRMED),
        ("5.0.1", "*", Sure.UNVERIFIED),
        ("5.0.1.0", "*", Sure.UNVERIFIED),
        ("5.0.1", "sp3", None),
        ("5.0.1", "-", None),
        ("5.0.2", "*", None),
        ("*", "*", None),
    ],
)
def test_a_criterion_with_an_update_may_be_met_by_a_component_that_states_none(
    tmp_path: Path, version: str, update: str, answer: Sure | None
) -> None:
    """D3 of ADR 0030: unverified, "only for update sp4"; another update is another thing."""
    feed = feed_of(tmp_path, {"nodes": [any_of(leaf(APP, "5.0.1", update="sp4"))]})

    assert said(feed, (APP, version), update=update) == [answer]


def test_an_update_is_not_guessed_inside_a_condition(tmp_path: Path) -> None:
    """Neither for the vulnerable part nor for the platform, nor under a negation."""
    wanted = any_of(leaf(APP, "5.0.1", update="sp4"))
    with_platform = feed_of(tmp_path, both(wanted, any_of(leaf(OS, vulnerable=False))))
    platform = feed_of(tmp_path, both(any_of(leaf(OS)), any_of(leaf(APP, "5.0.1", update="sp4", vulnerable=False))))
    negated = feed_of(tmp_path, {"nodes": [{**wanted, "negate": True}]})

    assert said(with_platform, (APP, "5.0.1"), (OS, "1")) == [None, None]
    assert said(platform, (APP, "5.0.1"), (OS, "1")) == [None, Sure.UNVERIFIED]
    assert said(negated, (APP, "5.0.1")) == [None]
