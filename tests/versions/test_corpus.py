"""Versions as the real feeds write them."""

from __future__ import annotations

import gzip
import json
import lzma
import re
from pathlib import Path

import pytest

from postmarket.versions.cpe import split_formatted, version_text
from postmarket.versions.interface import Scheme
from postmarket.versions.keys import key

DISTRIBUTION = re.compile(r"\.el[0-9]|\.amzn|\.fc[0-9]|\.cm[0-9]|\.azl")


@pytest.mark.corpus
def test_the_labelled_packages_can_be_keyed(shared_data: Path) -> None:
    """Every version of a labelled image has a key in the generic scheme, and an rpm's in its own too."""
    with lzma.open(shared_data / "labels" / "match-labels.jsonl.xz", "rt") as lines:
        versions = sorted({json.loads(line)["version"] or "" for line in lines})

    unknown = [version for version in versions if key(Scheme.GENERIC, version) is None]
    rpm = [version for version in versions if DISTRIBUTION.search(version)]

    assert len(versions) > 300
    assert [version for version in unknown if re.search("[0-9]", version)] == []
    assert rpm
    assert all(key(Scheme.RPM, version) for version in rpm)


@pytest.mark.corpus
def test_the_feeds_unknown_versions_are_few_and_are_no_versions(shared_data: Path) -> None:
    """Lists, patterns, bare words and commit hashes stay unknown; no more than one version in twenty."""
    with gzip.open(shared_data / "nvd" / "nvdcve-2.0-2021.json.gz") as feed:
        vulnerabilities = json.load(feed)["vulnerabilities"]
    criteria = {
        match["criteria"]
        for item in vulnerabilities
        for configuration in item["cve"].get("configurations", ())
        for node in configuration["nodes"]
        for match in node.get("cpeMatch", ())
    }
    versions = {version_text(split_formatted(criterion)) for criterion in criteria} - {""}

    unknown = {version for version in versions if key(Scheme.GENERIC, version) is None}

    assert len(unknown) < len(versions) / 20
    assert all(
        re.search("[*,;<>=|?]", version) or not re.search("[0-9]", version) or re.fullmatch("[0-9a-f]{12,}", version)
        for version in unknown
    )
