"""CSAF advisories: product trees, ranges in words, relationships."""

from __future__ import annotations

from typing import Any

import pytest

from postmarket.sources.csaf import read
from postmarket.sources.interface import Certainty, Criterion, NameKind, Node, Operator, Rating, Record, State
from postmarket.versions.interface import Scheme
from tests.sources.given import document, holds, record, refusals, said

Json = dict[str, Any]


def branch(category: str, name: str, *branches: Json, **product: Any) -> Json:
    """A branch with further branches, or with a product (`product_id`, and perhaps its helper)."""
    if product:
        return {"category": category, "name": name, "product": {"name": name, **product}}
    return {"category": category, "name": name, "branches": list(branches)}


def acme(version: str, category: str = "product_version_range", **helper: Any) -> Json:
    """The tree of one product of Acme's, whose id is P1."""
    product: Json = {"product_id": "P1"} | ({"product_identification_helper": helper} if helper else {})
    leaf = branch(category, version, **product)
    return {"branches": [branch("vendor", "Acme Inc.", branch("product_name", "Pump OS", leaf))]}


def advisory(tree: Json, *vulnerabilities: Json, **fields: Any) -> Json:
    """An advisory; by default with one vulnerability that affects P1."""
    return {
        "document": {
            "category": "csaf_security_advisory",
            "csaf_version": "2.0",
            "publisher": {"category": "vendor", "name": "Acme PSIRT"},
            "title": "Flaws in pumps",
            "tracking": {
                "id": "ACME-1",
                "initial_release_date": "2024-01-02T03:04:05.000Z",
                "current_release_date": "2024-02-03T04:05:06+01:00",
            },
            **fields,
        },
        "product_tree": tree,
        "vulnerabilities": list(vulnerabilities) or [flaw()],
    }


def flaw(*affected: str, cve: str = "CVE-2024-0001", **fields: Any) -> Json:
    """A vulnerability that affects these products, P1 when none is named."""
    return {"cve": cve, "product_status": {"known_affected": list(affected) or ["P1"]}, **fields}


def read_one(tree: Json, *vulnerabilities: Json) -> Record:
    """The record of an advisory of one vulnerability."""
    return record(read, advisory(tree, *vulnerabilities))


def test_a_record_is_one_vulnerability_of_one_advisory() -> None:
    """With the words of both."""
    vulnerability = flaw(
        title="A flaw",
        ids=[{"system_name": "Acme", "text": "ACME-BUG-7"}],
        notes=[{"category": "other", "text": "?"}, {"category": "summary", "text": "It leaks."}],
        cwe={"id": "CWE-200", "name": "Exposure"},
        scores=[{"products": ["P1"], "cvss_v3": {"version": "3.0", "vectorString": "CVSS:3.0/AV:N", "baseScore": 7.5}}],
        remediations=[
            {"category": "vendor_fix", "details": "Update.", "product_ids": ["P1"]},
            {"category": "workaround", "details": "Unplug.", "product_ids": ["P1"]},
        ],
        references=[{"url": "https://example.org/flaw", "summary": "x"}],
    )
    own = [{"category": "self", "url": "https://example.org/self"}, {"url": "https://example.org/other"}]

    found = record(read, advisory(acme("< 2.0"), vulnerability, references=own))

    assert (found.id, found.record_id, found.title) == ("CVE-2024-0001", "ACME-1/CVE-2024-0001", "A flaw")
    assert (found.published, found.modified) == ("2024-01-02T03:04:05Z", "2024-02-03T03:05:06Z")
    assert (found.description, found.cwes, found.related) == ("It leaks.", ("CWE-200",), ("ACME-BUG-7",))
    assert found.ratings == (Rating("3.0", "CVSS:3.0/AV:N", 7.5, "Acme PSIRT"),)
    assert found.advice == ("Update.", "Unplug.")
    assert found.references == ("https://example.org/self", "https://example.org/flaw")


def test_a_vulnerability_without_a_cve_is_named_by_its_place() -> None:
    """Within its advisory."""
    items = list(read(document(advisory(acme("*"), flaw(), {"title": "No CVE yet"}))))

    assert [item.record_id for item in items if isinstance(item, Record)] == ["ACME-1/CVE-2024-0001", "ACME-1/2"]


def test_a_withdrawn_advisory_is_marked() -> None:
    """CSAF 2.1 has a category for it."""
    assert record(read, advisory(acme("*"), category="csaf_withdrawn")).state is State.WITHDRAWN


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("vers:all/*", "any"),
        ("< V3.1.17", "< 3.1.17"),
        ("All BIOS versions < V25.02.08", "< 25.02.08"),
        ("4.1 through 4.3", ">= 4.1, <= 4.3"),
        ("vers:generic/>=1.0|<2.0", ">= 1.0, < 2.0"),
        ("< V3.X.17", "? < V3.X.17"),
        ("the first of August", "? the first of August"),
    ],
)
def test_a_range_is_read_from_the_branch(version: str, text: str) -> None:
    """What is not understood is possible, and counted."""
    found = read_one(acme(version))

    assert said(found) == [("acme:pump_os", text)]
    assert len(found.unread) == text.startswith("?")


def test_a_version_branch_is_one_version() -> None:
    """With a service pack or patch level below it."""
    tree = branch("product_version", "2.0", branch("service_pack", "SP1", product_id="P1"))

    assert said(read_one(acme("1.2.3", "product_version"))) == [("acme:pump_os", "= 1.2.3")]
    assert said(read_one({"branches": [branch("vendor", "Acme", branch("product_name", "Pump", tree))]})) == [
        ("acme:pump", "= 2.0 SP1")
    ]


def test_a_product_without_a_version_is_all_of_its_versions() -> None:
    """A name in which a version may hide is only possible."""
    bare = {"branches": [branch("vendor", "Acme", branch("product_name", "Pump", product_id="P1"))]}
    full = {"full_product_names": [{"product_id": "P1", "name": "Acme Pump 3.1"}]}

    assert said(read_one(bare)) == [("acme:pump", "any")]
    assert said(read_one(full)) == [(":acme_pump_3.1", "? Acme Pump 3.1")]


def test_a_family_names_a_product_only_until_a_product_does() -> None:
    """And architectures, languages and hosts do not."""
    leaf = branch("product_version", "1.0", branch("architecture", "x86", product_id="P1"))
    family = branch("product_family", "Pumps", branch("product_name", "Pump", leaf))

    assert said(read_one({"branches": [branch("vendor", "Acme", family)]})) == [("acme:pump", "= 1.0")]


def test_a_cpe_names_the_product() -> None:
    """Its own version counts only where no branch says one."""
    cpe = "cpe:2.3:o:acme:pump_os:1.0:*:*:*:*:*:*:*"
    bare = {
        "full_product_names": [{"product_id": "P1", "name": "Pump OS", "product_identification_helper": {"cpe": cpe}}]
    }

    assert said(read_one(acme("< 2.0", cpe=cpe))) == [("o:acme:pump_os", "< 2.0")]
    assert said(read_one(bare)) == [("o:acme:pump_os", "= 1.0")]


@pytest.mark.parametrize(
    ("purl", "version", "name", "text", "scheme"),
    [
        ("pkg:pypi/Pump_Lib@1.0", "< 2.0", "pypi/pump-lib", "= 1.0", Scheme.PYPI),
        ("pkg:pypi/pump-lib", "< 2.0", "pypi/pump-lib", "< 2.0", Scheme.PYPI),
        ("pkg:pypi/pump-lib", "vers:pypi/>=1.0|<2.0", "pypi/pump-lib", ">= 1.0, < 2.0", Scheme.PYPI),
        ("pkg:rpm/redhat/openssl?arch=src", "openssl", "rpm/redhat/openssl", "any", Scheme.RPM),
        (
            "pkg:rpm/redhat/openssl@1.1.1k-5.el8?epoch=1",
            "openssl",
            "rpm/redhat/openssl",
            "= 1:1.1.1k-5.el8",
            Scheme.RPM,
        ),
    ],
)
def test_a_purl_names_the_product(purl: str, version: str, name: str, text: str, scheme: Scheme) -> None:
    """And says the scheme of its versions."""
    (criterion,) = read_one(acme(version, purl=purl)).criteria

    assert (criterion.kind, criterion.name, criterion.text) == (NameKind.PURL, name, text)
    assert criterion.range.scheme is scheme


def test_names_that_are_none_are_counted_and_the_words_stand() -> None:
    """A broken CPE and a broken purl."""
    found = read_one(acme("< 2.0", cpe="cpe:2.3:o:acme", purl="pump"))

    assert said(found) == [("acme:pump_os", "< 2.0")]
    assert len(found.unread) == 2


def test_model_numbers_are_names_of_their_own() -> None:
    """A whole one; a family of them, with a wildcard, names no component."""
    found = read_one(acme("< 2.0", model_numbers=["6ES7-510", "6ES7-51*", "6ES7\\*1"]))

    assert said(found) == [("acme:pump_os", "< 2.0"), ("acme:6es7_510", "< 2.0"), ("acme:6es7_1", "< 2.0")]


def test_serial_numbers_make_a_claim_only_possible() -> None:
    """An SBOM does not say which unit it describes."""
    found = read_one(acme("< 2.0", serial_numbers=["A1", "A2"]))

    assert [one.certainty for one in found.criteria] == [Certainty.POSSIBLE]
    assert holds(found.criteria[0], "1.0")
    assert not holds(found.criteria[0], "2.0")
    assert "A1, A2" in found.unread[0]


def test_first_and_last_affected_count_and_the_others_do_not() -> None:
    """Fixed, recommended, not affected and under investigation claim nothing here."""
    versions = [branch("product_version", f"{number}.0", product_id=f"P{number}") for number in range(1, 8)]
    tree = {"branches": [branch("vendor", "Acme", branch("product_name", "Pump", *versions))]}
    status = {
        "known_affected": ["P1"],
        "first_affected": ["P2"],
        "last_affected": ["P3"],
        "known_not_affected": ["P4"],
        "fixed": ["P5"],
        "recommended": ["P6"],
        "under_investigation": ["P7"],
    }

    found = read_one(tree, {"cve": "CVE-2024-0001", "product_status": status})

    assert [one.text for one in found.criteria] == ["= 1.0", "= 2.0", "= 3.0"]


def test_a_product_that_is_not_in_the_tree_is_counted() -> None:
    """The others stand."""
    found = read_one(acme("< 2.0"), flaw("P1", "P9"))

    assert len(found.criteria) == 1
    assert found.unread == ("P9: is not in the product tree",)


def related(category: str = "installed_on", *, of: str = "P1", on: str = "P2", name: str = "P1:P2") -> Json:
    """A relationship."""
    return {
        "category": category,
        "product_reference": of,
        "relates_to_product_reference": on,
        "full_product_name": {"product_id": name, "name": f"{of} {category} {on}"},
    }


def tree_of_two(*relationships: Json) -> Json:
    """A pump's software and the operating system it runs on."""
    system = branch("vendor", "Other", branch("product_name", "System", product_id="P2"))
    return {"branches": [*acme("< 2.0")["branches"], system], "relationships": list(relationships)}


@pytest.mark.parametrize("category", ["installed_on", "default_component_of"])
def test_software_on_a_platform_is_a_condition(category: str) -> None:
    """The platform only has to be present."""
    found = read_one(tree_of_two(related(category)), flaw("P1:P2"))

    assert [(one.name, one.vulnerable) for one in found.criteria] == [("acme:pump_os", True), ("other:system", False)]
    assert found.conditions == (Node(Operator.AND, nodes=(Node(Operator.OR, (0,)), Node(Operator.OR, (1,)))),)


def test_relationships_may_build_on_one_another_in_any_order() -> None:
    """And those that build on nothing, or on themselves, are left out."""
    tree = tree_of_two(
        related(of="P1:P2", on="P2", name="deep"),
        related(),
        related(of="missing", name="lost"),
        related(of="loop", name="loop"),
    )

    found = read_one(tree, flaw("deep", "lost", "loop"))

    assert [one.name for one in found.criteria] == ["acme:pump_os", "other:system"]
    assert len(found.unread) == 2


def test_an_advisory_without_a_tree_still_gives_its_vulnerabilities() -> None:
    """They claim nothing."""
    content = advisory({}, {"cve": "CVE-2024-0001"})
    del content["product_tree"]

    assert record(read, content).criteria == ()


def test_a_bad_vulnerability_is_refused_alone() -> None:
    """By its place."""
    content = advisory(acme("*"), flaw(), flaw(cve="CAN-1"), {"scores": "high"}, flaw())

    assert [item.where for item in refusals(read, content)] == [
        "feed.json: vulnerability 2",
        "feed.json: vulnerability 3",
        "feed.json: ACME-1/CVE-2024-0001",
    ]


@pytest.mark.parametrize("content", [b"", b"[]", {"document": {}}, {"document": {"tracking": {"id": "a\x1bb"}}}])
def test_what_is_no_advisory_is_one_refusal(content: object) -> None:
    """A provider's metadata, say."""
    assert "is no CSAF advisory" in refusals(read, content)[0].why


def test_scores_of_version_4_are_read_where_csaf_2_1_puts_them() -> None:
    """Under metrics, with their content."""
    metrics = [{"content": {"cvss_v4": {"version": "4.0", "vectorString": "CVSS:4.0/AV:N", "baseScore": 9.3}}}]

    assert read_one(acme("*"), flaw(metrics=metrics)).ratings == (Rating("4.0", "CVSS:4.0/AV:N", 9.3, "Acme PSIRT"),)


def test_a_criterion_is_said_once() -> None:
    """Though two products of the tree come to the same."""
    tree = {
        "branches": [
            branch(
                "vendor",
                "Acme",
                branch(
                    "product_name",
                    "Pump",
                    branch("product_version_range", "< 2.0", product_id="P1"),
                    branch("product_version_range", "<2.0", product_id="P2"),
                ),
            )
        ]
    }

    found = read_one(tree, flaw("P1", "P2"))

    assert all(isinstance(one, Criterion) for one in found.criteria)
    assert len(found.criteria) == 1
