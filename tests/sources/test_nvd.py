"""NVD 2.0 feeds: configurations and their traps."""

from __future__ import annotations

from typing import Any

import pytest

from postmarket.sources.interface import Certainty, Criterion, NameKind, Node, Operator, Rating, Record, Refused, State
from postmarket.sources.nvd import read
from tests.sources.given import document, holds, record, refusals, said

Json = dict[str, Any]


def cve(*configurations: Json, **fields: Any) -> Json:
    """A CVE as the feed holds it."""
    return {"cve": {"id": "CVE-2024-0001", "configurations": list(configurations), **fields}}


def feed(*items: object) -> Json:
    """A feed file."""
    return {"format": "NVD_CVE", "version": "2.0", "vulnerabilities": list(items)}


def node(*matches: Json, **fields: Any) -> Json:
    """A node of CPE matches."""
    return {"operator": "OR", "negate": False, "cpeMatch": list(matches), **fields}


def match(product: str, version: str = "*", *, update: str = "*", vulnerable: bool = True, **ends: Any) -> Json:
    """One CPE match of an application by acme."""
    name = f"cpe:2.3:{'a' if vulnerable else 'o'}:acme:{product}:{version}:{update}:*:*:*:*:*:*"
    return {"vulnerable": vulnerable, "criteria": name, "matchCriteriaId": "0", **ends}


def read_one(*configurations: Json, **fields: Any) -> Record:
    """The record of one CVE with these configurations."""
    return record(read, feed(cve(*configurations, **fields)))


def test_the_words_of_a_record_are_kept() -> None:
    """Identity, times in UTC, the English description, weaknesses, references, every rating."""
    metric = {
        "source": "nvd@nist.gov",
        "type": "Primary",
        "cvssData": {"vectorString": "CVSS:3.1/AV:N", "baseScore": 9},
    }
    other = {"source": "cna", "type": "Secondary", "cvssData": {"version": "4.0", "vectorString": "CVSS:4.0/AV:N"}}
    found = read_one(
        published="2024-01-02T03:04:05.678",
        lastModified="2024-02-03T05:00:00.000+02:00",
        vulnStatus="Analyzed",
        descriptions=[{"lang": "es", "value": "Hola"}, {"lang": "en", "value": "A flaw."}],
        metrics={"cvssMetricV31": [metric], "cvssMetricV40": [other]},
        weaknesses=[{"description": [{"lang": "en", "value": "CWE-79"}, {"lang": "en", "value": "NVD-CWE-noinfo"}]}],
        references=[{"url": "https://example.org/a"}, {"url": "https://example.org/a"}],
        cisaExploitAdd="2024-01-01",
    )

    assert (found.id, found.record_id, found.state) == ("CVE-2024-0001", "CVE-2024-0001", State.PUBLISHED)
    assert (found.published, found.modified) == ("2024-01-02T03:04:05Z", "2024-02-03T03:00:00Z")
    assert found.description == "A flaw."
    assert found.ratings == (
        Rating("4.0", "CVSS:4.0/AV:N", None, "cna", primary=False),
        Rating("3.1", "CVSS:3.1/AV:N", 9.0, "nvd@nist.gov", primary=True),
    )
    assert found.cwes == ("CWE-79",)
    assert found.references == ("https://example.org/a",)


def test_a_rejected_cve_is_marked() -> None:
    """It stays a record: what was decided on it must still be found."""
    assert read_one(vulnStatus="Rejected").state is State.REJECTED


@pytest.mark.parametrize(
    ("ends", "text", "inside", "outside"),
    [
        ({"versionStartIncluding": "1.0", "versionEndExcluding": "2.0"}, ">= 1.0, < 2.0", "1.0", "2.0"),
        ({"versionStartExcluding": "1.0", "versionEndIncluding": "2.0"}, "> 1.0, <= 2.0", "2.0", "1.0"),
        ({"versionEndExcluding": "2.0"}, "< 2.0", "0.1", "2.0"),
        ({"versionStartIncluding": "2.0"}, ">= 2.0", "99", "1.9"),
    ],
)
def test_stated_ends_make_the_range(ends: dict[str, Any], text: str, inside: str, outside: str) -> None:
    """Each end as it says, including or excluding."""
    (criterion,) = read_one({"nodes": [node(match("pump", **ends))]}).criteria

    assert (criterion.name, criterion.text) == ("a:acme:pump", text)
    assert holds(criterion, inside)
    assert not holds(criterion, outside)
    assert criterion.fixed == ends.get("versionEndExcluding", "")


def test_without_ends_the_name_s_own_version_counts() -> None:
    """With its update, and bare while asking for it; `*` is every version, `-` every version but only possibly."""
    found = read_one(
        {"nodes": [node(match("a", "1.2", update="sp1"), match("b"), match("c", "-"), match("d", "1.2\\(3\\)"))]}
    )

    assert said(found) == [
        ("a:acme:a", "= 1.2-sp1"),
        ("a:acme:a", "= 1.2"),
        ("a:acme:b", "any"),
        ("a:acme:c", "? -"),
        ("a:acme:d", "= 1.2(3)"),
    ]
    assert [criterion.attributes for criterion in found.criteria[:3]] == ["", "sp1:*:*:*:*:*:*", ""]
    assert found.unread == ()


def test_a_platform_only_has_to_be_present() -> None:
    """`-` on what is not vulnerable is how NVD writes "in whatever version" (docs/adr/0030-matching-policy.md)."""
    found = read_one({"operator": "AND", "nodes": [node(match("a")), node(match("b", "-", vulnerable=False))]})

    assert [criterion.certainty for criterion in found.criteria] == [Certainty.STATED, Certainty.STATED]


def test_a_version_that_cannot_be_keyed_is_possible_and_counted() -> None:
    """Its words are kept, as are those of ends with nothing between them."""
    found = read_one(
        {
            "nodes": [
                node(
                    match("a", "various"),
                    match("b", versionEndExcluding="\u0661.2"),
                    match("c", versionStartIncluding="2.0", versionEndExcluding="1.0"),
                )
            ]
        }
    )

    assert said(found) == [
        ("a:acme:a", "? = various"),
        ("a:acme:b", "? < \u0661.2"),
        ("a:acme:c", "? >= 2.0, < 1.0"),
    ]
    assert len(found.unread) == 3
    assert holds(found.criteria[0], "7")


@pytest.mark.parametrize("operator", [{}, {"operator": "OR"}, {"operator": None}])
def test_a_configuration_without_an_operator_is_or(operator: Json) -> None:
    """Ten thousand configurations of several nodes do not say."""
    found = read_one({"nodes": [node(match("a")), node(match("b"))], **operator})

    assert [one.name for one in found.criteria] == ["a:acme:a", "a:acme:b"]
    assert found.conditions == ()


def test_or_drops_what_is_not_vulnerable() -> None:
    """A platform beside a product in OR can never make a match on its own."""
    found = read_one({"nodes": [node(match("pump"), match("os", vulnerable=False))]})

    assert [one.name for one in found.criteria] == ["a:acme:pump"]


@pytest.mark.parametrize("operator", ["AND", "OR"])
def test_without_a_vulnerable_leaf_nothing_matches(operator: str) -> None:
    """Neither a criterion nor a condition."""
    platform = node(match("os", vulnerable=False))
    found = read_one({"operator": operator, "nodes": [platform, platform]})

    assert found.criteria == ()
    assert found.conditions == ()


def test_running_on_is_a_condition() -> None:
    """The platform is a criterion that only has to be present."""
    found = read_one(
        {"operator": "AND", "nodes": [node(match("a"), match("b")), node(match("os", "-", vulnerable=False))]}
    )

    assert [(one.name, one.vulnerable) for one in found.criteria] == [
        ("a:acme:a", True),
        ("a:acme:b", True),
        ("o:acme:os", False),
    ]
    assert found.conditions == (Node(Operator.AND, nodes=(Node(Operator.OR, (0, 1)), Node(Operator.OR, (2,)))),)


def test_and_of_one_thing_is_that_thing() -> None:
    """It needs no condition."""
    found = read_one({"operator": "AND", "nodes": [node(match("a"), match("b"))]})

    assert [one.name for one in found.criteria] == ["a:acme:a", "a:acme:b"]
    assert found.conditions == ()


def test_negation_is_kept() -> None:
    """On a node, and on a whole configuration."""
    found = read_one(
        {"operator": "AND", "nodes": [node(match("a")), node(match("os", vulnerable=False), negate=True)]},
        {"negate": True, "nodes": [node(match("c"))]},
    )

    first, second = found.conditions
    assert first.nodes[1].negate
    assert second == Node(Operator.OR, nodes=(Node(Operator.OR, (2,)),), negate=True)


def test_an_alternative_that_needs_a_platform_is_its_own_condition() -> None:
    """The other alternatives stand alone."""
    inner = {"operator": "AND", "nodes": [node(match("b")), node(match("os", vulnerable=False))]}
    found = read_one({"nodes": [node(match("a")), inner]})

    assert len(found.conditions) == 1
    named = {index for part in found.conditions[0].nodes for index in part.criteria}
    assert [one.name for index, one in enumerate(found.criteria) if index not in named] == ["a:acme:a"]


def test_children_are_nodes() -> None:
    """Old feeds nest them under that name."""
    found = read_one({"nodes": [{"operator": "AND", "children": [node(match("a")), node(match("b"))]}]})

    assert found.conditions == (Node(Operator.AND, nodes=(Node(Operator.OR, (0,)), Node(Operator.OR, (1,)))),)


def test_what_stands_alone_and_in_a_condition_has_two_places() -> None:
    """A criterion named in a condition does not stand alone."""
    both = {"operator": "AND", "nodes": [node(match("a")), node(match("os", vulnerable=False))]}
    found = read_one({"nodes": [node(match("a"))]}, both)

    assert [one.name for one in found.criteria] == ["a:acme:a", "a:acme:a", "o:acme:os"]
    assert found.conditions[0].nodes[0].criteria == (1,)


def test_a_name_that_is_no_cpe_keeps_its_place() -> None:
    """As a criterion nothing answers to, and counted."""
    broken = {"vulnerable": False, "criteria": "cpe:2.3:o:acme"}
    found = read_one({"operator": "AND", "nodes": [node(match("a")), node(broken)]})

    assert found.criteria[1] == Criterion(
        NameKind.CPE, "cpe:2.3:o:acme", found.criteria[1].range, "-", Certainty.POSSIBLE, vulnerable=False
    )
    assert len(found.unread) == 1


def test_one_bad_record_is_one_refusal_and_the_others_go_on() -> None:
    """It says which, by number and CVE."""
    bad = cve(id="CVE-2024-0002")
    bad["cve"]["descriptions"] = "none"
    operator = cve({"operator": "XOR", "nodes": []}, id="CVE-2024-0003")
    content = feed(cve(), bad, {}, cve(id="CAN-1"), operator, cve(id="CVE-2024-0001"), cve(id="CVE-2024-0004"))

    found = list(read(document(content)))

    assert [item.id for item in found if isinstance(item, Record)] == ["CVE-2024-0001", "CVE-2024-0004"]
    assert [item.where for item in found if isinstance(item, Refused)] == [
        "feed.json: item 2 (CVE-2024-0002)",
        "feed.json: item 3",
        "feed.json: item 4",
        "feed.json: item 5 (CVE-2024-0003)",
        "feed.json: CVE-2024-0001",
    ]
    assert "twice" in refusals(read, content)[-1].why


def test_a_configuration_nested_too_deeply_is_refused() -> None:
    """Before it meets Python's own limit."""
    deep: Json = node(match("a"))
    for _ in range(100):
        deep = {"operator": "AND", "nodes": [deep, node(match("b"))]}

    (refused,) = refusals(read, feed(cve(deep)))

    assert "40 levels" in refused.why


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"CVE_Items": []}', b"\xff\xfe\x00", b"[" * 100_000, b"NaN"])
def test_what_is_no_feed_is_one_refusal(content: bytes) -> None:
    """With its reason, on one line."""
    (refused,) = refusals(read, content)

    assert "is no NVD 2.0 feed" in refused.why


def test_a_byte_order_mark_is_tolerated() -> None:
    """UTF-8 with one, and UTF-16."""
    text = '{"vulnerabilities": [{"cve": {"id": "CVE-2024-0001"}}]}'

    assert record(read, text.encode("utf-8-sig")).id == "CVE-2024-0001"
    assert record(read, text.encode("utf-16")).id == "CVE-2024-0001"
