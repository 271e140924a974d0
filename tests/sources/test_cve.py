"""CVE Records 5.x: statuses, defaults, names."""

from __future__ import annotations

from typing import Any

import pytest

from postmarket.sources.cve import read
from postmarket.sources.interface import NameKind, Operator, Rating, Record, Ssvc, State
from postmarket.versions.interface import Scheme
from tests.sources.given import document, holds, record, refusals, said

Json = dict[str, Any]
ACME: Json = {"vendor": "Acme Inc", "product": "Pump OS"}
NAME = "acme:pump_os"


def cve(*affected: Json, adp: list[Json] | None = None, state: str = "PUBLISHED", **cna: Any) -> Json:
    """A CVE record."""
    return {
        "dataType": "CVE_RECORD",
        "dataVersion": "5.1",
        "cveMetadata": {"cveId": "CVE-2024-0001", "state": state, "datePublished": "2024-01-02T03:04:05.123Z"},
        "containers": {
            "cna": {"providerMetadata": {"orgId": "0", "shortName": "acme"}, "affected": list(affected), **cna},
            "adp": adp or [],
        },
    }


def affected(*versions: Json, status: str | None = None, **fields: Any) -> Record:
    """The record of one affected entry with these versions and this default status."""
    default = {} if status is None else {"defaultStatus": status}
    return record(read, cve(ACME | default | {"versions": list(versions)} | fields))


def version(text: str, status: str = "affected", kind: str = "custom", **fields: Any) -> Json:
    """One entry of `versions`."""
    return {"version": text, "status": status, "versionType": kind, **fields}


def words(found: Record) -> list[str]:
    """The words of every criterion, a `?` before one that is only possible."""
    return [text for _, text in said(found)]


def test_the_words_of_a_record_are_kept() -> None:
    """Of the CNA and of the containers added to it, each rating with who gave it."""
    ssvc = {"options": [{"Exploitation": "PoC"}, {"Automatable": "yes"}, {"Technical Impact": "total"}]}
    adp = {
        "title": "CISA ADP Vulnrichment",
        "providerMetadata": {"orgId": "1", "shortName": "CISA-ADP"},
        "metrics": [
            {"other": {"type": "ssvc", "content": ssvc | {"timestamp": "2024-03-01T00:00:00.000001Z"}}},
            {"cvssV3_1": {"version": "3.1", "vectorString": "CVSS:3.1/AV:L", "baseScore": 5.5}},
            {"other": {"type": "kev", "content": {"dateAdded": "2024-03-01"}}},
        ],
        "problemTypes": [{"descriptions": [{"lang": "en", "cweId": "CWE-79"}]}],
        "references": [{"url": "https://example.org/adp"}],
    }
    content = cve(
        adp=[adp],
        title="A title",
        descriptions=[{"lang": "fr", "value": "Une faille."}, {"lang": "en-US", "value": "A flaw."}],
        metrics=[{"format": "CVSS", "cvssV4_0": {"vectorString": "CVSS:4.0/AV:N", "baseScore": 9.3}}],
        problemTypes=[{"descriptions": [{"lang": "en", "description": "CWE-20: Improper Input Validation"}]}],
        references=[{"url": "https://example.org/cna"}],
        solutions=[{"lang": "en", "value": "Update."}],
        workarounds=[{"lang": "en", "value": "Unplug."}],
    )

    found = record(read, content)

    assert (found.id, found.record_id, found.published) == ("CVE-2024-0001", "CVE-2024-0001", "2024-01-02T03:04:05Z")
    assert (found.title, found.description) == ("A title", "A flaw.")
    assert found.ratings == (
        Rating("4.0", "CVSS:4.0/AV:N", 9.3, "acme", primary=True),
        Rating("3.1", "CVSS:3.1/AV:L", 5.5, "CISA-ADP", primary=False),
    )
    assert found.ssvc == Ssvc("poc", "yes", "total", "2024-03-01T00:00:00Z")
    assert found.cwes == ("CWE-20", "CWE-79")
    assert found.references == ("https://example.org/cna", "https://example.org/adp")
    assert found.advice == ("Update.", "Unplug.")


def test_a_rejected_record_says_why() -> None:
    """In place of a description."""
    found = record(read, cve(state="REJECTED", rejectedReasons=[{"lang": "en", "value": "A duplicate."}]))

    assert (found.state, found.description) == (State.REJECTED, "A duplicate.")


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (version("1.0", lessThan="2.0"), ">= 1.0, < 2.0"),
        (version("1.0", lessThanOrEqual="2.0"), ">= 1.0, <= 2.0"),
        (version("0", lessThan="2.0"), "< 2.0"),
        (version("unspecified", lessThan="2.0"), "< 2.0"),
        (version("n/a", lessThanOrEqual="2.0"), "<= 2.0"),
        (version("1.0", lessThan="*"), ">= 1.0"),
        (version("0", lessThanOrEqual="*"), "any"),
        (version("5.10", lessThanOrEqual="5.10.*"), ">= 5.10, <= 5.10.*"),
        (version("20.3R2", lessThan="20.3*"), ">= 20.3R2, <= 20.3.*"),
        (version("1.2.3"), "= 1.2.3"),
        (version("9.x", lessThan="9.4"), ">= 9.x, < 9.4"),
        (version("2.0", lessThan="2.0"), "< 2.0"),  # Chrome's "prior to"
        (version("< 1.2.3"), "< 1.2.3"),
        (version("1.2 through 1.4"), ">= 1.2, <= 1.4"),
        (version("prior to 3.4"), "< 3.4"),
        (version("All versions"), "any"),
        (version("Pump OS 3.1 and earlier"), "<= 3.1"),
    ],
)
def test_a_version_or_range_is_what_it_says(entry: Json, text: str) -> None:
    """In fields or in prose."""
    found = affected(entry)

    assert words(found) == [text]
    assert found.unread == ()


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (version("n/a"), "? n/a"),
        (version("unspecified"), "? unspecified"),
        (version("1.0", lessThan="unspecified"), "? 1.0, < unspecified"),
        (version("10.0.0", lessThan="publication"), "? 10.0.0, < publication"),
        (version("QCA6574AU"), "? QCA6574AU"),
        (version("2.0", lessThan="1.0"), "? 2.0, < 1.0"),
        (version("4.0 (only on Windows)"), "? 4.0 (only on Windows)"),
    ],
)
def test_what_is_not_understood_is_possible_and_counted(entry: Json, text: str) -> None:
    """With its words."""
    found = affected(entry)

    assert words(found) == [text]
    assert len(found.unread) == 1


def test_what_was_understood_of_it_is_kept() -> None:
    """From 1.0 on; and version 4.0, though perhaps not everywhere."""
    (from_one,) = affected(version("1.0", lessThan="publication")).criteria
    (four,) = affected(version("4.0 (only on Windows)")).criteria

    assert [holds(from_one, "0.9"), holds(from_one, "99")] == [False, True]
    assert [holds(four, "4.0"), holds(four, "4.1")] == [True, False]


def test_many_things_that_are_no_versions_are_one_possibility() -> None:
    """Fifty model numbers must not be fifty rows."""
    found = affected(version("WSA8830"), version("WCD9380"), version("1.0"))

    assert words(found) == ["= 1.0", "? WSA8830 | WCD9380"]


def test_affected_by_default_is_the_complement_of_the_unaffected() -> None:
    """As the Linux kernel writes: affected from 5.3, fixed in each train."""
    found = affected(
        version("5.3"),
        version("0", "unaffected", "semver", lessThan="5.3"),
        version("5.10.85", "unaffected", "semver", lessThanOrEqual="5.10.*"),
        version("5.16", "unaffected", "original_commit_for_fix", lessThanOrEqual="*"),
        status="affected",
    )

    assert words(found) == [">= 5.3, < 5.10.85", "> 5.10.*, < 5.16"]
    assert [one.fixed for one in found.criteria] == ["5.10.85", "5.16"]
    assert found.unread == ()


def test_affected_by_default_without_versions_is_everything() -> None:
    """Red Hat lists no version of what it has not fixed."""
    assert words(affected(status="affected")) == ["any"]


def test_above_a_single_unaffected_version_is_only_possible() -> None:
    """It is most likely the first fixed one."""
    assert words(affected(version("2.1", "unaffected"), status="affected")) == ["< 2.1", "? > 2.1"]


def test_affected_by_default_with_only_affected_ranges_keeps_both_sayings() -> None:
    """The range is stated, all the rest is possible."""
    found = affected(version("0", lessThan="2.0"), status="affected")

    assert words(found) == ["< 2.0", "? any"]
    assert "affected by default" in found.unread[0]


def test_unaffected_versions_that_cannot_be_read_leave_everything_possible() -> None:
    """There is no complement of what is not understood."""
    assert words(affected(version("the August release", "unaffected"), status="affected")) == ["? any"]


@pytest.mark.parametrize("status", ["unaffected", "unknown", None])
def test_other_defaults_claim_only_what_is_listed(status: str | None) -> None:
    """Unaffected versions beside them take nothing away."""
    found = affected(version("1.0", lessThan="2.0"), version("2.0", "unaffected"), status=status)

    assert words(found) == [">= 1.0, < 2.0"]


def test_unknown_is_a_state_of_its_own() -> None:
    """It claims nothing, and is counted; so is a product of which nothing is known."""
    listed = affected(version("1.0"), version("2.0", "unknown"))
    default = affected(version("2.0", "unaffected"), status="unknown")

    assert words(listed) == ["= 1.0"]
    assert "unknown" in listed.unread[0]
    assert words(default) == []
    assert "unknown" in default.unread[0]


def test_changes_cut_a_range() -> None:
    """In the order of versions, whatever the order of the list."""
    changes = [{"at": "1.8", "status": "affected"}, {"at": "1.5", "status": "unaffected"}]

    assert words(affected(version("1.0", lessThan="2.0", changes=changes))) == [">= 1.0, < 1.5", ">= 1.8, < 2.0"]


def test_a_change_outside_the_range_changes_nothing() -> None:
    """Before it begins, it is what it begins with."""
    later = [{"at": "3.0", "status": "unaffected"}]
    before = [{"at": "0.5", "status": "unaffected"}]

    assert words(affected(version("1.0", lessThan="2.0", changes=later))) == [">= 1.0, < 2.0"]
    assert words(affected(version("1.0", lessThan="2.0", changes=before))) == []


def test_the_declared_scheme_is_kept_when_it_can_key_every_end() -> None:
    """Else the generic one reads them all."""
    (semver,) = affected(version("1.0.0", kind="semver", lessThan="2.0.0-rc.2")).criteria
    (rpm,) = affected(version("0:1.2-3.el8", kind="rpm", lessThan="*")).criteria
    (loose,) = affected(version("1.0", kind="semver", lessThan="1.4 SP2")).criteria

    assert semver.range.scheme is Scheme.SEMVER
    assert rpm.range.scheme is Scheme.RPM
    assert loose.range.scheme is Scheme.GENERIC


def test_commits_are_read_only_when_they_are_whole_and_single() -> None:
    """A range of them is counted, and makes nothing possible: the releases stand in an entry of their own."""
    one, other = "a1" * 20, "b2" * 20
    exact = affected(version(one, kind="git"))
    ranged = affected(version(one, kind="git", lessThan=other), status="unaffected")
    short = affected(version("1da177e4c3f4", lessThan="d623fd5298d9"))

    assert [(criterion.range.scheme, criterion.text) for criterion in exact.criteria] == [(Scheme.GIT, f"= {one}")]
    assert ranged.criteria == short.criteria == ()
    assert len(ranged.unread) == len(short.unread) == 1


@pytest.mark.parametrize(
    ("entry", "kind", "name"),
    [
        (ACME, NameKind.NAME, "acme:pump_os"),
        ({"vendor": "n/a", "product": "Pump"}, NameKind.NAME, ":pump"),
        (ACME | {"cpes": ["cpe:2.3:o:acme:pump_os:-:*:*:*:*:*:*:*"]}, NameKind.CPE, "o:acme:pump_os"),
        (ACME | {"cpes": ["cpe:/o:acme:pump_os:1"]}, NameKind.CPE, "o:acme:pump_os"),
        (ACME | {"packageURL": "pkg:pypi/Pump_Lib"}, NameKind.PURL, "pypi/pump-lib"),
        (
            {"packageName": "pump-lib", "collectionURL": "https://pypi.org/project/", "product": "Pump"},
            NameKind.PURL,
            "pypi/pump-lib",
        ),
        (
            {"packageName": "org.acme:pump", "collectionURL": "https://repo.maven.apache.org/maven2"},
            NameKind.PURL,
            "maven/org.acme/pump",
        ),
        (
            {"vendor": "Acme", "packageName": "pump-plugin", "collectionURL": "https://plugins.example.org"},
            NameKind.NAME,
            "acme:pump_plugin",
        ),
        (
            {
                "vendor": "Red Hat",
                "product": "Red Hat Enterprise Linux 8",
                "packageName": "kernel",
                "collectionURL": "https://access.redhat.com/downloads/content/package-browser/",
                "cpes": ["cpe:/o:redhat:enterprise_linux:8::baseos"],
            },
            NameKind.PURL,
            "rpm/redhat/kernel",
        ),
    ],
)
def test_a_product_is_named_as_closely_as_it_can_be(entry: Json, kind: NameKind, name: str) -> None:
    """By CPE, by purl, by its registry, else in words; where a package is shipped is not what is affected."""
    (criterion,) = record(read, cve(entry | {"versions": [version("1.0", lessThan="2.0")]})).criteria

    assert (criterion.kind, criterion.name) == (kind, name)


def test_every_cpe_and_purl_of_an_entry_is_a_name() -> None:
    """Each once, with what narrows it."""
    names = ["cpe:2.3:a:acme:pump:*:*:*:*:*:android:*:*", "cpe:2.3:a:acme:pump:1.0:*:*:*:*:android:*:*", "cpe:2.3:x"]
    found = affected(version("1.0"), cpes=names, packageURL="pkg:pypi/pump")

    assert [(one.name, one.attributes) for one in found.criteria] == [
        ("pypi/pump", ""),
        ("a:acme:pump", "*:*:*:*:android:*:*"),
    ]
    assert len(found.unread) == 1


def test_an_entry_that_names_nothing_is_counted() -> None:
    """Old records say n/a for everything."""
    found = record(read, cve({"vendor": "n/a", "product": "n/a", "versions": [version("n/a")]}))

    assert found.criteria == ()
    assert found.unread == ("n/a n/a: no product is named",)


def test_the_cna_and_cisa_saying_the_same_is_said_once() -> None:
    """Words side by side only where they differ."""
    entry = ACME | {"versions": [version("1.0", lessThan="2.0")]}

    assert len(record(read, cve(entry, adp=[{"affected": [entry]}])).criteria) == 1


def test_cpe_applicability_is_a_configuration() -> None:
    """As in NVD."""
    nodes = [
        {"operator": "OR", "negate": False, "cpeMatch": [{"vulnerable": vulnerable, "criteria": f"cpe:2.3:{name}"}]}
        for vulnerable, name in ((True, "a:acme:pump:*:*:*:*:*:*:*:*"), (False, "o:acme:os:*:*:*:*:*:*:*:*"))
    ]
    found = record(read, cve(cpeApplicability=[{"operator": "AND", "nodes": nodes}]))

    assert [one.name for one in found.criteria] == ["a:acme:pump", "o:acme:os"]
    assert found.conditions[0].operator is Operator.AND


def test_an_entry_of_another_shape_is_counted_and_the_record_stands() -> None:
    """As do its other entries."""
    found = record(read, cve({"vendor": ["Acme"]}, ACME | {"versions": [version("1.0")]}, metrics=["?"]))

    assert words(found) == ["= 1.0"]
    assert found.unread[0].startswith("affected[1]")


def test_a_document_may_hold_an_array_of_records() -> None:
    """One that cannot be read is one refusal."""
    content = [cve(), {}, cve()]

    assert [item.where for item in refusals(read, content)] == ["feed.json: item 2", "feed.json: CVE-2024-0001"]
    assert len(list(read(document(content)))) == 3


@pytest.mark.parametrize(
    "content", [b"", b"[", {"fetchTime": "2024"}, cve() | {"cveMetadata": {"cveId": "x", "state": ""}}]
)
def test_what_is_no_record_is_one_refusal(content: object) -> None:
    """A delta log, say, which lies beside the records."""
    assert len(refusals(read, content)) == 1
