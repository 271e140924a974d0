"""Quality profiles: what each asks for, and how a report tells what is missing."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from postmarket.sbom.elements import BOM_ELEMENTS, COMPONENT_ELEMENTS
from postmarket.sbom.errors import SbomError
from postmarket.sbom.profiles import AUTHORITIES, PROFILE_NAMES, load_profile
from postmarket.sbom.quality import QualityReport, check
from postmarket.sbom.reading import read
from tests.sbom.samples import CYCLONEDX, EVERY_FORMAT, encode

SEVEN = ["supplier", "component-name", "version", "identifier", "relationship", "author", "timestamp"]


def _whole() -> dict[str, Any]:
    """An SBOM that lacks nothing any profile asks for."""
    document = copy.deepcopy(CYCLONEDX)
    document["metadata"]["component"].pop("components")
    document["components"] = document["components"][:1]
    document["components"][0].pop("components")
    document["dependencies"] = [{"ref": "pump", "dependsOn": ["tls"]}]
    return document


def _report(document: dict[str, Any], profile: str) -> QualityReport:
    return check(read(encode(document), name="pump"), load_profile(profile))


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_profiles_are_complete_data(name: str) -> None:
    """Each rule has a known element, level and authority, a citation, and a fix in one sentence."""
    profile = load_profile(name)

    assert profile.note
    assert len({rule.id for rule in profile.rules}) == len(profile.rules)
    for rule in profile.rules:
        assert rule.element in COMPONENT_ELEMENTS or rule.element in BOM_ELEMENTS
        assert rule.level in ("error", "warning")
        assert rule.authority in AUTHORITIES
        assert rule.citation
        assert rule.fix.endswith(".")


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_the_seven_elements_are_errors_everywhere(name: str) -> None:
    """NTIA's seven data fields stand in every profile at error level (reference F18)."""
    errors = [rule.element for rule in load_profile(name).rules if rule.level == "error"]

    assert errors[:7] == SEVEN


def test_levels_that_differ_between_profiles() -> None:
    """Support is FDA's; a hash is a warning there and an error in CISA's draft (reference §8.1, F18)."""
    levels = {name: {rule.element: rule.level for rule in load_profile(name).rules} for name in PROFILE_NAMES}

    assert levels["seed"]["support-level"] == "warning"
    assert levels["fda"]["support-level"] == levels["fda"]["end-of-support"] == "error"
    assert levels["fda"]["known-vulnerabilities"] == "error"
    assert levels["fda"]["hash"] == "warning"
    assert levels["cisa-2025-draft"]["hash"] == "error"
    assert "hash" not in levels["ntia"]


def test_only_primary_sources_speak_for_fda() -> None:
    """A rule of the article or of the firm is never given FDA's authority, nor worded as its demand."""
    for name in PROFILE_NAMES:
        for rule in load_profile(name).rules:
            if rule.authority == "FDA guidance (non-binding)":
                assert rule.citation.startswith("FDA premarket cybersecurity guidance (2026-02-03)")
            if rule.authority == "article":
                assert rule.citation.startswith("Article")
            assert not re.search(r"FDA requires", rule.fix + rule.citation)


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_a_whole_sbom_passes(name: str) -> None:
    """An SBOM with everything has no finding and the full score."""
    report = _report(_whole(), name)

    assert [one.line() for one in report.findings] == []
    assert report.score == 100
    assert report.unpinned == ()


@pytest.mark.parametrize(
    ("element", "profile", "field"),
    [
        ("supplier", "seed", "supplier"),
        ("component-name", "seed", "name"),
        ("version", "seed", "version"),
        ("license", "cisa-2025-draft", "licenses"),
        ("hash", "fda", "hashes"),
        ("support-level", "fda", "properties"),
        ("end-of-support", "fda", "properties"),
    ],
)
def test_each_missing_element_is_found_by_name(element: str, profile: str, field: str) -> None:
    """Taking one field away fails its rule, and the finding names component, place and fix."""
    document = _whole()
    document["components"][0].pop(field)

    report = _report(document, profile)

    finding = next(one for one in report.findings if one.rule.element == element)
    result = next(one for one in report.results if one.rule.element == element)
    assert (finding.ref, finding.place, result.failed) == ("tls", "components[0]", 1)
    assert "components[0]" in finding.line()
    assert finding.line().endswith(finding.rule.fix)
    assert result.percent < 100


@pytest.mark.parametrize(
    ("element", "profile", "path"),
    [
        ("author", "seed", ("metadata", "authors")),
        ("timestamp", "seed", ("metadata", "timestamp")),
        ("tool", "cisa-2025-draft", ("metadata", "tools")),
        ("generation-context", "cisa-2025-draft", ("metadata", "lifecycles")),
        ("coverage", "ntia", ("compositions",)),
        ("known-vulnerabilities", "fda", ("vulnerabilities",)),
        ("subject", "fda", ("metadata", "component")),
    ],
)
def test_each_missing_fact_about_the_sbom_is_found(element: str, profile: str, path: tuple[str, ...]) -> None:
    """What is missing of the document itself is found once, without a component."""
    document = _whole()
    document["metadata"].pop("manufacturer")
    holder: Any = document
    for key in path[:-1]:
        holder = holder[key]
    holder.pop(path[-1])

    report = _report(document, profile)

    assert [one.ref for one in report.findings if one.rule.element == element] == [""]


def test_identifier_and_relationship() -> None:
    """Without purl and CPE there is no identifier; without any edge no relationship, unless nested."""
    document = _whole()
    document["dependencies"] = []
    for key in ("purl", "cpe"):
        document["components"][0].pop(key)
    document["components"][0]["properties"].pop()
    document["components"].append({"name": "outer", "bom-ref": "o", "components": [{"name": "inner", "bom-ref": "i"}]})

    findings = {(one.rule.element, one.ref) for one in _report(document, "seed").findings}

    assert ("identifier", "tls") in findings
    assert ("relationship", "tls") in findings
    assert ("relationship", "o") not in findings
    assert ("relationship", "i") not in findings


@pytest.mark.parametrize(
    ("timestamp", "fails"),
    [
        ("2026-02-03T10:00:00Z", False),
        ("2026-02-03T10:00:00.123+05:30", False),
        ("2026-02-03T10:00:00", True),
        ("2026-02-03", True),
        ("yesterday", True),
    ],
)
def test_timestamps(timestamp: str, fails: bool) -> None:
    """A timestamp is ISO 8601 with a time zone."""
    document = _whole()
    document["metadata"]["timestamp"] = timestamp

    assert any(one.rule.element == "timestamp" for one in _report(document, "ntia").findings) is fails


def test_a_justification_takes_the_place_of_a_date() -> None:
    """FDA: what cannot be given is justified."""
    document = _whole()
    document["components"][0]["properties"] = [
        {"name": "cdx:fda:level-of-support", "value": "abandoned"},
        {"name": "cdx:fda:justification", "value": "The project publishes none."},
    ]

    assert _report(document, "fda").errors == 0


def test_unpinned_versions_are_flagged_once() -> None:
    """A range fails the pinning rule, a missing version the version rule; both count as unpinned."""
    document = _whole()
    document["components"] += [
        {"name": "a", "bom-ref": "a", "version": "^1.2"},
        {"name": "b", "bom-ref": "b"},
        {"name": "c", "bom-ref": "c", "isExternal": True, "versionRange": "vers:npm/>=1"},
    ]

    report = _report(document, "seed")

    failed = {(one.rule.element, one.ref) for one in report.findings}
    assert report.unpinned == ("a", "b", "c")
    assert ("version-pinned", "a") in failed
    assert ("version", "b") in failed
    assert ("version-pinned", "b") not in failed
    assert ("version-pinned", "c") in failed


def test_an_sbom_without_components_never_passes() -> None:
    """Nothing listed is nothing shown: each rule about components fails."""
    document = _whole() | {"components": []}

    report = _report(document, "ntia")

    assert report.errors >= 5
    assert any("lists no component to check" in one.line() for one in report.findings)


@pytest.mark.parametrize("format", EVERY_FORMAT)
def test_every_format_can_be_checked(format: str) -> None:
    """The samples meet name and version in every format."""
    report = check(read(EVERY_FORMAT[format], name="pump"), load_profile("ntia"))

    percents = {one.rule.element: one.percent for one in report.results}
    assert percents["component-name"] == percents["version"] == percents["author"] == 100
    assert 0 < report.score < 100


def test_an_unknown_profile_is_refused_with_the_names_there_are() -> None:
    """The message lists the profiles."""
    with pytest.raises(SbomError, match="seed, fda, ntia, cisa-2025-draft"):
        load_profile("fda-2020")
