"""The article's other tables, to the letter, and what the primary sources add."""

from __future__ import annotations

import pytest

from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import Authority
from postmarket.policy.pack import Pack, load_pack
from postmarket.policy.sets import cites_in, documentation, flag, mitigations, remediation_phases

ALL_FLAGS = [f"F{number:02}" for number in range(1, 33)]


def test_mitigation_categories(pack: Pack) -> None:
    """The article's four categories, cited as the article's though it says FDA (F09)."""
    found = mitigations(pack)

    assert [(row.id, row.text) for row in found] == [
        (
            "A",
            (
                "Like-for-like library updates, such as patching OpenSSL without changing device behavior. "
                "These usually don’t require a new 510(k) submission."
            ),
        ),
        (
            "B",
            (
                "Implementing compensating controls, like network segmentation or firewall rules, "
                "when direct patching isn’t an option."
            ),
        ),
        (
            "C",
            (
                "Adjusting the security architecture, such as replacing cryptographic algorithms. "
                "This often triggers a new 510(k) assessment."
            ),
        ),
        (
            "D",
            (
                "Disabling or modifying a device function to eliminate an attack vector entirely. "
                "This is the most disruptive choice and almost always requires a new submission."
            ),
        ),
    ]
    assert {row.citation.authority for row in found} == {Authority.ARTICLE}
    assert [row.citation.flags for row in found] == [("F09",), ("F09",), ("F09", "F11"), ("F09", "F10")]
    assert all(row.check for row in found)


def test_documentation_categories(pack: Pack) -> None:
    """The article's five categories of records."""
    assert [(row.category, row.records, row.reference) for row in documentation(pack)] == [
        (
            "Vulnerability Management",
            "Monitoring logs (e.g., NVD, ICS-CERT), triage records, CVSS scoring rationale",
            "Section 524B, 21 CFR 820.100",
        ),
        ("Software Inventory", "Updated SBOM (commercial, OSS, OTS components), version history", "Section 524B(b)"),
        (
            "Remediation & Patching",
            "Design verification and validation reports, regression testing results, patch rationale",
            "21 CFR 820.30(g), 21 CFR 820.200",
        ),
        (
            "External Communication",
            "Published CVD policy, intake logs, customer advisories, labeling updates",
            "ISO/IEC 29147, 21 CFR 806",
        ),
        (
            "Incident Reporting",
            "MDR submissions, Part 806 correction reports, clinical impact assessments",
            "21 CFR 803, 21 CFR 806",
        ),
    ]


def test_outdated_citations_say_where_they_stand_now(pack: Pack) -> None:
    """Since 2026-02-02 the old 820 citations are ISO 13485 clauses (F12); the article's words stay."""
    now = {row.category: [(cite.old, cite.now) for cite in row.now] for row in documentation(pack)}

    assert now["Vulnerability Management"] == [
        ("820.100", "ISO 13485:2016 8.5.2 corrective, 8.5.3 preventive (and 8.4 data analysis, 8.5.1)")
    ]
    assert now["Remediation & Patching"] == [
        ("820.30(g)", "ISO 13485:2016 7.3.7 (and 7.1 risk management)"),
        ("820.200", "ISO 13485:2016 7.5.4 and 21 CFR 820.35(b)"),
    ]
    assert now["Incident Reporting"] == []


@pytest.mark.parametrize(
    "old",
    [
        "820.22",
        "820.30(a)-(f)",
        "820.30(g)",
        "820.30(i)",
        "820.30(j)",
        "820.40",
        "820.50",
        "820.70(i)",
        "820.90",
        "820.100",
        "820.181",
        "820.180",
        "820.186",
        "820.198",
        "820.200",
    ],
)
def test_every_old_citation_of_the_reference_is_mapped(pack: Pack, old: str) -> None:
    """The whole mapping of the regulatory reference §3.6, found with and without its title."""
    assert [row.old for row in cites_in(f"21 CFR {old}", pack)] == [old]


def test_remediation_phases(pack: Pack) -> None:
    """The article's four phases, in order."""
    found = remediation_phases(pack)

    assert [(row.phase, row.activities, row.context) for row in found] == [
        (
            "Intake & Triage",
            "Secure intake channel, execute CVD policy, initial severity scoring",
            "Section 524B(b)",
        ),
        (
            "Validation",
            "Regression testing, analyze clinical performance impact, documentation",
            "Quality System Regulation (QSR)",
        ),
        (
            "Reporting",
            "Determine if correction could prevent serious harm; file within 10 working days if required",
            "21 CFR Part 806",
        ),
        (
            "Communication",
            "Deploy patches, notify healthcare delivery organizations (HDOs)/patients, update device labeling",
            "Section 502(f) (Misbranding)",
        ),
    ]
    assert [cite.now for cite in found[1].now] == [
        "Quality Management System Regulation (QMSR), 21 CFR 820 incorporating ISO 13485:2016"
    ]


def test_the_cvd_minimum(pack: Pack) -> None:
    """The article states it twice, differently: both lists are kept."""
    assert pack.cvd.minimum == (
        "A secure intake channel, such as a dedicated security email or web form.",
        "A defined timeframe to acknowledge reports.",
        "Severity-based response windows.",
    )
    assert pack.cvd.organization == (
        "A public reporting channel (e.g., email or security.txt)",
        "A defined response SLA",
        "Postmarket monitoring practices",
        "A threat triage process",
        "A way to notify customers about vulnerabilities and available patches",
    )


def test_the_sbom_minimum(pack: Pack) -> None:
    """The seven elements and what the article asks besides."""
    assert pack.sbom.elements == (
        "Supplier name",
        "Component name",
        "Version string",
        "Unique identifier",
        "Dependency relationship",
        "SBOM author",
        "Timestamp",
    )
    assert pack.sbom.formats == ("CycloneDX", "SPDX")
    assert pack.sbom.additional == (
        "support levels",
        "end-of-support dates",
        (
            "a vulnerability assessment that maps components to known CVEs or entries in "
            "CISA's Known Exploited Vulnerabilities catalog"
        ),
    )


def test_every_difference_is_a_flag(pack: Pack) -> None:
    """F01 to F32, each with what the article says, what the primary source says and what follows for the software."""
    assert list(pack.flags) == ALL_FLAGS
    assert all(row.seed and row.primary and row.software for row in pack.flags.values())


@pytest.mark.parametrize(
    ("id_", "primary"),
    [
        ("F01", "initiating a correction/removal"),
        ("F06", "0.0 None band; range ends ambiguous"),
        ("F12", "replaced 2026-02-02"),
        ("F20", "identify and address KEV"),
        ("F32", "MDR 2/10/15, FSCA, CRA for non-device parts"),
    ],
)
def test_a_flag_by_id(pack: Pack, id_: str, primary: str) -> None:
    """A citation's flag leads to its words."""
    assert primary in flag(id_, pack).primary


def test_every_source_key_is_explained(pack: Pack) -> None:
    """No flag or clock rests on a key without a title, and no source stands there unused."""
    used = {key for row in pack.flags.values() for key in row.sources}
    used |= {key for row in pack.clocks.values() for key in row.sources}

    assert used == set(pack.sources)


def test_an_unknown_flag_is_refused(pack: Pack) -> None:
    """One clear line with the next step."""
    with pytest.raises(PolicyError, match=r"no flag “F33”. Use F01 to F32"):
        flag("F33", pack)


def test_the_article_alone_works(pack: Pack) -> None:
    """Without the primary sources the article's tables stand alone, with nothing added."""
    alone = load_pack(["seed-default"])

    assert [row.text for row in mitigations(alone)] == [row.text for row in mitigations(pack)]
    assert {row.check for row in mitigations(alone)} == {""}
    assert {row.now for row in documentation(alone)} == {()}
