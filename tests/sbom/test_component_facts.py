"""Component class, level and end of support, hashes, version pinning: small decisions with tables of real strings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.sbom.classes import component_class, is_open_source
from postmarket.sbom.cpes import read_cpes
from postmarket.sbom.hashes import algorithm_name, read_hashes
from postmarket.sbom.interface import ComponentClass, SupportLevel
from postmarket.sbom.notes import Notes
from postmarket.sbom.pinning import unpinned_reason
from postmarket.sbom.support import end_of_support, level_of_support
from postmarket.sbom.values import calendar_date
from postmarket.versions import cpe
from postmarket.versions.errors import InvalidCpe


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", True),
        ("Apache-2.0", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", True),
        ("MIT AND BSD-3-Clause", True),
        ("(MIT OR LicenseRef-Commercial)", True),
        ("GPLv2+", True),
        ("The MIT License", True),
        ("MIT AND LicenseRef-Commercial", False),
        ("(MIT OR X-Commercial) AND X-Commercial", False),
        ("LicenseRef-scancode-proprietary-license", False),
        ("BUSL-1.1", False),
        ("SSPL-1.0", False),
        ("Elastic-2.0", False),
        ("Commercial", False),
        ("Proprietary", False),
        ("MITRE terms", False),
        ("NOASSERTION", False),
        ("", False),
        ("()", False),
    ],
)
def test_open_source_licences(licence: str, expected: bool) -> None:
    """Every id must be an open-source one, except in a plain choice."""
    assert is_open_source(licence) is expected


@pytest.mark.parametrize(
    ("properties", "licenses", "purl", "kind", "expected"),
    [
        ({"postmarket:component-class": "own"}, ["MIT"], "pkg:npm/x@1", "library", ComponentClass.OWN),
        ({"postmarket:component-class": "Off-the-shelf"}, [], "", "library", ComponentClass.OFF_THE_SHELF),
        ({"component-class": "COTS"}, [], "", "library", ComponentClass.COMMERCIAL),
        ({"component-class": "strange"}, ["MIT"], "", "library", ComponentClass.OPEN_SOURCE),
        ({}, ["MIT", "Zlib"], "", "library", ComponentClass.OPEN_SOURCE),
        ({}, ["MIT", "Commercial"], "pkg:npm/x@1", "library", ComponentClass.UNKNOWN),
        ({}, [], "pkg:deb/debian/openssl@3.0", "library", ComponentClass.OPEN_SOURCE),
        ({}, [], "pkg:npm/x@1?repository_url=https://npm.acme.example", "library", ComponentClass.UNKNOWN),
        ({}, [], "pkg:generic/x@1", "library", ComponentClass.UNKNOWN),
        ({}, [], "pkg:github/acme/x@1", "library", ComponentClass.UNKNOWN),
        ({}, ["MIT"], "", "device", ComponentClass.UNKNOWN),
        ({}, [], "", "firmware", ComponentClass.UNKNOWN),
    ],
)
def test_component_classes(
    properties: dict[str, str], licenses: list[str], purl: str, kind: str, expected: ComponentClass
) -> None:
    """What is said counts; open source may be inferred; own and commercial never are."""
    assert component_class(properties, licenses=licenses, purl=purl, kind=kind) is expected


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)), st.lists(st.text(max_size=12)), st.text(max_size=20))
def test_own_is_never_guessed(properties: dict[str, str], licenses: list[str], purl: str) -> None:
    """Without a property that says so, no component is the firm's own, commercial or off-the-shelf."""
    found = component_class(properties, licenses=licenses, purl=purl, kind="library")

    assert found in (ComponentClass.OPEN_SOURCE, ComponentClass.UNKNOWN)


@pytest.mark.parametrize(
    ("written", "expected", "told"),
    [
        ("actively-maintained", SupportLevel.ACTIVELY_MAINTAINED, False),
        ("Actively Maintained", SupportLevel.ACTIVELY_MAINTAINED, False),
        ("no-longer-maintained", SupportLevel.NO_LONGER_MAINTAINED, False),
        ("ABANDONED", SupportLevel.ABANDONED, False),
        ("unknown", SupportLevel.UNKNOWN, False),
        ("best effort", SupportLevel.UNKNOWN, True),
        ("", SupportLevel.UNKNOWN, False),
    ],
)
def test_levels_of_support(written: str, expected: SupportLevel, told: bool) -> None:
    """FDA's words in any spelling; another word is unknown and told."""
    notes = Notes()

    assert level_of_support({"cdx:fda:level-of-support": written}, place="here", notes=notes) is expected
    assert bool(notes.sentences()) is told


@pytest.mark.parametrize(
    ("fda", "milestone", "expected", "warnings"),
    [
        ("2027-12-31", "", "2027-12-31", 0),
        ("", "2027-12-31T23:00:00-05:00", "2027-12-31", 0),
        ("2027-12-31", "2027-12-31", "2027-12-31", 0),
        ("2028-06-30", "2027-12-31", "2027-12-31", 1),
        ("next year", "2027-12-31", "2027-12-31", 1),
        ("2027-02-30", "", "", 1),
        ("2027-12", "", "", 1),
        ("", "", "", 0),
    ],
)
def test_end_of_support_dates(fda: str, milestone: str, expected: str, warnings: int) -> None:
    """The two properties must agree; the earlier drives; what is no day of the calendar is told."""
    notes = Notes()
    properties = {"cdx:fda:end-of-support-date": fda, "cdx:lifecycle:milestone:endOfSupport": milestone}

    assert end_of_support(properties, place="here", notes=notes) == expected
    assert len(notes.sentences()) == warnings


@given(st.dates(), st.sampled_from(["", "T00:00:00Z", " 10:00", "t23:59:59+02:00"]))
def test_every_day_is_read(day: object, rest: str) -> None:
    """Each day of the calendar is read with or without a time after it."""
    assert calendar_date(f"{day}{rest}") == str(day)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("SHA256", "SHA-256"),
        ("sha3_256", "SHA3-256"),
        ("SHA3-512", "SHA3-512"),
        ("checksumAlgorithm_sha1", "SHA-1"),
        ("BLAKE2b-384", "BLAKE2b-384"),
        ("blake2b384", "BLAKE2b-384"),
        ("md5", "MD5"),
        ("TIGER", "TIGER"),
    ],
)
def test_hash_algorithms(written: str, expected: str) -> None:
    """Every spelling becomes CycloneDX's; an unknown one is kept."""
    assert algorithm_name(written) == expected


def test_a_hash_that_is_not_hex_is_left_out() -> None:
    """Good hashes stay, the bad one is told."""
    notes = Notes()

    assert read_hashes([("SHA-1", "AB" * 20), ("MD5", "not a hash")], place="here", notes=notes) == {"SHA-1": "ab" * 20}
    assert notes.sentences() == ("here: the MD5 hash is not hexadecimal and is left out.",)


ATTRIBUTE = st.from_regex(r"[*-]|[a-zA-Z0-9_.-]{1,8}", fullmatch=True)


@given(st.lists(ATTRIBUTE, min_size=10, max_size=10))
def test_plain_cpes_are_as_the_parser_writes_them(attributes: list[str]) -> None:
    """The quick way round the parser gives what the parser gives, or less."""
    text = ":".join(["cpe:2.3:a", *attributes])
    found = read_cpes([text], place="here", notes=Notes())

    if found:
        assert found == (cpe.to_formatted(cpe.parse(text)),)
    else:
        with pytest.raises(InvalidCpe):
            cpe.parse(text)


@pytest.mark.parametrize(
    "version",
    ["1.2.3", "1.2.3-r0", "2:1.0~rc1-1ubuntu2", "v1.0", "0", "1.0.0+build.5", "2026-02-03", "R14B", "6x", "3.x-beta",
     "2.0 SP1", "5.0 (build 12)", "0.0.0-20200101-abcdef", "1.0-final", "Xenial"],
)  # fmt: skip
def test_pinned_versions(version: str) -> None:
    """Versions of every scheme name one release."""
    assert unpinned_reason(version) == ""


@pytest.mark.parametrize(
    "version",
    ["", "^1.2", "~1.2", ">=1", "<2.0", ">=1.0,<2.0", "1.0 || 2.0", "latest", "LATEST", "*", "1.*", "1.x", "x",
     "[1.0,2.0)", "(,1.0]", "1.0 - 2.0", "vers:npm/>=1.0", "${project.version}", "1.0-SNAPSHOT", "master", "unknown"],
)  # fmt: skip
def test_unpinned_versions(version: str) -> None:
    """Ranges, patterns, tags that move, placeholders and nothing at all name none."""
    assert unpinned_reason(version)
