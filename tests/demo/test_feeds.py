"""The intelligence bundle is consistent with itself and says nothing beyond what it may."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any

import pytest

from postmarket.sources.interface import Source
from tests.demo import documents as demo

MAX_BYTES = 1_500_000
OUR_HOSTS = (
    "https://nvd.nist.gov/vuln/detail/CVE-",
    "https://www.cve.org/CVERecord?id=CVE-",
    "https://www.first.org/tlp/",
    "https://www.cisa.gov/",
)


def strings(value: Any) -> list[str]:
    """Every text inside a JSON value."""
    if isinstance(value, dict):
        return list(chain.from_iterable(strings(item) for item in value.values()))
    if isinstance(value, list):
        return list(chain.from_iterable(strings(item) for item in value))
    return [value] if isinstance(value, str) else []


def test_the_whole_demo_is_small() -> None:
    """It travels in the package: less than 1.5 MB in all."""
    sizes = [file.stat().st_size for file in demo.folder().rglob("*") if file.is_file()]

    assert sum(sizes) < MAX_BYTES


def test_every_cve_id_is_well_formed() -> None:
    """A mistyped id would show a vulnerability nobody can look up."""
    ids = demo.bundle_ids()

    assert 60 <= len(demo.nvd()) <= 120
    assert not [id_ for id_ in ids if not demo.CVE_ID.fullmatch(id_)]


def test_every_exploited_vulnerability_is_in_the_bundle() -> None:
    """A KEV entry about nothing the demo knows would never be shown."""
    (catalogue,) = demo.documents(Source.KEV)
    listed = {entry["cveID"] for entry in catalogue["vulnerabilities"]}

    assert catalogue["count"] == len(catalogue["vulnerabilities"]) == len(listed)
    assert listed <= demo.bundle_ids()


def test_epss_values_are_marked_as_illustrative_and_concern_the_bundle() -> None:
    """The first line says that these are not FIRST's numbers."""
    (file,) = demo.feed(Source.EPSS)
    head, columns, *rows = file.read_text("utf-8").splitlines()
    scores = [row.split(",") for row in rows]

    assert head == f"#model_version:demo-illustrative,score_date:{file.stem[-10:]}T00:00:00+0000"
    assert columns == "cve,epss,percentile"
    assert {cve for cve, _, _ in scores} <= demo.bundle_ids()
    assert all(0 <= float(epss) <= 1 and 0 <= float(percentile) <= 1 for _, epss, percentile in scores)


@pytest.mark.parametrize("source", [Source.NVD, Source.CVE, Source.KEV, Source.OSV, Source.CSAF])
def test_it_points_only_to_the_cve_records(source: Source) -> None:
    """Vendors' pages move and their words are theirs: the only addresses are those of the CVE itself."""
    found = [text for text in strings(demo.documents(source)) if re.match(r"https?:", text)]

    assert not [address for address in found if not address.startswith(OUR_HOSTS)]


def test_every_record_says_in_one_plain_text_what_it_is_about() -> None:
    """Descriptions are short and whole sentences."""
    texts = [record["descriptions"][0]["value"] for record in demo.nvd().values()]

    assert not [text for text in texts if not text.endswith(".") or not 20 < len(text) < 260]


@pytest.mark.corpus
def test_the_facts_are_those_of_the_feeds(shared_data: Any) -> None:
    """KEV dates are taken over unchanged from the catalogue."""
    real = json.loads((shared_data / "kev" / "known_exploited_vulnerabilities.json").read_text("utf-8"))
    facts = ("dateAdded", "dueDate", "knownRansomwareCampaignUse", "cwes")
    known = {entry["cveID"]: [entry[fact] for fact in facts] for entry in real["vulnerabilities"]}
    (catalogue,) = demo.documents(Source.KEV)

    assert all(known[entry["cveID"]] == [entry[fact] for fact in facts] for entry in catalogue["vulnerabilities"])
