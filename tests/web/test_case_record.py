"""The triage record of a case: one page to print with everything it holds, and what vouches for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.assessment.models import LeadSignature
from postmarket.cases.models import Case, StartEvent
from postmarket.cases.services.events import correct_start_event
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import add_member, restrict
from postmarket.cases.services.triage import leave_out_version, override_priority, say_exploitation
from postmarket.cases.services.work import add_task, attach, comment
from postmarket.cases.words import Exploitation
from postmarket.intake.services.reports import File
from postmarket.policy.interface import Priority
from postmarket.records.models import SignedTarget
from postmarket.records.queries import chain_end
from tests.accounts.builders import person, with_generator
from tests.assessment.given import Leads, written
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store
from tests.web.test_cases import RISK, see
from tests.web.test_incidents import clinical, opened

__all__ = ["bring_up", "clinical", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def case(mara: Person) -> Case:
    """The case of OpenSSL in the ventilator."""
    return open_case(by=mara, vulnerability="CVE-2025-0001", title=RISK, why="Seen in triage.", now=NOW)


def browser(who: Person) -> Client:
    """Somebody's browser."""
    client = Client()
    client.force_login(who)
    return client


def worked_on(case: Case, mara: Person, firm: Firm) -> None:
    """Something of everything."""
    say_exploitation(by=mara, case=case, exploitation=Exploitation.NONE, why="Asked the hospitals.", now=NOW)
    correct_start_event(
        by=mara,
        event=StartEvent.objects.get(case=case),
        at=NOW - timedelta(days=6),
        person="St. Brigid, by phone",
        shown_by=File("mail.eml", b"From: biomed"),
        why="Mail found.",
        now=NOW,
    )
    override_priority(by=mara, case=case, priority=Priority.SOON, rationale="Only in the loaner pool.", now=NOW)
    leave_out_version(by=mara, case=case, version=firm.v2, why="Never left the warehouse.", now=NOW)
    comment(by=mara, case=case, text="Biomed of St. Brigid called.", now=NOW)
    add_task(by=mara, case=case, what="Ask for the firmware", assignee=firm.ana, due_on=None, now=NOW)
    attach(by=mara, case=case, file=File("gateway.log", b"a log"), now=NOW)


def test_it_holds_everything_the_case_holds(firm: Firm, mara: Person, case: Case) -> None:
    """Risk, versions, starts with evidence, clocks with whose they are, priority with its rationale, people, work."""
    worked_on(case, mara, firm)

    page = see(browser(mara), "case-record", case.number)

    event = StartEvent.objects.exclude(evidence=None).get(case=case)
    for said in (
        RISK,
        "Ventorsa 5 5.1",
        "Left out",
        "Never left the warehouse.",
        "St. Brigid, by phone",
        f"Evidence SHA-256 {event.evidence_id}",
        "Mail found.",
        "By article:",
        "FDA guidance (non-binding)",
        "No exploitation known, said",
        "Only in the loaner pool.",
        "Biomed of St. Brigid called.",
        "Ask for the firmware: Ana Reed",
        "gateway.log, Mara Lindqvist",
        "Unknown is neither controlled nor uncontrolled.",
        "Open What could happen to a patient, and how exploitable is it? nobody has answered",
        "Case opened, Mara Lindqvist. Seen in triage.",
    ):
        assert said in page, said


def test_it_says_when_and_by_whom_it_was_printed_and_where_the_chain_ended(mara: Person, case: Case) -> None:
    """So that paper can be held against the records."""
    end = chain_end()
    assert end is not None

    page = see(browser(mara), "case-record", case.number)

    assert "by Mara Lindqvist from postmarket." in page
    assert f"The records ended then at entry {end.number}, chain hash {end.sha256}" in page


def test_determinations_stand_there_with_every_signature_and_its_hash(firm: Firm, mara: Person, case: Case) -> None:
    """Void ones too, with what voided them."""
    say_exploitation(by=mara, case=case, exploitation=Exploitation.NONE, why="Asked the hospitals.", now=NOW)
    Leads().sign(written(case, firm.v1))
    opened(browser(firm.ana), case, firm)

    page = see(browser(mara), "case-record", case.number)

    assert "Ventorsa 5 5.1, revision 1: uncontrolled, re-opened" in page
    assert "Re-opened: Exploitation of our devices was none; it is active." in page
    for row in LeadSignature.objects.select_related("signature"):
        assert f"{row.signature.printed_name}, {row.lead}: approved" in page
        sha256 = SignedTarget.objects.get(signature=row.signature).sha256
        assert f"Signature {row.signature_id} over SHA-256 {sha256}" in page
    assert "INC-2026-0001: St. Brigid runs 2 units of Ventorsa 5" in page


def test_a_restricted_case_prints_for_its_members_and_says_so(firm: Firm, mara: Person, case: Case) -> None:
    """At the head, which every sheet repeats, and at the end."""
    restrict(by=mara, case=case, why="Embargo.", now=NOW)
    at = reverse("case-record", args=[case.number])
    assert browser(firm.ana).get(at).status_code == 404

    add_member(by=mara, case=case, person=firm.ana, why="Works on it.", now=NOW)

    page = browser(firm.ana).get(at).content.decode()
    assert "RESTRICTED: for the members of the case only" in page.partition('class="paper-body"')[0]
    assert "its members only: Ana Reed, Mara Lindqvist" in see(browser(firm.ana), "case-record", case.number)


def test_records_are_listed_for_who_reads_records(firm: Firm, mara: Person, case: Case) -> None:
    """An analyst sees all else."""
    assert "Records of the case" in see(browser(mara), "case-record", case.number)
    assert "Records of the case" not in see(browser(firm.ana), "case-record", case.number)


def test_its_queries_do_not_grow_with_what_is_in_it(firm: Firm, mara: Person, case: Case) -> None:
    """Comments, tasks and incidents come in lists."""
    opened(browser(firm.ana), case, firm)
    see(browser(mara), "case-record", case.number)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            see(browser(mara), "case-record", case.number)
        counts.append(len(asked))
        for number in range(5):
            comment(by=mara, case=case, text=f"Call {number}.", now=NOW)
            add_task(by=mara, case=case, what=f"Ask {number}", assignee=firm.ana, due_on=None, now=NOW)
        opened(browser(firm.ana), case, firm, site="St. Olaf")

    assert counts[0] == counts[1]
