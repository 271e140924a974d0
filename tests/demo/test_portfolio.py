"""The example portfolio is whole: every file it names is there, and no file is left over."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from postmarket.policy.interface import ClinicalRole, Criticality
from tests.demo import documents as demo

LAST_DAY = "2026-11-23"
DATES = re.compile(r"""(?:timestamp"?[:>]\s*"?|[Cc]reated"?:\s*"?)(\d{4}-\d\d-\d\d)""")


def versions() -> list[dict[str, object]]:
    """All versions of all devices."""
    return [version for device in demo.portfolio()["devices"] for version in device["versions"]]


def test_every_sbom_belongs_to_one_version() -> None:
    """The versions name exactly the SBOM files that are there, each once."""
    named = sorted(str(version["sbom"]) for version in versions())

    assert named == sorted(f"sboms/{file.name}" for file in demo.sboms())


def test_every_vex_file_is_named() -> None:
    """The portfolio names exactly the VEX files that are there."""
    there = sorted(f"vex/{file.name}" for file in (demo.folder() / "vex").iterdir())

    assert sorted(demo.portfolio()["vex"]) == there


def test_the_article_s_four_device_types_are_shown_with_two_or_three_versions_each() -> None:
    """A ventilator, an infusion pump, an imaging workstation and a billing gateway at least."""
    devices = demo.portfolio()["devices"]

    assert {device["criticality"] for device in devices} == set(Criticality) - {Criticality.UNKNOWN}
    assert all(2 <= len(device["versions"]) <= 3 for device in devices)


def test_roles_are_ours_and_say_why() -> None:
    """Every rule has a role of the vocabulary and the clinical lead's reason."""
    rules = [rule for device in demo.portfolio()["devices"] for rule in device["clinical_roles"]]

    assert all(rule["role"] in set(ClinicalRole) and rule["why"].endswith(".") for rule in rules)


def test_every_role_rule_fits_something_that_ships() -> None:
    """The example people copy holds no rule that does nothing: its pattern fits a name or purl in some SBOM."""
    for device in demo.portfolio()["devices"]:
        words: set[str] = set()
        for version in device["versions"]:
            text = (demo.folder() / version["sbom"]).read_text("utf-8").lower()
            words |= set(re.findall(r'"(?:name|software_packageurl|purl|referencelocator)": "([^"]+)"', text))
            words |= set(re.findall(r"<(?:name|purl)>([^<]+)<", text))
            words |= set(re.findall(r"^(?:packagename: |externalref: package-manager purl )(.+)$", text, re.MULTILINE))
        idle = [
            rule["match"]
            for rule in device["clinical_roles"]
            if not any(fnmatchcase(word, rule["match"].lower()) for word in words)
        ]

        assert not idle, device["name"]


def test_nothing_is_dated_after_the_demo_was_made() -> None:
    """No release and no SBOM comes from the future."""
    dates = [str(version["released"]) for version in versions()]
    dates += [match for file in demo.sboms() for match in DATES.findall(file.read_text("utf-8"))]

    assert len(dates) >= 2 * len(versions())
    assert max(dates) <= LAST_DAY
