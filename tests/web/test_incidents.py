"""Incidents on the site: opened at one hospital, planned, approved, isolated, restored; nothing on a technical word."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postmarket import tasks
from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.assessment.models import Incident, IsolationApproval
from postmarket.assessment.words import Lead
from postmarket.cases.models import Case
from postmarket.cases.queries.curtain import hidden_entries
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import add_member, restrict
from postmarket.inventory.models import Customer
from postmarket.records.models import Entry
from postmarket.web import clock
from postmarket.web.rooms import open_incidents
from tests.accounts.builders import PASSWORD, code_of, person, with_generator
from tests.assessment.given import Leads, Signer, written
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store
from tests.web.pages.reading import heading
from tests.web.test_cases import RISK, do, refused, see, text_of, typed

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db
CVE = "CVE-2025-0001"
UDIS = "(01)00614141007349(21)A17\n(01)00614141007349(21)A18"
NURSE = "A nurse stays at each bed; two older ventilators stand by."
ARTICLE = "Selective isolation; avoid powering off; implement clinical workarounds"
LATER = NOW + timedelta(hours=3)


def browser(who: Person) -> Client:
    """Somebody's browser."""
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def clinical(firm: Firm) -> Signer:
    """The clinical safety lead."""
    return Signer(Lead.CLINICAL)


@pytest.fixture
def case(mara: Person) -> Case:
    """The case of OpenSSL in the ventilator."""
    return open_case(by=mara, vulnerability=CVE, title=RISK, why="Seen in triage.", now=NOW)


def opened(client: Client, case: Case, firm: Firm, **more: object) -> Incident:
    """An incident at St. Brigid."""
    given = {
        "site": "St. Brigid",
        "version": str(firm.v1.pk),
        "exploitation": "active",
        "description": "Alarms fall silent by themselves.",
        "time_it_became_known": typed(NOW),
        "units": UDIS,
        **more,
    }
    at = do(client, "incident-open", case.number, **given)
    made = Incident.objects.latest("pk")
    assert at == reverse("incident", args=[case.number, made.pk])
    return made


def planned(client: Client, row: Incident, **more: object) -> None:
    """With a workaround."""
    do(
        client,
        "incident-plan",
        row.case.number,
        row.pk,
        **{"clinical_workaround": NURSE, "isolation_step": ARTICLE, **more},
    )


def approved(row: Incident, lead: Signer) -> None:
    """The clinical lead signs it on the site."""
    client = browser(lead.person)
    at = do(client, "incident-approve", row.case.number, row.pk, why="Seen with the ward.")
    answer = client.post(at, {"password": PASSWORD, "code": code_of(lead.secret, at=NOW)})
    assert answer.status_code == 302, text_of(answer)  # type: ignore[arg-type]
    assert answer.headers["Location"] == reverse("incident", args=[row.case.number, row.pk])


def test_from_opening_to_restoration(firm: Firm, mara: Person, case: Case, clinical: Signer) -> None:
    """Each page's title says where it stands, and one thing comes next."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm)
    here = (case.number, row.pk)
    at = reverse("incident", args=here)
    assert heading(ana.get(at)) == (
        "St. Brigid runs 2 units of Ventorsa 5 that an attacker may control; nobody has planned what to do with them."
    )

    planned(ana, row)
    assert heading(ana.get(at)).endswith("isolation waits for the clinical safety lead.")
    approved(row, clinical)
    assert heading(ana.get(at)).endswith("isolation is approved and not carried out.")
    do(ana, "incident-isolate", *here, isolated_by="our decision", time_of_isolation=typed(NOW))
    assert heading(ana.get(at)) == "St. Brigid has 2 units of Ventorsa 5 isolated; they wait to be restored."
    do(ana, "incident-restore", *here, time_of_restoration=typed(NOW), way_of_restoring="Patched by biomed.")

    page = see(ana, "incident", *here)
    assert heading(ana.get(at)) == "2 units of Ventorsa 5 at St. Brigid are back in use."
    assert "Approved by Dr. Anita Prasad" in page
    assert "Patched by biomed." in page
    row.refresh_from_db()
    assert row.restored_at is not None


def test_there_is_no_button_to_isolate_before_the_clinical_lead_has_signed(
    firm: Firm, case: Case, clinical: Signer
) -> None:
    """The page says why and whom it waits for; a form sent anyhow is refused; who planned it cannot approve it."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm)
    here = (case.number, row.pk)
    planned(ana, row)

    page = ana.get(reverse("incident", args=here)).content.decode()
    assert "They are isolated" not in page
    assert "a purely technical decision does not pass." in page
    assert clinical.person.email in page
    form = see(ana, "incident-isolate", *here)
    assert "Has the hospital isolated them by itself?" in form
    assert "We decided it" not in form
    assert "not one of the available choices" in refused(
        ana, "incident-isolate", *here, isolated_by="our decision", time_of_isolation=typed(NOW)
    )
    assert ana.get(reverse("incident-approve", args=here)).status_code == 403

    planned(browser(clinical.person), row, isolation_step="Unplug the gateway only.")
    assert "You planned it" in see(browser(clinical.person), "incident", *here)
    assert "has planned this isolation" in refused(browser(clinical.person), "incident-approve", *here)
    assert "Nobody could" in see(ana, "incident", *here)


def test_the_plan_is_asked_of_every_clinical_lead_by_mail(firm: Firm, case: Case, clinical: Signer) -> None:
    """At night nobody looks at a page by chance; who planned it is not asked."""
    other = Signer(Lead.CLINICAL, name="Dr. Ben Roe")
    row = opened(browser(firm.ana), case, firm)
    tasks.run_due(now=NOW)
    mail.outbox.clear()

    planned(browser(other.person), row)
    tasks.run_due(now=NOW)

    (letter,) = [one for one in mail.outbox if row.number in one.subject]
    assert letter.to == [clinical.person.email]
    assert ARTICLE in letter.body


def test_a_description_that_voids_an_approval_asks_for_it_anew(firm: Firm, case: Case, clinical: Signer) -> None:
    """Else the isolation waits, and nobody who may approve it knows."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm)
    planned(ana, row)
    approved(row, clinical)
    tasks.run_due(now=NOW)
    mail.outbox.clear()

    more = {"exploitation": "active", "description": "Two more beds.", "units": UDIS}
    do(ana, "incident-describe", case.number, row.pk, **more)
    tasks.run_due(now=NOW)

    assert [one.to for one in mail.outbox if "waits for your approval" in one.subject] == [[clinical.person.email]]


def test_a_changed_plan_voids_the_approval_and_says_so(firm: Firm, case: Case, clinical: Signer) -> None:
    """It stays to be read."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm)
    planned(ana, row)
    approved(row, clinical)
    assert "The approval there is becomes void" in see(ana, "incident-plan", case.number, row.pk)

    planned(ana, row, isolation_step="Power them off.")

    page = see(ana, "incident", case.number, row.pk)
    assert "isolation waits for the clinical safety lead" in page
    assert "The incident or its plan changed after it was approved." in page
    assert IsolationApproval.objects.filter(voided_at=None).count() == 0


def test_the_articles_response_stands_there_for_both_kinds_and_says_whose_it_is(firm: Firm, case: Case) -> None:
    """Suspected beside active, also before the incident is opened."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm)
    for page in (see(ana, "incident-open", case.number), see(ana, "incident", case.number, row.pk)):
        assert ARTICLE in page
        assert "Enhanced monitoring; prepare for selective isolation" in page
        assert "By article" in page
        assert "F26" in page
        assert "It is no rule of FDA’s" in page


def test_what_a_hospital_did_by_itself_is_noted_as_such(firm: Firm, case: Case) -> None:
    """Nobody here approved it, on the page and on its way."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm)
    do(ana, "incident-isolate", case.number, row.pk, isolated_by="the site by itself", time_of_isolation=typed(NOW))

    page = see(ana, "incident", case.number, row.pk)
    assert "Isolated by the hospital" in page
    assert "Approved by nobody here" in page
    assert "Rule it out" not in page
    assert "are isolated" in refused(ana, "incident-rule-out", case.number, row.pk)


def test_a_suspicion_is_ruled_out_with_a_reason(firm: Firm, case: Case) -> None:
    """And says so in its title; nothing more can be noted."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm, exploitation="suspected", units="")
    page = see(ana, "incident", case.number, row.pk)
    assert "that an attacker may have reached" in page
    assert "Units: nobody named them" in page
    do(ana, "incident-rule-out", case.number, row.pk, why="A worn power cord.")

    page = see(ana, "incident", case.number, row.pk)
    assert "What happened to units of Ventorsa 5 at St. Brigid was no exploitation." in page
    assert "A worn power cord." in page
    assert "Next" not in page
    assert "is ruled out" in refused(
        ana, "incident-plan", case.number, row.pk, clinical_workaround=NURSE, isolation_step=ARTICLE
    )


def test_what_is_known_later_is_said_and_nothing_typed_is_lost(firm: Firm, case: Case) -> None:
    """A refused form keeps what was typed."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm, exploitation="suspected", units="")
    page = refused(
        ana, "incident-describe", case.number, row.pk, exploitation="active", description="It is certain.", why=""
    )
    assert "It is certain." in page
    do(
        ana,
        "incident-describe",
        case.number,
        row.pk,
        exploitation="active",
        description="It is certain.",
        units=UDIS,
    )

    row.refresh_from_db()
    assert row.units.count() == 2
    case.refresh_from_db()
    assert case.exploitation == "active"


def test_who_describes_it_too_late_sees_what_it_says_and_loses_nothing(firm: Firm, mara: Person, case: Case) -> None:
    """Two people at night: the units one named do not go with the other's older form."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm, units="")
    at = reverse("incident-describe", args=[case.number, row.pk])
    seen = re.search(r'name="seen" value="(\w+)"', ana.get(at).content.decode())
    assert seen
    do(browser(mara), "incident-describe", case.number, row.pk, exploitation="active", description="B.", units="A17")
    mine = {"exploitation": "active", "description": "Mine.", "units": "", "why": "By phone.", "seen": seen.group(1)}

    answer = ana.post(at, mine)

    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Units: A17" in page
    assert "Mine." in page
    assert row.units.count() == 1
    again = re.search(r'name="seen" value="(\w+)"', page)
    assert again
    assert ana.post(at, {**mine, "units": "A17", "seen": again.group(1)}).status_code == 302
    row.refresh_from_db()
    assert (row.what, row.units.count()) == ("Mine.", 1)


def test_a_hospital_nobody_knew_becomes_a_customer_once(firm: Firm, case: Case) -> None:
    """Whoever handles incidents may name it; the same name again is the same hospital."""
    ana = browser(firm.ana)
    opened(ana, case, firm)
    opened(ana, case, firm, site="st. brigid")

    assert Customer.objects.filter(name__iexact="St. Brigid").count() == 1
    assert "Open in this case already St. Brigid runs" in see(ana, "incident-open", case.number), (
        "those of the case are named before another"
    )


def test_times_ahead_are_refused_at_their_field(firm: Firm, case: Case) -> None:
    """What drives reports is not guessed."""
    given = {"site": "St. Brigid", "version": str(firm.v1.pk), "exploitation": "active", "description": "Silent."}
    said = refused(browser(firm.ana), "incident-open", case.number, time_it_became_known=typed(LATER), **given)
    assert "lies ahead" in said
    assert not Incident.objects.exists()


def test_the_list_says_what_waits_filters_and_exports(firm: Firm, case: Case, clinical: Signer) -> None:
    """Its title counts what is not over."""
    ana = browser(firm.ana)
    assert heading(ana.get(reverse("incidents"))) == "No incident has been opened yet."
    row = opened(ana, case, firm)
    planned(ana, row)
    second = opened(ana, case, firm, site="St. Olaf", exploitation="suspected")
    assert heading(ana.get(reverse("incidents"))) == (
        "Two incidents are not over; one plan waits for a clinical safety lead."
    )
    for query, found in (
        ({"q": "A18 olaf"}, {"St. Olaf"}),
        ({"state": "planned"}, {"St. Brigid"}),
        ({"state": "not planned"}, {"St. Olaf"}),
        ({"state": "open"}, {"St. Brigid", "St. Olaf"}),
        ({"state": "restored"}, set()),
        ({"exploitation": "suspected"}, {"St. Olaf"}),
        ({"device": str(firm.ventilator.pk)}, {"St. Brigid", "St. Olaf"}),
        ({"sort": "site"}, {"St. Brigid", "St. Olaf"}),
    ):
        page = see(ana, "incidents", **query)
        assert {name for name in ("St. Brigid", "St. Olaf") if name in page} == found, query
    file = b"".join(ana.get(reverse("incidents"), {"format": "csv"})).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert {(one["Number"], one["State"]) for one in rows} == {(row.number, "planned"), (second.number, "not planned")}

    for one in (row, second):
        do(ana, "incident-rule-out", case.number, one.pk)
    assert heading(ana.get(reverse("incidents"))) == "No incident is open."


def test_the_sheet_asks_what_the_article_asks_and_leaves_lines_for_what_nobody_said(
    firm: Firm, case: Case, clinical: Signer
) -> None:
    """Device id, exploit pathway, residual risk; filled, the lines are gone, and the hash of the approval is there."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm, units="")
    page = see(ana, "incident-sheet", case.number, row.pk)
    assert "Nobody has said yet: device id: the UDI of each unit; exploit pathway: down to the harm;" in page
    before = ana.get(reverse("incident-sheet", args=[case.number, row.pk])).content.decode().count('class="fill"')
    assert before >= 12
    assert "Not approved." in page

    do(ana, "incident-describe", case.number, row.pk, exploitation="active", description="Silent.", units=UDIS)
    planned(ana, row, residual_risk="Slower reaction.")
    approved(row, clinical)
    Leads().sign(written(case, firm.v1))
    answer = ana.get(reverse("incident-sheet", args=[case.number, row.pk]))
    page = text_of(answer)  # type: ignore[arg-type]
    assert "Everything the article’s template asks is said." in page
    assert "Hospital VLAN" in page
    assert "(01)00614141007349(21)A17" in page
    approval = IsolationApproval.objects.get()
    assert approval.signature.targets.get().sha256 in page
    assert "Printed " in page
    assert "by Ana Reed from postmarket. The records ended then at entry" in page
    assert answer.content.decode().count('class="fill"') < before


def test_incidents_of_a_restricted_case_are_there_for_its_members_only(
    firm: Firm, mara: Person, case: Case, clinical: Signer
) -> None:
    """No page, list, count, filter or act for others, nor an approval; mail names the number alone."""
    row = opened(browser(mara), case, firm)
    restrict(by=mara, case=case, why="Embargo.", now=NOW)
    ana = browser(firm.ana)
    here = (case.number, row.pk)
    routes = ("incident", "incident-describe", "incident-plan", "incident-isolate", "incident-restore")
    for route in (*routes, "incident-rule-out", "incident-sheet"):
        assert ana.get(reverse(route, args=here)).status_code == 404, route
    assert browser(clinical.person).get(reverse("incident-approve", args=here)).status_code == 404
    assert ana.get(reverse("incident-open", args=[case.number])).status_code == 404
    listed = ana.get(reverse("incidents"))
    assert heading(listed) == "No incident has been opened yet."
    assert "St. Brigid" not in listed.content.decode()
    planned(browser(mara), row)
    assert "Somebody makes one a member of it." in see(browser(mara), "incident", *here)

    add_member(by=mara, case=case, person=clinical.person, why="Approves it.", now=NOW)
    tasks.run_due(now=NOW)
    mail.outbox.clear()
    planned(browser(mara), row, residual_risk="Slower reaction.")
    tasks.run_due(now=NOW)
    (letter,) = [one for one in mail.outbox if row.number in one.subject]
    assert "St. Brigid" not in letter.body
    assert NURSE not in letter.body
    approved(row, clinical)
    sheet = see(browser(clinical.person), "incident-sheet", *here)
    assert "RESTRICTED: for the members of the case only" in sheet


def test_a_hospital_named_in_a_restricted_case_tells_nothing_of_it(firm: Firm, mara: Person, case: Case) -> None:
    """The record of the new customer is for everybody who reads records: its reason is not the incident's."""
    restrict(by=mara, case=case, why="Embargo.", now=NOW)

    opened(browser(mara), case, firm)

    seen = Entry.objects.exclude(hidden_entries(person("Aud Itor", Role.AUDITOR)))
    assert seen.filter(kind="customer.created").exists()
    assert not [one.kind for one in seen if b"Alarms fall silent" in bytes(one.content)]


def test_an_incident_is_found_under_its_own_case_alone(firm: Firm, mara: Person, case: Case) -> None:
    """Another case's number does not lead to it."""
    row = opened(browser(firm.ana), case, firm)
    other = open_case(by=mara, vulnerability="CVE-2025-0002", title="A pump can stop.", why="Seen.", now=NOW)

    assert browser(firm.ana).get(reverse("incident", args=[other.number, row.pk])).status_code == 404


def test_who_only_reads_sees_what_is_asked_and_no_form(firm: Firm, case: Case) -> None:
    """An auditor."""
    row = opened(browser(firm.ana), case, firm)
    auditor = person("Aud Itor", Role.AUDITOR)
    page = browser(auditor).get(reverse("incident", args=[case.number, row.pk])).content.decode()
    assert "Somebody who handles incidents says it." in page
    assert "Plan it so" not in page


def test_today_begins_with_what_is_not_isolated_at_a_hospital(
    firm: Firm, mara: Person, case: Case, clinical: Signer
) -> None:
    """Before any clock; what waits for my approval says so; nobody else is told of a restricted one."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm)
    planned(ana, row)
    assert heading(ana.get("/")).startswith("St. Brigid runs 2 units of Ventorsa 5 that an attacker may control;")
    assert "waits for your approval" not in see(ana, "today")
    assert "waits for your approval" in see(browser(clinical.person), "today")
    opened(ana, case, firm, site="St. Olaf")
    assert heading(ana.get("/")) == "Two incidents at hospitals are not isolated."

    restrict(by=mara, case=case, why="Embargo.", now=NOW)
    assert "hospital" not in heading(ana.get("/"))
    assert "St. Brigid" not in see(ana, "today")
    assert "Two incidents" in heading(browser(mara).get("/"))


def test_the_navigation_counts_those_of_the_lines_they_read(firm: Firm, mara: Person) -> None:
    """The case is about pumps too; who reads pumps alone is not told how many incidents others have."""
    shared = open_case(by=mara, vulnerability="CVE-2025-0002", title=RISK, why="Seen in triage.", now=NOW)
    opened(browser(firm.ana), shared, firm)

    for who, count in ((firm.ana, 1), (firm.pia, 0)):
        asked = RequestFactory().get("/")
        asked.user = who
        assert open_incidents(asked) == count


def test_the_form_costs_the_same_however_many_versions(firm: Firm, mara: Person, case: Case) -> None:
    """Of hundreds of versions none is asked for by itself."""
    ana = browser(firm.ana)
    url = reverse("incident-open", args=[case.number])
    ana.get(url)
    counts = []
    for _ in range(2):
        with clock.stopped(NOW), CaptureQueriesContext(connection) as asked:
            ana.get(url)
        counts.append(len(asked))
        case.versions.filter(version=firm.v2).update(removed_at=NOW)
    assert counts[0] == counts[1]


def test_an_incident_page_costs_the_same_however_many_units(firm: Firm, mara: Person, case: Case) -> None:
    """Queries do not grow with what is in it."""
    ana = browser(firm.ana)
    row = opened(ana, case, firm, units="A1")
    many = opened(ana, case, firm, units="\n".join(f"A{number}" for number in range(50)))
    ana.get(reverse("incident", args=[case.number, row.pk]))  # reads the messages there were
    counts = []
    for one in (row, many):
        with clock.stopped(NOW), CaptureQueriesContext(connection) as asked:
            ana.get(reverse("incident", args=[case.number, one.pk]))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 60
