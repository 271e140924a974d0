"""The engine: what matches a device version, how sure that is, and what can be said of the rest."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from postmarket.matching.coverage import WHOLE_FEED
from postmarket.matching.interface import Confidence, Coverage, DeviceProfile, Grade, Rung
from postmarket.matching.store import runs
from postmarket.matching.store.engine import Connection
from postmarket.matching.store.records import RecordWriter
from postmarket.sbom.interface import ComponentClass
from postmarket.sources.interface import Certainty, Criterion, NameKind, Node, Operator, Record, Source, State
from postmarket.versions.interface import Scheme
from postmarket.versions.ranges import between
from tests.builders import NOW, Match, Tell, component, cpe, nvd_range, record

OPENSSL = component("openssl", "1.1.1k", cpes=(cpe("a:openssl:openssl", "1.1.1k"),))
WINDOWS_ONLY = "*:*:*:*:windows:*:*"


def test_a_version_in_range_matches_and_says_by_which_identifier(tell: Tell, match: Match) -> None:
    """CPE product and version in range: one confirmed match, with its rung and confidence."""
    tell(record("CVE-2021-3711", nvd_range("a:openssl:openssl", "1.1.1l", since="1.1.1")))

    found = match(OPENSSL)

    (only,) = found.matches
    assert (only.grade, only.evidence[0].rung, only.evidence[0].confidence) == (
        Grade.CONFIRMED,
        Rung.CPE,
        Confidence.HIGH,
    )
    assert only.evidence[0].version == "1.1.1k"
    assert found.coverage[0].state is Coverage.MATCHED


def test_the_upper_end_is_not_in_the_range(tell: Tell, match: Match) -> None:
    """versionEndExcluding: the first fixed version is matched-none, which is not "unknown"."""
    tell(record("CVE-2021-3711", nvd_range("a:openssl:openssl", "1.1.1k")))

    found = match(OPENSSL)

    assert found.matches == ()
    assert found.coverage[0].state is Coverage.MATCHED_NONE


def test_a_component_without_identifiers_is_found_through_the_alias_table(tell: Tell, match: Match) -> None:
    """Embedded C comes without purl or CPE; the built-in table knows its names."""
    tell(record("CVE-2021-3711", nvd_range("a:openssl:openssl", "1.1.1l")))

    (only,) = match(component("OpenSSL", "1.1.1k")).matches

    assert only.evidence[0].rung is Rung.ALIAS


def test_supplier_and_name_in_words_are_the_last_rung(tell: Tell, match: Match) -> None:
    """A supplier's legal form does not stand in the way."""
    tell(record("CVE-2020-1", nvd_range("a:acme:pump_gateway", "2.0")))

    (only,) = match(component("Pump Gateway", "1.5", supplier="ACME, Inc.")).matches

    assert (only.evidence[0].rung, only.evidence[0].confidence) == (Rung.NAME, Confidence.MEDIUM)


def test_a_name_nobody_knows_is_unmatched_and_names_its_suspects(tell: Tell, match: Match) -> None:
    """No vulnerabilities are never claimed for what could not be identified."""
    tell(record("CVE-2020-1", nvd_range("a:acme:telemetry", "2.0")))

    (coverage,) = match(component("telemetry", "1.5")).coverage

    assert coverage.state is Coverage.UNMATCHED
    assert coverage.suspects == ("cpe a:acme:telemetry",)


def test_a_component_without_a_version_is_unmatched_and_says_how_much_is_at_stake(tell: Tell, match: Match) -> None:
    """In an inventory a CPE's `*` is unknown, not any."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")), record("CVE-2", nvd_range("a:zlib:zlib", "1.2.13")))

    found = match(component("zlib", cpes=(cpe("a:zlib:zlib", "*"),)))

    assert found.matches == ()
    assert (found.coverage[0].state, found.coverage[0].possible_without_version) == (Coverage.UNMATCHED, 2)


def test_the_firms_own_software_is_not_monitorable(tell: Tell, match: Match) -> None:
    """No public source covers it; that is said, not hidden."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")))

    (coverage,) = match(component("alarm-engine", "7", component_class=ComponentClass.OWN)).coverage

    assert coverage.state is Coverage.NOT_MONITORABLE


def test_a_package_of_an_ecosystem_nobody_loaded_is_not_monitorable(tell: Tell, match: Match) -> None:
    """An npm package cannot be clean when no npm feed was ever read."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")))

    (coverage,) = match(component("left-pad", "1.3.0", purl="pkg:npm/left-pad@1.3.0")).coverage

    assert coverage.state is Coverage.NOT_MONITORABLE
    assert "npm" in coverage.next_step


def osv(prefix: str, number: int) -> list[Record]:
    """An OSV feed with `number` vulnerabilities, each of a package of its own below `prefix`."""
    scheme = Scheme.DEB if prefix.startswith("deb") else Scheme.PYPI
    return [
        record(
            f"{prefix}-{each}",
            Criterion(
                kind=NameKind.PURL,
                name=f"{prefix}/package-{each}",
                range=between(scheme, upper="2"),
                text="< 2",
            ),
            source=Source.OSV,
        )
        for each in range(number)
    ]


SIX = component("six", "1.16.0", purl="pkg:pypi/six@1.16.0")


def test_a_package_a_loaded_feed_does_not_list_has_no_known_vulnerability(tell: Tell, match: Match) -> None:
    """An ecosystem's own feed covers it whole."""
    tell(*osv("pypi", WHOLE_FEED))

    (coverage,) = match(SIX).coverage

    assert coverage.state is Coverage.MATCHED_NONE


def test_a_few_advisories_are_no_feed(tell: Tell, match: Match) -> None:
    """From what a hand-picked file does not list nothing follows."""
    tell(*osv("pypi", WHOLE_FEED - 1))

    (coverage,) = match(SIX).coverage

    assert coverage.state is Coverage.NOT_MONITORABLE
    assert coverage.why.endswith("the 499 vulnerabilities loaded are no whole feed")


def test_one_vulnerability_of_many_packages_is_no_feed(tell: Tell, match: Match) -> None:
    """Vulnerabilities are counted, not the packages they are in."""
    criteria = [item.criteria[0] for item in osv("pypi", WHOLE_FEED)]
    tell(record("PYSEC-1", *criteria, source=Source.OSV))

    assert match(SIX).coverage[0].state is Coverage.NOT_MONITORABLE


def test_a_feed_whose_load_was_killed_covers_nothing(store: Connection, tell: Tell, match: Match) -> None:
    """Only what is visible counts, for the feed and for the products it named."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")))
    run = runs.begin(store, Source.OSV, now=NOW)
    writer = RecordWriter(store, source=Source.OSV.value, run_id=run.id, generation=run.generation)
    for item in (*osv("pypi", WHOLE_FEED), record("CVE-2", nvd_range("a:acme:viewer", "2.0"))):
        writer.add(item)
    writer.flush()

    listed = component("package-1", "3", purl="pkg:pypi/package-1@3")
    coverage = match(SIX, listed, component("viewer", "3.0", cpes=(cpe("a:acme:viewer", "3.0"),))).coverage

    assert [item.state for item in coverage] == [
        Coverage.NOT_MONITORABLE,
        Coverage.NOT_MONITORABLE,
        Coverage.UNMATCHED,
    ]


@pytest.mark.parametrize(
    ("purl", "state"),
    [
        ("pkg:deb/debian/left@1-1?distro=debian-12", Coverage.MATCHED_NONE),
        ("pkg:deb/debian/left@1-1?distro=debian-11", Coverage.NOT_MONITORABLE),
        ("pkg:deb/debian/left@1-1?distro=debian-1", Coverage.NOT_MONITORABLE),
        ("pkg:deb/ubuntu/left@1-1?distro=ubuntu-22.04", Coverage.NOT_MONITORABLE),
        ("pkg:deb/debian/left@1-1", Coverage.UNMATCHED),
        ("pkg:pypi/left@1", Coverage.NOT_MONITORABLE),
    ],
)
def test_a_release_s_feed_covers_that_release_alone(tell: Tell, match: Match, purl: str, state: Coverage) -> None:
    """Debian 12's feed says nothing of Debian 11, of Ubuntu, or of a package that does not state its release."""
    tell(*osv("deb/debian:12", WHOLE_FEED))

    (coverage,) = match(component("left", "1-1", purl=purl)).coverage

    assert coverage.state is state
    assert ("distro qualifier" in coverage.next_step) == (state is Coverage.UNMATCHED)


def test_a_criterion_without_a_usable_range_is_only_possible(tell: Tell, match: Match) -> None:
    """NVD's version `-` (5,157 of them here) never counts as a match, and never disappears."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib", certainty=Certainty.POSSIBLE)))

    found = match(component("zlib", "1.2.11", cpes=(cpe("a:zlib:zlib", "1.2.11"),)))

    assert [item.grade for item in found.matches] == [Grade.POSSIBLE]
    assert found.coverage[0].state is Coverage.MATCHED_NONE


RUNNING_ON = Node(Operator.AND, nodes=(Node(Operator.OR, (0,)), Node(Operator.OR, (1,))))


def on_windows() -> Record:
    """Vulnerable only when it runs on Windows 10."""
    return record(
        "CVE-1",
        nvd_range("a:acme:viewer", "2.0"),
        nvd_range("o:microsoft:windows_10", vulnerable=False),
        conditions=(RUNNING_ON,),
    )


VIEWER = component("viewer", "1.0", cpes=(cpe("a:acme:viewer", "1.0"),))
WINDOWS = component("Windows 10", "21H2", cpes=(cpe("o:microsoft:windows_10", "10.0.19044"),))


def test_a_platform_the_sbom_does_not_state_leaves_the_condition_unverified(tell: Tell, match: Match) -> None:
    """Unknown is not false: the row is shown and says what is open."""
    tell(on_windows())

    (only,) = match(VIEWER).matches

    assert only.grade is Grade.UNVERIFIED
    assert only.evidence[0].needs == (1,)


def test_a_platform_anywhere_in_the_device_fulfils_the_condition(tell: Tell, match: Match) -> None:
    """Conditions are judged over the whole device; the platform itself makes no row."""
    tell(on_windows())

    (only,) = match(VIEWER, WINDOWS).matches

    assert (only.component, only.grade) == (0, Grade.CONFIRMED)


def test_a_device_profile_that_names_another_system_contradicts_and_says_so(tell: Tell, match: Match) -> None:
    """A contradiction is a suggestion with its reason, never silence."""
    tell(on_windows())
    linux = DeviceProfile(operating_systems=(cpe("o:linux:linux_kernel", "5.10"),))

    (only,) = match(VIEWER, profile=linux).matches

    assert only.grade is Grade.CONTRADICTED
    assert "another operating system" in only.evidence[0].notes[-1]


def test_a_profile_can_state_the_platform_the_sbom_leaves_out(tell: Tell, match: Match) -> None:
    """The operating system is often not in the SBOM but known to the firm."""
    tell(on_windows())
    windows = DeviceProfile(operating_systems=(cpe("o:microsoft:windows_10", "10.0.19044"),))

    (only,) = match(VIEWER, profile=windows).matches

    assert only.grade is Grade.CONFIRMED


def test_a_negated_platform_that_is_present_makes_the_condition_false(tell: Tell, match: Match) -> None:
    """negate: vulnerable unless it runs on the named platform."""
    unless = Node(Operator.AND, nodes=(Node(Operator.OR, (0,)), Node(Operator.OR, (1,), negate=True)))
    tell(
        record(
            "CVE-1",
            nvd_range("a:acme:viewer", "2.0"),
            nvd_range("o:microsoft:windows_10", vulnerable=False),
            conditions=(unless,),
        )
    )

    (only,) = match(VIEWER, WINDOWS).matches

    assert only.grade is Grade.CONTRADICTED


def test_an_edition_the_sbom_does_not_state_is_open(tell: Tell, match: Match) -> None:
    """target_sw=windows on a component that does not say where it runs."""
    tell(record("CVE-1", nvd_range("a:acme:viewer", "2.0", attributes=WINDOWS_ONLY)))

    (only,) = match(VIEWER).matches

    assert only.grade is Grade.UNVERIFIED


def test_an_edition_that_is_another_does_not_match(tell: Tell, match: Match) -> None:
    """The CPE says android, the criterion windows: disjoint."""
    tell(record("CVE-1", nvd_range("a:acme:viewer", "2.0", attributes=WINDOWS_ONLY)))

    found = match(component("viewer", "1.0", cpes=(cpe("a:acme:viewer", "1.0", "*:*:*:*:android:*:*"),)))

    assert found.matches == ()
    assert found.coverage[0].state is Coverage.MATCHED_NONE


def test_a_32_bit_flaw_on_a_64_bit_device_is_suggested_not_affected(tell: Tell, match: Match) -> None:
    """The device profile's architecture is a ground, and the suggestion names it."""
    tell(record("CVE-1", nvd_range("a:acme:viewer", "2.0", attributes="*:*:*:*:*:x86:*")))

    (only,) = match(VIEWER, profile=DeviceProfile(architecture="x86_64")).matches

    assert only.grade is Grade.CONTRADICTED
    assert only.evidence[0].notes == ("only on x86; the device profile says x86_64",)


def debian(fixed: str, certainty: Certainty = Certainty.STATED) -> Criterion:
    """What Debian 11's own feed says of openssl."""
    return Criterion(
        kind=NameKind.PURL,
        name="deb/debian:11/openssl",
        range=between(Scheme.DEB, upper=fixed),
        text=f"< {fixed}",
        certainty=certainty,
    )


DEBIAN_OPENSSL = component(
    "openssl", "1.1.1k-1+deb11u1", purl="pkg:deb/debian/openssl@1.1.1k-1%2Bdeb11u1?distro=debian-11"
)


def test_a_distribution_package_resting_on_nvd_alone_is_backport_unverified(tell: Tell, match: Match) -> None:
    """NVD knows nothing of backports: shown, with what is open, on the upstream part of the version."""
    tell(record("CVE-1", nvd_range("a:openssl:openssl", "1.1.1l")))

    (only,) = match(DEBIAN_OPENSSL).matches

    assert (only.grade, only.evidence[0].version) == (Grade.UNVERIFIED, "1.1.1k")
    assert only.evidence[0].notes[-1].startswith("backport unverified")


def test_a_distributions_own_feed_overrules_nvd_in_both_directions(tell: Tell, match: Match) -> None:
    """Debian says fixed in +deb11u1 for one and in +deb11u2 for the other."""
    tell(
        record("CVE-1", nvd_range("a:openssl:openssl", "1.1.1l")),
        record("CVE-2", nvd_range("a:openssl:openssl", "1.1.1l")),
    )
    tell(
        record("CVE-1", debian("1.1.1k-1+deb11u1"), source=Source.OSV),
        record("CVE-2", debian("1.1.1k-1+deb11u2"), source=Source.OSV),
    )

    grades = sorted(item.grade for item in match(DEBIAN_OPENSSL).matches)

    assert grades == [Grade.CONFIRMED, Grade.CONTRADICTED]


@pytest.mark.parametrize(
    ("version", "fixed", "certainty", "state"),
    [
        ("1.1.1k-1 beta", "1.1.1k-1+deb11u1", Certainty.STATED, State.PUBLISHED),
        ("1.1.1k-1+deb11u1", "1.1.1k-1", Certainty.POSSIBLE, State.PUBLISHED),
        ("1.1.1k-1+deb11u1", "1.1.1k-1+deb11u2", Certainty.POSSIBLE, State.PUBLISHED),
        ("1.1.1k-1+deb11u1", "1.1.1k-1", Certainty.STATED, State.WITHDRAWN),
        ("1.1.1k-1+deb11u1", "1.1.1k-1+deb11u2", Certainty.STATED, State.WITHDRAWN),
    ],
)
def test_a_distribution_s_feed_that_decides_nothing_overrules_nothing(
    tell: Tell, match: Match, version: str, fixed: str, certainty: Certainty, state: State
) -> None:
    """A version that is not Debian's, a range that is only possible, a withdrawn record: NVD's match stays open."""
    tell(record("CVE-1", nvd_range("a:openssl:openssl", "1.1.1l")))
    tell(record("CVE-1", debian(fixed, certainty), source=Source.OSV, state=state))
    listed = component(
        "openssl",
        version,
        purl=f"pkg:deb/debian/openssl@{quote(version)}?distro=debian-11",
        cpes=(cpe("a:openssl:openssl", "1.1.1k"),),
    )

    (only,) = match(listed).matches

    assert only.grade is Grade.UNVERIFIED
    assert only.evidence[0].notes[-1].startswith("backport unverified")


def pypi(name: str, fixed: str) -> Criterion:
    """What PyPI's advisory database says."""
    return Criterion(
        kind=NameKind.PURL, name=f"pypi/{name}", range=between(Scheme.PYPI, upper=fixed), text=f"< {fixed}", fixed=fixed
    )


DJANGO = component("Django", "3.2.4", purl="pkg:pypi/django@3.2.4")


def test_aliases_make_one_match_with_every_sources_evidence(tell: Tell, match: Match) -> None:
    """PYSEC and CVE are one vulnerability; the purl evidence comes first."""
    tell(record("CVE-1", nvd_range("a:djangoproject:django", "3.2.5")))
    tell(record("PYSEC-1", pypi("django", "3.2.5"), source=Source.OSV, aliases=("CVE-1",)))

    (only,) = match(DJANGO).matches

    assert [item.rung for item in only.evidence] == [Rung.PURL, Rung.ALIAS]


def test_a_withdrawn_record_keeps_its_match_marked(tell: Tell, match: Match) -> None:
    """Withdrawn ids are not dropped: they are suggested as not affected."""
    tell(record("PYSEC-1", pypi("django", "3.2.5"), source=Source.OSV, state=State.WITHDRAWN))

    (only,) = match(DJANGO).matches

    assert only.grade is Grade.CONTRADICTED


def test_a_patch_in_the_pedigree_is_a_ground(tell: Tell, match: Match) -> None:
    """CycloneDX pedigree: the SBOM says this copy is patched."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")))

    (only,) = match(component("zlib", "1.2.11", patched=("CVE-1",))).matches

    assert only.grade is Grade.CONTRADICTED


def test_equal_components_in_several_places_each_have_their_match(tell: Tell, match: Match) -> None:
    """They share one identity, and are joined once."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib", "1.2.12")))

    found = match(component("zlib", "1.2.11"), component("zlib", "1.2.11"))

    assert [item.component for item in found.matches] == [0, 1]


def test_every_version_of_a_product_can_be_affected(tell: Tell, match: Match) -> None:
    """NVD's `*` without bounds is every version."""
    tell(record("CVE-1", nvd_range("a:zlib:zlib")))

    assert [item.grade for item in match(component("zlib", "0.9")).matches] == [Grade.CONFIRMED]


def test_a_distributions_version_inside_a_cpe_meets_nvd_by_its_upstream_part(tell: Tell, match: Match) -> None:
    """Scanners write the package's version into the CPE: the better described component must not find less."""
    tell(record("CVE-1", nvd_range("a:openssl:openssl", "1.1.1o", since="1.1.1")))
    purl = "pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u3?distro=debian-11"
    listed = component("openssl", "1.1.1n-0+deb11u3", purl=purl, cpes=(cpe("a:openssl:openssl", r"1.1.1n-0\+deb11u3"),))

    (only,) = match(listed).matches

    assert (only.grade, only.evidence[0].version) == (Grade.UNVERIFIED, "1.1.1n")
