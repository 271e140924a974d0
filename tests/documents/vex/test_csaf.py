"""CSAF documents as VEX."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from postmarket.documents.vex import Justification, Status, VexError, read
from postmarket.documents.vex.csaf import LONGEST
from tests.documents.vex.making import Json, csaf, statements

TREE: Json = {
    "branches": [
        {
            "category": "vendor",
            "name": "Pumps Inc.",
            "branches": [
                {
                    "category": "product_name",
                    "name": "Pump",
                    "product": {"product_id": "ANY", "name": "Pumps Inc. Pump"},
                    "branches": [
                        {
                            "category": "product_version",
                            "name": "4.2",
                            "product": {
                                "product_id": "P42",
                                "name": "Pump 4.2",
                                "product_identification_helper": {"cpe": "cpe:/h:pumps:pump:4.2"},
                            },
                        },
                        {
                            "category": "product_version_range",
                            "name": "vers:generic/<4.2",
                            "product": {"product_id": "OLD", "name": "Pump before 4.2"},
                        },
                    ],
                },
                {
                    "category": "product_version",
                    "name": "zlib-1.2.11",
                    "product": {
                        "product_id": "zlib",
                        "name": "zlib 1.2.11",
                        "product_identification_helper": {
                            "purl": "pkg:generic/zlib@1.2.11",
                            "hashes": [{"filename": "z", "file_hashes": [{"algorithm": "sha512", "value": "AB" * 64}]}],
                        },
                    },
                },
            ],
        }
    ],
    "relationships": [
        {
            "category": "default_component_of",
            "product_reference": "zlib",
            "relates_to_product_reference": "P42",
            "full_product_name": {"product_id": "P42:zlib", "name": "zlib 1.2.11 as part of Pump 4.2"},
        }
    ],
    "product_groups": [{"group_id": "G", "product_ids": ["P42", "OLD"]}],
}


def about(*product_ids: str, status: str = "known_affected", **more: object) -> Json:
    """A vulnerability with these products under one status."""
    return {"cve": "CVE-2018-25032", "product_status": {status: list(product_ids)}, **more}


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("fixed", Status.FIXED),
        ("first_fixed", Status.FIXED),
        ("known_affected", Status.AFFECTED),
        ("first_affected", Status.AFFECTED),
        ("last_affected", Status.AFFECTED),
        ("known_not_affected", Status.NOT_AFFECTED),
        ("under_investigation", Status.UNDER_INVESTIGATION),
    ],
)
def test_product_statuses(key: str, status: Status) -> None:
    """The table of reference §7.5, and the first and last of a line of versions."""
    (found,) = statements(csaf(about("P1", status=key)))

    assert found.status is status
    assert found.place == f"vulnerabilities[0].product_status.{key}[0]"
    assert (found.document, found.author) == ("PUMP-2024-1", "Pumps Inc. PSIRT")


def test_a_recommendation_is_no_status() -> None:
    """It says what to install."""
    with pytest.raises(VexError, match="states nothing"):
        statements(csaf(about("P1", status="recommended")))


def test_a_branch_gives_vendor_name_and_version() -> None:
    """From the branches above the product, with what its helper says."""
    (found,) = statements(csaf(about("P42"), tree=TREE))

    assert (found.product.vendor, found.product.name, found.product.versions) == ("Pumps Inc.", "Pump", ("4.2",))
    assert found.product.cpes == ("cpe:2.3:h:pumps:pump:4.2:*:*:*:*:*:*:*",)
    assert found.product.label == "Pump 4.2"


def test_a_range_is_kept_as_written_and_no_version_is_every_version() -> None:
    """Ranges are read where they are matched."""
    old, any_ = statements(csaf(about("OLD", "ANY"), tree=TREE))

    assert (old.product.versions, old.product.ranges) == ((), ("vers:generic/<4.2",))
    assert (any_.product.versions, any_.product.ranges) == ((), ())


def test_a_relationship_is_a_component_within_a_product() -> None:
    """It is recognised by the component's identifiers, and holds in that product only."""
    (found,) = statements(csaf(about("P42:zlib"), tree=TREE))

    assert found.product.label == "zlib 1.2.11 as part of Pump 4.2"
    assert found.product.purls == ("pkg:generic/zlib@1.2.11",)
    assert found.product.hashes == (("SHA-512", "ab" * 64),)
    assert found.product.within is not None
    assert found.product.within.versions == ("4.2",)


def test_a_circle_of_relationships_ends() -> None:
    """A product that is part of itself is described nowhere."""
    circle = {
        "product_reference": "A",
        "relates_to_product_reference": "A",
        "full_product_name": {"product_id": "A", "name": "A"},
    }

    (found,) = statements(csaf(about("A"), tree={"relationships": [circle]}))

    assert not found.product.described


def test_an_id_that_the_tree_does_not_hold_is_named_only() -> None:
    """It stays visible, and cannot be recognised."""
    (found,) = statements(csaf(about("P9")))

    assert (found.product.ref, found.product.described) == ("P9", False)
    assert found.shortfall == "names no product that could be recognised elsewhere"


def test_reasons_reach_their_products_by_id_by_group_or_all() -> None:
    """Flags, impact threats and remediations each say whom they are about."""
    vulnerability = {
        "cve": "CVE-2018-25032",
        "ids": [{"system_name": "GHSA", "text": "GHSA-jc36-42cf-vqwj"}],
        "product_status": {"known_not_affected": ["P42", "OLD", "zlib"], "known_affected": ["ANY"]},
        "flags": [{"label": "component_not_present", "group_ids": ["G", "unknown"]}],
        "threats": [
            {"category": "impact", "details": "Only the test build has it.", "product_ids": ["zlib"]},
            {"category": "exploit_status", "details": "Public.", "product_ids": ["zlib"]},
        ],
        "remediations": [{"category": "no_fix_planned", "details": "Unplug."}],
    }

    found = {one.product.ref: one for one in statements(csaf(vulnerability, tree=TREE))}

    assert found["P42"].justification is found["OLD"].justification is Justification.COMPONENT_NOT_PRESENT
    assert (found["zlib"].justification, found["zlib"].impact) == (
        Justification.NOT_GIVEN,
        "Only the test build has it.",
    )
    assert (found["ANY"].action, found["P42"].action) == ("Unplug.", "")
    assert found["ANY"].ids == ("CVE-2018-25032", "GHSA-jc36-42cf-vqwj")
    assert {one.shortfall for one in found.values()} == {""}


def test_a_label_that_is_none_of_the_five_justifies_nothing() -> None:
    """It is kept as said."""
    flags = [{"label": "looks_fine", "product_ids": ["P1"]}]

    (found,) = statements(csaf(about("P1", status="known_not_affected", flags=flags)))

    assert (found.justification, found.said) == (Justification.NOT_GIVEN, "looks_fine")
    assert found.shortfall.startswith("gives neither")


def test_groups_cannot_blow_up() -> None:
    """A small file that stands for millions of products is refused."""
    tree = {"product_groups": [{"group_id": "G", "product_ids": [f"P{number}" for number in range(1000)]}]}
    flags = [{"label": "component_not_present", "group_ids": ["G"]}] * 201

    with pytest.raises(VexError, match="stand for more than 200,000 products"):
        statements(csaf(about("P1", flags=flags), tree=tree))


def test_a_product_is_stated_once_per_status_and_long_words_are_cut() -> None:
    """So that a hostile document cannot multiply itself."""
    words = [{"category": "vendor_fix", "details": "x" * (2 * LONGEST)}]

    (found,) = statements(csaf(about("P1", "P1", remediations=words)))

    assert len(found.action) == LONGEST + 1


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The JSON files of an archive."""
    with tarfile.open(archive) as opened:
        for member in opened:
            content = opened.extractfile(member) if member.name.endswith(".json") else None
            if content is not None:
                yield member.name, content.read()


@pytest.mark.corpus
def test_cisas_advisories(shared_data: Path) -> None:
    """All 390 are read, each statement names a vulnerability and a product, and what to do when affected."""
    found = [
        statement
        for name, content in members(shared_data / "csaf" / "cisa-ics-medical-and-ics.tar.xz")
        for statement in read(content, name=name)
    ]

    assert len({one.source for one in found}) == 390
    assert len(found) > 5_900
    assert {one.shortfall for one in found if one.status is Status.AFFECTED} == {""}
    assert all(one.ids and one.product.identified and one.product.described for one in found)


@pytest.mark.corpus
def test_the_standards_own_documents(shared_data: Path) -> None:
    """OASIS test 6.1.27.9 (impact statement): our shortfall agrees with which documents are valid (numbers over 10)."""
    complete: dict[int, bool] = {}
    for name, content in members(shared_data / "conformance" / "csaf-2.0-tests.tar.xz"):
        if "6-1-27-09-" in name:
            found = read(content, name=name)
            complete[int(name[-7:-5])] = not any(one.shortfall for one in found if one.status is Status.NOT_AFFECTED)

    assert complete
    assert complete == {number: number > 10 for number in complete}
