"""The page of a case says how it reaches the patient, where it is, who signed, and what would re-open it."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.assessment.models import Assessment
from postmarket.assessment.rules.content import Privacy, StepControl, written
from postmarket.assessment.services.controls import name_control, withdraw_control
from postmarket.assessment.services.drafting import propose_to_siblings
from postmarket.assessment.services.incidents import open_incident
from postmarket.assessment.services.writing import set_harm
from postmarket.assessment.words import ControlKind, ControlState, ExploitationHere, Lead
from postmarket.cases.models import Case
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import restrict
from postmarket.cases.services.triage import say_exploitation
from postmarket.cases.words import Exploitation
from postmarket.inventory.models import Customer
from postmarket.policy.interface import HarmSeverity
from postmarket.web.pages.cases.panels import where
from tests.accounts.builders import person, with_generator
from tests.assessment.contents import harm
from tests.assessment.given import Leads
from tests.assessment.given import written as assessed
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, ana, bring_up, firm, kept, now, pack, store

__all__ = ["ana", "bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db
CVE = "CVE-2025-0001"
RISK = "An attacker on the hospital network can silence the alarm of the Ventorsa 5."


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def site(mara: Person) -> Client:
    """Her browser."""
    client = Client()
    client.force_login(mara)
    return client


@pytest.fixture
def case(mara: Person) -> Case:
    """The case of OpenSSL in both versions of the ventilator; exploitation is said to be none."""
    made = open_case(by=mara, vulnerability=CVE, title=RISK, why="Seen in triage.", now=NOW)
    say_exploitation(by=mara, case=made, exploitation=Exploitation.NONE, why="Asked the hospitals.", now=NOW)
    made.refresh_from_db()
    return made


@pytest.fixture
def leads() -> Leads:
    """The two who sign."""
    return Leads()


def see(client: Client, case: Case) -> str:
    """What the page says."""
    answer = client.get(reverse("case", args=[case.number]))
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split()).replace(" .", ".")


def test_before_anything_is_drawn_the_page_teaches_and_leads_there(site: Client, case: Case, firm: Firm) -> None:
    """One link to draw it, nothing that looks like an answer."""
    page = site.get(reverse("case", args=[case.number])).content.decode()

    assert "Nobody has drawn it yet." in page
    assert f'href="{reverse("pathway", args=[case.number, firm.v1.pk])}"' in page
    assert "Not assessed" in page
    assert "Waits for the assessment" in page
    assert "Would re-open this" not in page
    assert page.count('class="btn-act"') <= 1


def test_the_question_of_the_assessment_leads_to_it(site: Client, case: Case, firm: Firm) -> None:
    """What could happen to a patient is answered where the version is assessed."""
    page = site.get(reverse("case", args=[case.number])).content.decode()
    at = page[page.index("What could happen to a patient, and how exploitable is it?") :]

    assert f"/cases/{case.number}/versions/{firm.v1.pk}/" in at[:900]


def test_what_is_written_is_drawn_and_says_that_nobody_signed(site: Client, case: Case, firm: Firm) -> None:
    """Tags say so too; unsigned is neither controlled nor uncontrolled."""
    assessed(case, firm.v1)
    page = see(site, case)

    assert "Edit pathway, version 1" in page
    assert "Drawn for Ventorsa 5 5.1, not signed." in page
    assert "Otherwise, or not drawn, for Ventorsa 5 5.2" in page
    assert "Harm: catastrophic, not signed, 1 not judged" in page
    assert "Controlled or not: not signed" in page
    assert "Waits for signatures" in page
    assert "1 version waits for this signature" in page


def test_two_signatures_say_who_when_and_over_which_hash(site: Client, case: Case, firm: Firm, leads: Leads) -> None:
    """And the determination stands at the version, in the decisions and in the tags."""
    first = assessed(case, firm.v1)
    leads.sign(first)
    page = see(site, case)

    assert "Uncontrolled: catastrophic × high. Both leads signed. Ventorsa 5 5.1." in page
    assert "Harm: catastrophic, 1 not judged" in page
    assert "catastrophic, not signed" not in page
    hashed = r"[0-9a-f]{4}…[0-9a-f]{2} for 1 of 2 versions; 1 still to be assessed"
    assert re.search(rf"Jonas Okafor Cybersecurity technical lead Signed .*? · {hashed}", page)
    assert "Dr. Anita Prasad" in page
    assert "Would re-open this" in page
    assert "another date in KEV" in page


def test_a_void_signature_stays_with_what_voided_it(site: Client, case: Case, firm: Firm, leads: Leads) -> None:
    """One fold away."""
    row = assessed(case, firm.v1)
    leads.technical.sign(Lead.TECHNICAL, row)
    set_harm(by=firm.ana, assessment=row, harm=(harm(HarmSeverity.SERIOUS),), now=NOW)
    page = see(site, case)

    assert "1 signature is void" in page
    assert "Harm to patients changed after it was signed." in page


def test_a_copy_of_a_sibling_is_marked_as_one(site: Client, case: Case, firm: Firm, leads: Leads) -> None:
    """With whose it is; the same pathway is drawn once."""
    first = assessed(case, firm.v1)
    propose_to_siblings(by=firm.ana, assessment=first, now=NOW)
    page = site.get(reverse("case", args=[case.number])).content.decode()

    assert "copied" in page
    assert 'title="Ventorsa 5 5.1"' in page
    assert "Otherwise, or not drawn" not in page


def test_a_premise_that_changes_re_opens_it_and_the_page_says_what(
    site: Client, case: Case, firm: Firm, leads: Leads
) -> None:
    """The control that was credited is among the premises, then among the reasons."""
    wall = name_control(
        by=firm.ana, device=firm.ventilator, name="Firewall rule", kind=ControlKind.COMPENSATING, now=NOW
    )
    credited = StepControl(wall.pk, "Firewall rule", ControlState.VERIFIED, "TR-0417", "", True, "Port closed.")
    row = assessed(case, firm.v1, controls=(credited,))
    leads.sign(row)
    assert "Firewall rule withdrawn (now credited)" in see(site, case)

    withdraw_control(by=firm.ana, control=wall, why="Taken down.", now=NOW)
    page = see(site, case)

    assert "re-opened" in page
    assert "The control Firewall rule was credited; it was withdrawn." in page
    assert "Open again: to be signed anew" in page
    assert "What opened this again The control Firewall rule was credited" in page
    assert "Would re-open this" not in page
    assert "1 version to be signed anew" in page


def test_privacy_alone_reaches_no_patient(site: Client, case: Case, firm: Firm) -> None:
    """And no pathway is asked for."""
    row = assessed(case, firm.v1)
    content = row.content
    content["harm"], content["exploit_impact_pathway"] = [], {"steps": [], "hazards": [], "template": None}
    content["privacy"] = written(Privacy("The export is a copy."))
    Assessment.objects.filter(pk=row.pk).update(content=content)

    assert "It reaches no patient: only data are at stake. The export is a copy." in see(site, case)


def test_an_incident_stands_in_one_line_and_its_isolation_among_the_decisions(
    site: Client, case: Case, firm: Firm, mara: Person
) -> None:
    """Where, how it stands, what comes next."""
    brigid = Customer.objects.create(name="St. Brigid", created_at=NOW)
    open_incident(
        by=mara,
        case=case,
        site=brigid,
        version=firm.v1,
        exploitation=ExploitationHere.SUSPECTED,
        what="Alarms came late on ward 4.",
        units=("(01)0",),
        known_at=NOW,
        now=NOW,
    )
    page = see(site, case)

    assert "At hospitals" in page
    assert "St. Brigid Suspected Alarms came late on ward 4. Waits for a plan." in page


def test_a_determination_of_one_version_is_said_of_no_other(site: Client, case: Case, firm: Firm, leads: Leads) -> None:
    """Nobody has assessed the other one: among the vulnerabilities it is unknown, as on the case."""
    leads.sign(assessed(case, firm.v1))
    file = site.get(reverse("case-vulnerabilities"), {"format": "csv"})
    rows = csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig")))

    assert {row["Device version"]: row["Risk"] for row in rows} == {
        "Ventorsa 5 5.1": "Uncontrolled",
        "Ventorsa 5 5.2": "unknown",
    }


def test_of_very_many_versions_the_assessed_are_shown_and_the_rest_is_one_click_away(
    site: Client, case: Case, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of rows help nobody, and none is left out."""
    monkeypatch.setattr(where, "MOST_SHOWN", 1)
    assessed(case, firm.v2)
    address = reverse("case", args=[case.number])
    few, every = (site.get(address, {"versions": said}).content.decode() for said in ("", "all"))
    leaving_out = [reverse("case-version-out", args=[case.number, one.pk]) for one in (firm.v1, firm.v2)]

    assert "1 more version" in few
    assert [address in few for address in leaving_out] == [False, True]
    assert all(address in every for address in leaving_out)


def test_a_reader_is_shown_everything_and_led_nowhere(case: Case, firm: Firm, leads: Leads) -> None:
    """An auditor sees the picture and no way to change it."""
    assessed(case, firm.v1)
    auditor = person("Aud Itor", Role.AUDITOR)
    with_generator(auditor)
    client = Client()
    client.force_login(auditor)
    page = client.get(reverse("case", args=[case.number])).content.decode()

    assert "pathway-wide" in page
    assert "Edit pathway" not in page
    assert reverse("pathway", args=[case.number, firm.v2.pk]) not in page


def test_nothing_of_it_is_there_for_who_is_no_member(ana: Client, case: Case, firm: Firm, mara: Person) -> None:
    """The whole page is not there."""
    assessed(case, firm.v1)
    restrict(by=mara, case=case, why="Embargo.", now=NOW)

    assert ana.get(reverse("case", args=[case.number])).status_code == 404


def test_the_page_costs_the_same_whatever_is_in_the_case(
    site: Client, case: Case, firm: Firm, leads: Leads, mara: Person
) -> None:
    """More versions assessed and signed take no more queries."""
    url = reverse("case", args=[case.number])
    first = assessed(case, firm.v1)
    leads.technical.sign(Lead.TECHNICAL, first)
    site.get(url)
    with CaptureQueriesContext(connection) as few:
        site.get(url)
    second = assessed(case, firm.v2)
    leads.technical.sign(Lead.TECHNICAL, second, at=NOW + timedelta(minutes=2))
    with CaptureQueriesContext(connection) as many:
        site.get(url)

    assert len(many) == len(few)
    assert len(many) < 110
