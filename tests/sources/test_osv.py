"""OSV records: events, enumerations, aliases."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from postmarket.sources.interface import NameKind, Rating, Record, State
from postmarket.sources.osv import read
from postmarket.versions.interface import Scheme
from tests.sources.given import holds, record, refusals, said

Json = dict[str, Any]


def osv(*affected: Json, **fields: Any) -> Record:
    """The record of an OSV document."""
    return record(
        read, {"id": "PYSEC-2024-1", "modified": "2024-01-02T00:00:00Z", "affected": list(affected), **fields}
    )


def package(
    *events: Json, kind: str = "ECOSYSTEM", ecosystem: str = "PyPI", name: str = "Pump_Lib", **fields: Any
) -> Json:
    """An affected package with one range."""
    ranges = [{"type": kind, "events": list(events)}] if events else []
    return {"package": {"ecosystem": ecosystem, "name": name}, "ranges": ranges, **fields}


def test_the_words_of_a_record_are_kept() -> None:
    """GitHub's CWEs with them."""
    found = osv(
        id="GHSA-aaaa-bbbb-cccc",
        published="2024-01-01T00:00:00.5Z",
        summary="Short",
        details="Long",
        severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}, {"type": "Ubuntu", "score": "medium"}],
        references=[{"type": "WEB", "url": "https://example.org"}],
        database_specific={"cwe_ids": ["CWE-79"], "severity": "HIGH"},
    )

    assert (found.id, found.record_id, found.state) == ("GHSA-aaaa-bbbb-cccc", "GHSA-aaaa-bbbb-cccc", State.PUBLISHED)
    assert (found.title, found.description, found.published) == ("Short", "Long", "2024-01-01T00:00:00Z")
    assert found.ratings == (Rating("3.1", "CVSS:3.1/AV:N", None, "GHSA"),)
    assert found.cwes == ("CWE-79",)


def test_a_withdrawn_record_is_marked() -> None:
    """And kept."""
    assert osv(withdrawn="2024-02-01T00:00:00Z").state is State.WITHDRAWN


def test_introduced_to_fixed_is_a_range_in_the_ecosystem_s_scheme() -> None:
    """Under the name that purls of the ecosystem share; zero is before every version."""
    (criterion,) = osv(package({"introduced": "0"}, {"fixed": "2.9.19"})).criteria

    assert (criterion.kind, criterion.name, criterion.text) == (NameKind.PURL, "pypi/pump-lib", "< 2.9.19")
    assert criterion.range.scheme is Scheme.PYPI
    assert criterion.fixed == "2.9.19"
    assert holds(criterion, "0.dev0")
    assert holds(criterion, "2.9.19rc1")
    assert not holds(criterion, "2.9.19")


def test_events_are_sorted_by_version_not_by_place() -> None:
    """Every order of the same events says the same."""
    events = [{"introduced": "1.0"}, {"fixed": "1.5"}, {"introduced": "2.0"}, {"last_affected": "2.3"}]

    found = {tuple(said(osv(package(*order)))) for order in itertools.permutations(events)}

    assert found == {(("pypi/pump-lib", ">= 1.0, < 1.5"), ("pypi/pump-lib", ">= 2.0, <= 2.3"))}


def test_a_version_fixed_and_introduced_at_once_is_affected() -> None:
    """The end comes first."""
    found = osv(package({"introduced": "1.0"}, {"fixed": "2.0"}, {"introduced": "2.0"}))

    assert any(holds(one, "2.0") for one in found.criteria)


def test_nothing_lies_above_a_limit() -> None:
    """`*` limits nothing."""
    assert said(osv(package({"introduced": "1.0"}, {"limit": "3.0"}))) == [("pypi/pump-lib", ">= 1.0, < 3.0")]
    assert said(osv(package({"introduced": "1.0"}, {"limit": "*"}))) == [("pypi/pump-lib", ">= 1.0")]
    assert said(osv(package({"introduced": "4.0"}, {"limit": "3.0"}))) == []


def test_listed_versions_in_a_range_need_no_criterion() -> None:
    """Only what lies outside does."""
    found = osv(package({"introduced": "1.0"}, {"fixed": "2.0"}, versions=["1.0", "1.9", "0.9"]))

    assert said(found) == [("pypi/pump-lib", ">= 1.0, < 2.0"), ("pypi/pump-lib", "= 0.9")]


def test_a_listed_version_against_its_scheme_is_still_itself() -> None:
    """PyPI has versions from before its rules."""
    found = osv(package(versions=["1.0", "2004-build"]))

    assert [(one.range.scheme, one.text) for one in found.criteria] == [
        (Scheme.PYPI, "= 1.0"),
        (Scheme.GENERIC, "= 2004-build"),
    ]


def test_git_ranges_say_nothing_that_could_be_compared() -> None:
    """Listed versions stand; without any the package is possible and counted; without a package it is only counted."""
    commits = [{"introduced": "0"}, {"fixed": "a" * 40}]
    listed = osv(package(*commits, kind="GIT", versions=["1.0"]))
    bare = osv(package(*commits, kind="GIT"))
    nameless = osv({"ranges": [{"type": "GIT", "repo": "https://example.org/x.git", "events": commits}]})

    assert said(listed) == [("pypi/pump-lib", "= 1.0")]
    assert [text[0] for _, text in said(bare)] == ["?"]
    assert nameless.criteria == ()
    assert len(bare.unread) == len(nameless.unread) == 1


def test_a_range_that_cannot_be_keyed_is_possible_and_counted() -> None:
    """The other ranges stand."""
    found = osv(package({"introduced": "0"}, {"fixed": "soon"}), package({"introduced": "1.0"}))

    assert said(found) == [("pypi/pump-lib", "? >= 0, < soon"), ("pypi/pump-lib", ">= 1.0")]
    assert len(found.unread) == 1


@pytest.mark.parametrize(
    ("ecosystem", "name", "product", "scheme"),
    [
        ("Debian:12", "openssl", "deb/debian:12/openssl", Scheme.DEB),
        ("Alpine:v3.18", "zlib", "apk/alpine:v3.18/zlib", Scheme.APK),
        ("Maven", "org.acme:pump", "maven/org.acme/pump", Scheme.MAVEN),
        ("npm", "@acme/pump", "npm/@acme/pump", Scheme.NPM),
        ("Go", "example.org/pump", "golang/example.org/pump", Scheme.GO),
    ],
)
def test_every_ecosystem_has_its_names_and_scheme(ecosystem: str, name: str, product: str, scheme: Scheme) -> None:
    """The same names as purls have."""
    kind = "SEMVER" if ecosystem in ("npm", "Go") else "ECOSYSTEM"
    (criterion,) = osv(
        package({"introduced": "0"}, {"fixed": "1.2.3"}, kind=kind, ecosystem=ecosystem, name=name)
    ).criteria

    assert (criterion.name.replace("%40", "@"), criterion.range.scheme) == (product, scheme)


@pytest.mark.parametrize(
    ("aliases", "same", "weaker"),
    [
        (["CVE-2024-0001", "GHSA-aaaa-bbbb-cccc"], ("CVE-2024-0001", "GHSA-aaaa-bbbb-cccc"), ()),
        (["CVE-2024-0001", "CVE-2024-0002"], (), ("CVE-2024-0001", "CVE-2024-0002")),
        (["CVE-2024-0001", "PYSEC-2024-2"], (), ("CVE-2024-0001", "PYSEC-2024-2")),
        (["PYSEC-2024-1", "a b"], (), ()),
    ],
)
def test_only_one_to_one_aliases_merge(aliases: list[str], same: tuple[str, ...], weaker: tuple[str, ...]) -> None:
    """An advisory of several CVEs is related to each of them, and the same as none."""
    found = osv(aliases=aliases)

    assert (found.aliases, found.related) == (same, weaker)


def test_upstream_and_related_never_merge() -> None:
    """A distribution's record stands upon the vulnerability, it is not it."""
    found = osv(upstream=["CVE-2024-0001"], related=["CVE-2024-0002", "CVE-2024-0001"])

    assert (found.aliases, found.related) == ((), ("CVE-2024-0001", "CVE-2024-0002"))


def test_nothing_is_written_as_null_in_many_feeds() -> None:
    """And is read as nothing."""
    found = osv(aliases=None, related=None, severity=None, references=None, database_specific=None)

    assert found.criteria == ()


def test_an_affected_package_of_another_shape_is_counted() -> None:
    """The record stands without it."""
    found = osv({"package": "pump"}, package({"introduced": "0"}))

    assert len(found.criteria) == 1
    assert found.unread[0].startswith("affected[1]")


@pytest.mark.parametrize("content", [b"", b"[]", {"id": "A-1"}, {"id": "with space", "modified": ""}, {"id": 1}])
def test_what_is_no_record_is_one_refusal(content: object) -> None:
    """With its reason."""
    assert "is no OSV record" in refusals(read, content)[0].why
