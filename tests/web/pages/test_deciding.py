"""Answering in triage: proposed, taken back, signed as one, and re-opened when its ground changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from postmarket.accounts.models import Ceremony
from postmarket.accounts.roles import Role
from postmarket.accounts.signing.ceremony import lines_of
from postmarket.monitoring.models import Decision, VersionDecision, VulnerabilityFacts
from postmarket.monitoring.words import DecisionState
from postmarket.web import clock
from tests.accounts.builders import PASSWORD, code_of, person, with_generator
from tests.builders import Tell, kev
from tests.web.pages.conftest import Firm
from tests.web.pages.reading import heading, words
from tests.web.pages.test_vex import openvex, statement, take_in

NOT_AFFECTED = {
    "status": "not_affected",
    "justification": "vulnerable_code_not_in_execute_path",
    "rationale": "The deflate path is not built: see BOM-114.",
}


@pytest.fixture
def zlib(firm: Firm) -> str:
    """The key of CVE-2025-0002 on the ventilator."""
    return f"{firm.ventilator.pk}-{VulnerabilityFacts.objects.get(name='CVE-2025-0002').lead}"


@pytest.fixture
def openssl(firm: Firm) -> str:
    """The key of CVE-2025-0001 on the ventilator: two versions, each with another OpenSSL."""
    return f"{firm.ventilator.pk}-{VulnerabilityFacts.objects.get(name='CVE-2025-0001').lead}"


def signed(client: Client, firm: Firm, key: str, *, secret: str, now: datetime) -> None:
    """Go through the ceremony."""
    proof = {"password": PASSWORD, "code": code_of(secret, at=now)}
    assert client.post(f"/sign/{key}/", proof).status_code == 302


def test_an_answer_is_proposed_and_said_to_wait(ana: Client, zlib: str) -> None:
    """Also for the pump, which lists the same component; nothing is in effect."""
    answer = ana.post("/triage/answer/", {"item": zlib, **NOT_AFFECTED, "back": "/triage/?q=zlib"}, follow=True)
    said = words(answer)

    assert (
        "Not affected: the vulnerable code is not in the execute path: CVE-2025-0002, proposed for 2 versions:"
        " Dosimere 3 3.0; Ventorsa 5 5.1." in said
    )
    assert set(VersionDecision.objects.values_list("state", flat=True)) == {DecisionState.PROPOSED.value}
    assert "To be signed 2" in said


def test_a_version_its_supplier_clears_gets_no_answer_given_for_the_others(
    ana: Client, firm: Firm, openssl: str
) -> None:
    """It stands in another list with another OpenSSL: the form does not name it, and nothing is proposed for it."""
    cleared = statement("CVE-2025-0001", "openssl:openssl:3.0.15", justification="vulnerable_code_not_present")
    take_in(ana, openvex(cleared))
    pane = words(ana.get(f"/triage/?at={openssl}"))
    form = words(ana.get("/triage/answer/", {"item": openssl}))
    after = words(ana.post("/triage/answer/", {"item": openssl, "status": "under_investigation"}, follow=True))

    assert "Is Ventorsa 5 5.1 affected?" in pane
    assert "Proposed for 1 version: Ventorsa 5 5.1." in pane
    assert "Proposed for 1 version: Ventorsa 5 5.1." in form
    assert "proposed for 1 version: Ventorsa 5 5.1." in after
    assert [one.version for one in VersionDecision.objects.all()] == [firm.v1]


def test_from_the_suppliers_list_only_what_stands_there_is_answered(ana: Client, firm: Firm, openssl: str) -> None:
    """And what was proposed is then in the list to be signed, whatever the supplier says."""
    cleared = statement("CVE-2025-0001", "openssl:openssl:3.0.15", justification="vulnerable_code_not_present")
    take_in(ana, openvex(cleared))

    ana.post("/triage/answer/", {"item": openssl, "lane": "supplier", "status": "under_investigation"})

    assert [one.version for one in VersionDecision.objects.all()] == [firm.v2]
    page = ana.get("/triage/?state=proposed")
    assert heading(page) == "One finding waits to be signed."
    assert "To be signed 1" in words(page)


def test_versions_of_a_line_one_does_not_read_are_counted_without_a_name(pia: Client, firm: Firm) -> None:
    """Her zlib is also in the ventilator, which is not hers to see."""
    key = f"{firm.pump.pk}-{VulnerabilityFacts.objects.get(name='CVE-2025-0002').lead}"
    said = words(pia.get(f"/triage/?at={key}"))

    assert "Proposed for 2 versions: Dosimere 3 3.0; 1 version of another line." in said
    assert "Ventorsa" not in said


def test_undo_takes_it_back_everywhere(ana: Client, zlib: str) -> None:
    """One press, no question."""
    page = ana.post("/triage/answer/", {"item": zlib, **NOT_AFFECTED}, follow=True).content.decode()
    undo_at = page.partition('action="/triage/undo/')[2].partition('"')[0].replace("&amp;", "&")
    said = words(ana.post(f"/triage/undo/{undo_at}", follow=True))

    assert "Taken back for 2 versions." in said
    assert "Two findings to judge" not in said
    assert heading(ana.get("/triage/")) == "Four findings to judge, worst for patients first."


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"status": "not_affected", "rationale": "x"}, "needs one of the five justifications"),
        ({"status": "not_affected", "justification": "component_not_present"}, "The rationale is empty"),
        ({"status": "affected"}, "The action is empty"),
        ({"status": "fixed"}, "The rationale is empty"),
    ],
)
def test_an_answer_without_its_grounds_is_not_taken(ana: Client, zlib: str, given: dict[str, str], says: str) -> None:
    """It says what is missing, and what was written stays."""
    page = ana.post("/triage/answer/", {"item": zlib, **given})

    assert says in words(page)
    assert not Decision.objects.exists()


def test_several_are_answered_at_once_and_the_list_says_for_what(ana: Client, zlib: str, openssl: str) -> None:
    """One decision for each component; all or none."""
    page = words(ana.get("/triage/answer/", {"item": [zlib, openssl]}))
    assert "One answer for 2 findings." in page
    assert "openssl 3.0.13, 3.0.15 on the alarm path of Ventorsa 5" in page

    ana.post("/triage/answer/", {"item": [zlib, openssl], "status": "under_investigation"})

    assert sorted(str(one.identity) for one in Decision.objects.all()) == [
        "openssl 3.0.13",
        "openssl 3.0.15",
        "zlib 1.2.11",
    ]


def test_one_version_can_be_answered_alone(ana: Client, firm: Firm, openssl: str) -> None:
    """Its OpenSSL is another than that of the later version, which stays open."""
    pane = words(ana.get(f"/triage/?version={firm.v1.pk}&at={openssl}"))
    assert "Is Ventorsa 5 5.1 affected?" in pane

    ana.post("/triage/answer/", {"item": openssl, "version": firm.v1.pk, "status": "under_investigation"})

    assert [str(one.identity) for one in Decision.objects.all()] == ["openssl 3.0.13"]


def test_one_ceremony_signs_what_was_answered_and_lists_it(ana: Client, firm: Firm, zlib: str) -> None:
    """The person sees each version before signing."""
    answer = ana.post("/triage/answer/", {"item": zlib, **NOT_AFFECTED, "sign": "yes", "back": "/triage/"})
    ceremony = Ceremony.objects.get()

    assert answer.headers["Location"] == f"/sign/{ceremony.key}/"
    assert [line.sentence for line in lines_of(ceremony)] == [
        "CVE-2025-0002 in zlib 1.2.11 on Dosimere 3 3.0: not affected: the vulnerable code is not in the execute path.",
        "CVE-2025-0002 in zlib 1.2.11 on Ventorsa 5 5.1: not affected: the vulnerable code is not in the execute path.",
    ]


def test_signed_it_leaves_the_list_and_a_new_kev_entry_brings_it_back(
    firm: Firm, zlib: str, tell: Tell, bring_up: Callable[..., object], now: datetime
) -> None:
    """Saying why, on Today and in the pane."""
    lena = person("Lena Okafor", Role.PSIRT_MANAGER)
    secret = with_generator(lena)
    client = Client()
    client.force_login(lena)
    client.post("/triage/answer/", {"item": zlib, **NOT_AFFECTED, "sign": "yes"})
    signed(client, firm, Ceremony.objects.get().key, secret=secret, now=now)
    assert heading(client.get("/triage/")) == "Two findings to judge, worst for patients first."
    assert heading(client.get("/triage/?state=decided")) == "Two findings are decided and signed."

    tell(kev("CVE-2025-0001"), kev("CVE-2025-0002", added="2026-11-25"))
    bring_up(now + timedelta(hours=1))
    with clock.stopped(now + timedelta(hours=2)):
        today, pane = words(client.get("/")), words(client.get(f"/triage/?at={zlib}"))

    because = "It was not in CISA's catalogue of exploited vulnerabilities; it was added on Wed 25 Nov."
    assert because in today
    assert because in pane
    assert "Re-opened 2" in pane


def test_who_may_only_read_is_offered_no_answer(firm: Firm, zlib: str) -> None:
    """And cannot send one."""
    auditor = person("Olga Audit", Role.AUDITOR)
    with_generator(auditor)
    client = Client()
    client.force_login(auditor)
    page = client.get(f"/triage/?at={zlib}")

    assert "You may read this, not answer it" in words(page)
    assert '<details class="answer"' not in page.content.decode()
    assert client.post("/triage/answer/", {"item": zlib, **NOT_AFFECTED}).status_code == 403
    assert not Decision.objects.exists()


def test_others_devices_cannot_be_answered(pia: Client, zlib: str) -> None:
    """What one may not read is not there."""
    assert pia.post("/triage/answer/", {"item": zlib, **NOT_AFFECTED}).status_code == 404


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_an_answer_leads_nowhere_else(ana: Client, zlib: str, back: str) -> None:
    """Back is a page of ours."""
    answer = ana.post("/triage/answer/", {"item": zlib, **NOT_AFFECTED, "back": back})

    assert answer.headers["Location"] == "/triage/"
