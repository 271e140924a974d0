"""Triage: a list and a reading pane, each state of which is an address."""

from __future__ import annotations

import csv
import io

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from postmarket.monitoring.models import VulnerabilityFacts
from postmarket.policy.interface import ClinicalRole, Priority
from postmarket.web.pages.triage.filters import LANE_KEYS, Filters, filters
from tests.web.pages.conftest import Firm
from tests.web.pages.reading import heading, words


def test_why_it_matched_stands_before_anything_else(ana: Client) -> None:
    """Identifier, range, source and confidence, for each version that lists it."""
    said = words(ana.get("/triage/"))
    why = said.index("Why it matched. Ventorsa 5 5.1 lists openssl 3.0.13")

    assert "CPE a:openssl:openssl: 3.0.13 in < 3.0.19 (NVD, high confidence)" in said[why:]
    assert why < said.index("Priority 1 of 5: cannot wait.")


def test_the_article_is_named_for_what_is_its_own(ana: Client) -> None:
    """Dates and responses are the article's; nothing is said to be FDA's."""
    said = words(ana.get("/triage/"))

    assert "Article says 24–72 hours (mitigation); 30 days (patch)" in said
    assert "Selective isolation; avoid powering off" in said
    assert "FDA" not in said


def test_what_a_source_says_is_words_never_markup(ana: Client) -> None:
    """A description with brackets in it."""
    page = ana.get("/triage/?q=zlib").content.decode()

    assert "corrupts memory &lt;when&gt; deflating" in page


def test_any_finding_has_an_address_of_its_own(ana: Client, firm: Firm) -> None:
    """Also one that the filters leave off the list."""
    lead = VulnerabilityFacts.objects.get(name="CVE-2025-0002").lead
    said = words(ana.get(f"/triage/?kev=yes&at={firm.pump.pk}-{lead}"))

    assert "Dosimere 3 3.0 lists zlib 1.2.11" in said


def test_a_pane_alone_is_what_htmx_asks_for(ana: Client, firm: Firm) -> None:
    """The list stays as it is."""
    lead = VulnerabilityFacts.objects.get(name="CVE-2025-0002").lead
    page = ana.get(f"/triage/?at={firm.pump.pk}-{lead}", headers={"HX-Request": "true", "HX-Target": "pane"})

    assert "Dosimere 3 3.0 lists zlib" in words(page)
    assert "<html" not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Four findings to judge, worst for patients first."),
        ("?kev=yes", "Two findings to judge, worst for patients first."),
        ("?priority=now", "Two findings cannot wait."),
        ("?role=alarm", "Two findings to judge, worst for patients first."),
        ("?q=dosimere", "One finding to judge, worst for patients first."),
        ("?since=2026-11-24", "Nothing fits."),
        ("?stage=development", "Nothing fits."),
        ("?lane=possible", "Nothing waits to be judged."),
    ],
)
def test_filters_narrow_and_the_heading_says_what_is_left(ana: Client, query: str, said: str) -> None:
    """Each is a link."""
    assert heading(ana.get(f"/triage/{query}")) == said


def test_a_device_of_another_line_is_in_no_filter_and_no_address(pia: Client, firm: Firm) -> None:
    """What one may not read does not answer to its number either."""
    lead = VulnerabilityFacts.objects.get(name="CVE-2025-0001").lead
    page = pia.get(f"/triage/?at={firm.ventilator.pk}-{lead}")

    assert "Ventorsa" not in page.content.decode()


def test_the_list_is_exported_as_filtered(ana: Client) -> None:
    """Every row, with its reason and its dates."""
    answer = ana.get("/triage/?kev=yes&format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert [row["Device version"] for row in rows] == ["Ventorsa 5 5.1", "Ventorsa 5 5.2"]
    assert rows[0]["Mitigate by (article)"] == "2026-11-25T08:00:00+00:00"
    assert rows[0]["In KEV"] == "yes"


some = st.builds(
    Filters,
    lane=st.sampled_from(["worklist", *LANE_KEYS]).map(lambda key: filters(QueryDict(f"lane={key}")).lane),
    priority=st.none() | st.sampled_from(Priority),
    device=st.none() | st.integers(1, 2**31 - 1),
    version=st.none() | st.integers(1, 2**31 - 1),
    role=st.none() | st.sampled_from(ClinicalRole),
    kev=st.booleans(),
    development=st.booleans(),
    text=st.text(st.characters(categories=["L", "N", "P"]), max_size=20),
)


@settings(deadline=None)
@given(some)
def test_an_address_says_all_of_what_is_asked(asked: Filters) -> None:
    """Written and read again it is the same."""
    assert filters(QueryDict(asked.url().removeprefix("?"))) == asked


@settings(deadline=None)
@given(st.text())
def test_no_address_is_too_strange_to_open(text: str) -> None:
    """What makes no sense asks nothing."""
    query = QueryDict(mutable=True)
    for key in ("lane", "priority", "device", "version", "role", "kev", "since", "stage", "q"):
        query[key] = text
    filters(query)
