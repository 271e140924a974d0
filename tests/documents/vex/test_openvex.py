"""OpenVEX documents."""

from __future__ import annotations

import pytest

from postmarket.documents.vex import Justification, Status, VexError
from tests.documents.vex.making import Json, openvex, statements

LINE: Json = {
    "vulnerability": {"name": "CVE-2022-0778", "@id": "https://nvd.nist.gov/x", "aliases": ["GHSA-x3mh-jvjw-3xwx"]},
    "products": [{"@id": "pkg:generic/pump@4.2"}],
    "status": "affected",
    "action_statement": "Update to 4.3.",
}


def test_every_word_of_a_statement_is_kept() -> None:
    """Names, times, reasons, and where it stands."""
    (found,) = statements(openvex(LINE | {"timestamp": "2024-03-01T00:00:00Z", "status_notes": "Seen in the lab."}))

    assert found.ids == ("CVE-2022-0778", "GHSA-x3mh-jvjw-3xwx")
    assert found.document == "https://pumps.example/vex/7"
    assert found.timestamp == "2024-03-01T00:00:00Z"
    assert (found.status, found.action, found.notes) == (Status.AFFECTED, "Update to 4.3.", "Seen in the lab.")
    assert found.place == "statements[0].products[0]"


def test_a_product_is_known_by_all_its_identifiers() -> None:
    """Purl, CPE of either version, hashes, and an `@id` that is a purl."""
    identifiers = {
        "purl": "pkg:deb/debian/zlib@1",
        "cpe23": "cpe:2.3:a:zlib:zlib:1:*:*:*:*:*:*:*",
        "cpe22": "cpe:/a:z:z",
    }
    given = {"@id": "pkg:generic/zlib@1", "identifiers": identifiers, "hashes": {"sha-256": "ab" * 32, "sha1": "no"}}

    (found,) = statements(openvex(LINE | {"products": [given]}))

    assert found.product.purls == ("pkg:deb/debian/zlib@1", "pkg:generic/zlib@1")
    assert found.product.cpes == ("cpe:2.3:a:zlib:zlib:1:*:*:*:*:*:*:*", "cpe:2.3:a:z:z:*:*:*:*:*:*:*:*")
    assert found.product.hashes == (("SHA-256", "ab" * 32),)


def test_a_subcomponent_is_meant_within_its_product_only() -> None:
    """The pump's zlib is one thing, zlib everywhere another."""
    given = {"@id": "pkg:generic/pump@4.2", "subcomponents": [{"@id": "pkg:generic/zlib@1"}, {"@id": "pkg:generic/b"}]}

    found = statements(openvex(LINE | {"products": [given]}))

    assert [one.product.purls[0] for one in found] == ["pkg:generic/zlib@1", "pkg:generic/b"]
    assert [one.product.within.purls for one in found if one.product.within] == [("pkg:generic/pump@4.2",)] * 2
    assert found[1].place == "statements[0].products[0].subcomponents[1]"
    assert found[0].product.label == "pkg:generic/zlib@1 in pkg:generic/pump@4.2"


def test_version_0_0_1_is_read() -> None:
    """Vulnerability and products were plain words, and subcomponents stood beside the products."""
    old = {
        "vulnerability": "CVE-2022-0778",
        "products": ["pkg:generic/pump@4.2"],
        "subcomponents": ["pkg:generic/openssl@1"],
        "status": "fixed",
        "statement": "Backported.",
    }

    (found,) = statements(openvex(old) | {"@context": "https://openvex.dev/ns"})

    assert found.product.purls == ("pkg:generic/openssl@1",)
    assert found.product.within is not None
    assert (found.vulnerability, found.notes) == ("CVE-2022-0778", "Backported.")


@pytest.mark.parametrize(
    ("changes", "shortfall"),
    [
        ({"vulnerability": {"name": " "}}, "names no vulnerability"),
        ({"products": []}, "names no product that could be recognised elsewhere"),
        ({"products": [{"@id": "urn:a:b"}]}, "names no product that could be recognised elsewhere"),
        ({"status": "not_affected"}, "gives neither a justification nor an impact statement"),
        ({"status": "not_affected", "justification": "trust_us"}, "gives neither a justification"),
        ({"status": "not_affected", "impact_statement": "Not compiled in."}, ""),
        ({"status": "not_affected", "justification": "component_not_present"}, ""),
        ({"action_statement": ""}, "gives no action statement"),
        ({"status": "under_investigation"}, ""),
        ({"status": "fixed"}, ""),
    ],
)
def test_what_a_statement_lacks_is_said(changes: Json, shortfall: str) -> None:
    """CISA's minimum requirements (reference §7.5): read all the same, and judged by who applies it."""
    (found,) = statements(openvex(LINE | changes))

    assert found.shortfall.startswith(shortfall)
    assert bool(found.shortfall) is bool(shortfall)


def test_an_unknown_justification_is_no_justification() -> None:
    """The word is kept for people."""
    (found,) = statements(openvex(LINE | {"status": "not_affected", "justification": "trust_us"}))

    assert (found.justification, found.said) == (Justification.NOT_GIVEN, "trust_us")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-02-01T12:00:00.123456+02:00", "2024-02-01T10:00:00Z"),
        ("2024-02-01T10:00:00", "2024-02-01T10:00:00Z"),
        ("yesterday", ""),
        ("0001-01-01T00:00:00+14:00", ""),
    ],
)
def test_times_are_utc(written: str, read: str) -> None:
    """Whole seconds; what cannot be read is empty, never today."""
    (found,) = statements(openvex(LINE, timestamp=written))

    assert found.timestamp == read


def test_pairs_cannot_blow_up() -> None:
    """A small file of version 0.0.1 that stands for millions of statements is refused."""
    line = {"vulnerability": "CVE-2022-0778", "status": "fixed", "products": ["p"] * 400, "subcomponents": ["s"] * 400}

    with pytest.raises(VexError, match="more than 100,000 times"):
        statements(openvex(line))
