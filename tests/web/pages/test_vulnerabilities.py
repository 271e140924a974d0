"""A vulnerability is first-class: every source's words, and every device version it may concern."""

from __future__ import annotations

import csv
import io
import re

from django.test import Client

from postmarket.monitoring.services.deciding.answering import decide
from tests.builders import Tell, nvd_range, record
from tests.monitoring.builders import NOW
from tests.monitoring.given import NOT_REACHED, Analyst, decision_for, row_of
from tests.web.pages.conftest import OPENSSL, Firm
from tests.web.pages.reading import heading, words
from tests.web.pages.test_vex import openvex, statement, take_in


def test_the_list_holds_what_hits_something_shipped(ana: Client) -> None:
    """Most pressing first; what hits nothing is not among them."""
    page = ana.get("/vulnerabilities/")
    said = words(page)

    assert heading(page) == "2 vulnerabilities may concern what is shipped; 1 is exploited in the field."
    assert said.index("CVE-2025-0001") < said.index("CVE-2025-0002")
    assert "CVE-2025-0003" not in said


def test_counts_are_of_what_one_may_read(pia: Client) -> None:
    """The pump has one; nothing of the ventilator shows."""
    said = words(pia.get("/vulnerabilities/"))

    assert "1 vulnerability may concern what is shipped." in said
    assert "CVE-2025-0001" not in said


def test_one_vulnerability_says_where_it_may_be_and_in_whose_words(ana: Client, firm: Firm, tell: Tell) -> None:
    """Sources side by side."""
    from postmarket.sources.interface import Source

    tell(record("CVE-2025-0001", nvd_range(OPENSSL, "3.0.19"), source=Source.CVE, description="The maker's own words."))
    page = ana.get("/vulnerabilities/CVE-2025-0001/")
    said = words(page)

    assert heading(page) == "A crafted message overflows OpenSSL. Code may run."
    assert "It may concern 2 versions of Ventorsa 5." in said
    assert "The maker's own words." in said
    assert "CVE List" in said


def test_any_of_its_names_leads_to_it(ana: Client) -> None:
    """One vulnerability, one page."""
    assert ana.get("/vulnerabilities/GHSA-aaaa-bbbb-cccc/").headers["Location"] == "/vulnerabilities/CVE-2025-0001/"


def test_one_that_hits_nothing_says_so_and_of_what_it_cannot_speak(ana: Client) -> None:
    """Unidentified components are not cleared by it."""
    said = words(ana.get("/vulnerabilities/CVE-2025-0003/"))

    assert "Nothing of yours that could be identified has it." in said
    assert "Components that could not be identified are not among them." in said


def test_one_nobody_knows_is_not_there(ana: Client) -> None:
    """No page is made up for it."""
    assert ana.get("/vulnerabilities/CVE-1999-0001/").status_code == 404


def test_somebody_of_another_line_learns_nothing_of_where_it_is(pia: Client) -> None:
    """The vulnerability is public, where it is in the firm is not theirs."""
    said = words(pia.get("/vulnerabilities/CVE-2025-0001/"))

    assert "Ventorsa" not in said
    assert "Nothing of yours that could be identified has it." in said


def test_one_answer_for_every_device_is_one_press_away(ana: Client, firm: Firm) -> None:
    """The list of what it is given for comes first."""
    page = ana.get("/vulnerabilities/CVE-2025-0002/").content.decode()
    keys = re.findall(r'name="item" value="([0-9-]+)"', page)
    said = words(ana.get("/triage/answer/", {"item": keys}))

    assert "One answer for 2 findings." in said
    assert "Dosimere 3" in said
    assert "Ventorsa 5" in said


def test_what_was_decided_and_what_a_supplier_says_is_told_apart_from_what_is_open(ana: Client, firm: Firm) -> None:
    """In the headline, version by version, and in the export; one answer is offered for what is open alone."""
    take_in(ana, openvex(statement("CVE-2025-0001", "openssl:openssl:3.0.15", justification="component_not_present")))
    page = "/vulnerabilities/CVE-2025-0001/"
    assert "It may concern 1 version of Ventorsa 5; 1 more its supplier calls not affected." in words(ana.get(page))

    decide(by=firm.ana, place=row_of(firm.v1, "CVE-2025-0001").place, answer=NOT_REACHED, now=NOW)
    assert "To be signed: not affected" in words(ana.get(page))
    Analyst("Lena Okafor").sign([decision_for(firm.v1)])

    said = words(ana.get(page))
    assert (
        "Nothing of it is open in Ventorsa 5: 1 version is decided, 1 version its supplier calls not affected." in said
    )
    assert "5.1 decided: not affected; 5.2 supplier says not affected" in said
    assert "Answer what is open" not in said
    file = ana.get(f"{page}?format=csv")
    rows = csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig")))
    assert {row["Device version"]: row["State"] for row in rows} == {
        "Ventorsa 5 5.1": "Decided: not affected",
        "Ventorsa 5 5.2": "Supplier says not affected",
    }
