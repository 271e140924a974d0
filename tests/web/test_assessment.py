"""The assessment of a device version on the site: written part by part, resolved, proposed, signed by two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from postmarket.accounts.models import Ceremony, Person
from postmarket.accounts.roles import Role
from postmarket.assessment.models import Assessment
from postmarket.assessment.rules.content import HarmScenario
from postmarket.assessment.services.writing import set_harm, set_pathway
from postmarket.assessment.words import EssentialPerformance, Lead
from postmarket.cases.models import Case
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import restrict
from postmarket.cases.services.triage import say_exploitation
from postmarket.cases.words import Exploitation
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import HarmSeverity
from postmarket.web import clock
from tests.accounts.builders import person, with_generator
from tests.assessment.contents import MODERATE, STEPS
from tests.assessment.given import Leads, Signer
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store
from tests.web.pages.reading import heading
from tests.web.test_cases import text_of

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db
RISK = "An attacker on the hospital network can silence the alarm of the Ventorsa 5."
IN_KEV, UNRATED = "CVE-2025-0001", "CVE-2025-0002"
DEATH = {"harm0-severity": "5", "harm0-essential": "affected"}


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def site(mara: Person) -> Client:
    """Her browser."""
    return browser(mara)


@pytest.fixture
def case(mara: Person) -> Case:
    """The case of OpenSSL in both versions of the ventilator; nobody has said yet whether it is exploited."""
    return open_case(by=mara, vulnerability=IN_KEV, title=RISK, why="Seen in triage.", now=NOW)


@pytest.fixture
def v1(firm: Firm) -> DeviceVersion:
    """The older version."""
    return firm.v1


def browser(who: Person) -> Client:
    """Somebody's browser."""
    client = Client()
    client.force_login(who)
    return client


def say(case: Case, by: Person) -> None:
    """Nothing is known of exploitation on our devices."""
    say_exploitation(by=by, case=case, exploitation=Exploitation.NONE, why="Asked.", now=NOW)


def at(case: Case, version: DeviceVersion, route: str = "assessment", *more: object) -> str:
    """An address of the page."""
    return reverse(route, args=[case.number, version.pk, *more])


def page(client: Client, case: Case, version: DeviceVersion, **query: str) -> HttpResponse:
    """The page."""
    found = client.get(at(case, version), query)
    assert found.status_code == 200
    return found  # type: ignore[return-value]


def form_of(answer: HttpResponse, action: str) -> dict[str, str]:
    """The fields of the form that posts to `action`, as a browser sends them when nothing is touched."""
    html = answer.content.decode()
    found = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', html, re.DOTALL)
    assert found, action
    inside = found.group(0)
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", inside):
        name, kind = attribute(tag, "name"), attribute(tag, "type")
        if name and (kind not in ("radio", "checkbox") or " checked" in tag):
            sent[name] = attribute(tag, "value")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', inside, re.DOTALL):
        sent[name] = text
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', inside, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        first = re.search(r'<option value="([^"]*)"', options)
        sent[name] = chosen.group(1) if chosen else first.group(1) if first else ""
    return sent


def attribute(tag: str, name: str) -> str:
    """An attribute of a tag."""
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def fill(client: Client, case: Case, version: DeviceVersion, part: str, **said: str) -> HttpResponse:
    """Open the page, fill some fields of a part, save."""
    action = at(case, version, f"assessment-{part}")
    sent = {
        **form_of(page(client, case, version), action),
        **{key.replace("__", "-"): one for key, one in said.items()},
    }
    return client.post(action, sent)  # type: ignore[return-value]


def saved(client: Client, case: Case, version: DeviceVersion, part: str, **said: str) -> str:
    """The same, and what the page says then. Fails with what it complains of."""
    answer = fill(client, case, version, part, **said)
    assert answer.status_code == 302, text_of(answer)
    return text_of(client.get(answer.headers["Location"]))  # type: ignore[arg-type]


def row(case: Case, version: DeviceVersion) -> Assessment:
    """The newest revision."""
    return Assessment.objects.filter(case=case, version=version).order_by("-revision")[0]


def whole(client: Client, case: Case, version: DeviceVersion, by: Person, **said: str) -> Assessment:
    """Everything that both leads ask for."""
    if case.known_exploitation is None:
        say(case, by)
        case.refresh_from_db()
    saved(client, case, version, "harm", **{**DEATH, **said})
    set_pathway(by=by, assessment=row(case, version), steps=STEPS, hazards=("H-17",), now=NOW)
    return row(case, version)


def test_before_anybody_judged_it_the_title_says_so(site: Client, case: Case, v1: DeviceVersion) -> None:
    """Unknown is neither controlled nor uncontrolled, and one question comes first."""
    found = page(site, case, v1)

    assert heading(found) == "Nobody has judged yet what can happen to patients on Ventorsa 5 5.1."
    said = text_of(found)
    assert "Not assessed" in said
    assert "neither controlled nor uncontrolled" in said
    assert "Next Is it exploited on a device of ours?" in said
    assert found.content.decode().count('class="btn-act"') == 1


def test_the_case_leads_to_the_page(site: Client, case: Case, v1: DeviceVersion, mara: Person) -> None:
    """Its next question, once somebody has said whether it is exploited."""
    say(case, mara)

    assert at(case, v1) in site.get(reverse("case", args=[case.number])).content.decode()


def test_the_first_save_begins_it_and_the_answer_is_about_patients(
    site: Client, case: Case, v1: DeviceVersion, mara: Person
) -> None:
    """What the case and the device say stands in the form already; severity is the person's to say."""
    say(case, mara)
    form = form_of(page(site, case, v1), at(case, v1, "assessment-harm"))
    assert form["harm0-words"] == RISK
    assert "harm0-severity" not in form

    said = saved(site, case, v1, "harm", **DEATH)

    assert "Saved. Uncontrolled: high × catastrophic." in said
    assert heading(page(site, case, v1)) == "Uncontrolled, not signed yet: patients on Ventorsa 5 5.1 can die."
    assert "Rule matrix.high.catastrophic. By firm" in said
    assert "Next How does an exploit reach the patient?" in said
    assert row(case, v1).revision == 1


def test_a_form_that_nobody_touched_says_nothing(site: Client, case: Case, v1: DeviceVersion) -> None:
    """Its suggestions are not taken for anybody's judgement."""
    saved(site, case, v1, "harm")

    assert row(case, v1).says.harm == ()


def test_severity_may_stay_open_and_is_then_no_answer(site: Client, case: Case, v1: DeviceVersion) -> None:
    """The scenario is kept; the title says that nobody judged how severe it is."""
    saved(site, case, v1, "harm", **{"harm0-patients": "adults at night"})

    assert heading(page(site, case, v1)) == "How badly patients on Ventorsa 5 5.1 can be hurt is not judged yet."
    assert "Severity not judged" in text_of(page(site, case, v1))


def test_more_groups_of_patients_are_added_and_taken_out(site: Client, case: Case, v1: DeviceVersion) -> None:
    """The worst counts."""
    saved(site, case, v1, "harm", **{"harm0-severity": "2", "harm0-essential": "not affected"})
    children = {
        "harm1-words": "Hypoxia before anybody looks.",
        "harm1-use": "Home",
        "harm1-patients": "children",
        "harm1-severity": "5",
        "harm1-essential": "affected",
    }
    said = saved(site, case, v1, "harm", **children)
    assert "Catastrophic: Hypoxia before anybody looks. (children, and 1 more)" in said

    saved(site, case, v1, "harm", **{"harm0-gone": "on"})

    assert [one.patients for one in row(case, v1).says.harm] == ["children"]


def test_a_save_over_what_somebody_changed_says_so_and_loses_nothing(
    site: Client, case: Case, v1: DeviceVersion, mara: Person, firm: Firm
) -> None:
    """Theirs and yours stand side by side; saved again, yours counts."""
    action = at(case, v1, "assessment-harm")
    saved(site, case, v1, "harm", **DEATH)
    opened = form_of(page(site, case, v1), action)
    theirs = HarmScenario("ICU", "adults", "They wake up.", HarmSeverity.MINOR, EssentialPerformance.NOT_AFFECTED)
    set_harm(by=firm.ana, assessment=row(case, v1), harm=[theirs], now=NOW)

    answer = site.post(action, {**opened, "harm0-words": "The alarm is silent and a child dies."})

    assert answer.status_code == 409
    said = answer.content.decode()
    assert "Somebody changed this part meanwhile" in said
    assert "Ana Reed" in said
    assert "They wake up." in said
    assert "The alarm is silent and a child dies." in said
    assert row(case, v1).says.harm == (theirs,)
    again = form_of(answer, action)  # type: ignore[arg-type]
    assert site.post(action, again).status_code == 302
    assert row(case, v1).says.harm[0].words == "The alarm is silent and a child dies."


def test_a_refused_save_is_still_over_what_it_was_opened_on(
    site: Client, case: Case, v1: DeviceVersion, firm: Firm
) -> None:
    """Mended and saved again it does not write over what somebody said meanwhile."""
    action = at(case, v1, "assessment-harm")
    saved(site, case, v1, "harm", **DEATH)
    opened = form_of(page(site, case, v1), action)
    theirs = HarmScenario("ICU", "adults", "They wake up.", HarmSeverity.MINOR, EssentialPerformance.NOT_AFFECTED)
    set_harm(by=firm.ana, assessment=row(case, v1), harm=[theirs], now=NOW)
    refused = site.post(action, {**opened, "harm0-words": ""})
    assert refused.status_code == 400

    mended = {**form_of(refused, action), "harm0-words": "A child dies."}  # type: ignore[arg-type]

    assert site.post(action, mended).status_code == 409
    assert row(case, v1).says.harm == (theirs,)


def test_two_people_write_two_parts_at_once(site: Client, case: Case, v1: DeviceVersion, firm: Firm) -> None:
    """A part is only held against itself."""
    saved(site, case, v1, "harm", **DEATH)
    action = at(case, v1, "assessment-scores")
    opened = form_of(page(site, case, v1), action)
    saved(browser(firm.ana), case, v1, "harm", **{"harm0-patients": "adults"})

    assert site.post(action, {**opened, "base": "own", "own": MODERATE}).status_code == 302

    assert (row(case, v1).says.scoring.base, row(case, v1).says.harm[0].patients) == (MODERATE, "adults")


def test_what_was_signed_meanwhile_is_not_written_over(
    site: Client, case: Case, v1: DeviceVersion, mara: Person
) -> None:
    """The form was opened before both signed: it says so, and what was typed is still there."""
    made = whole(site, case, v1, mara)
    action = at(case, v1, "assessment-harm")
    opened = form_of(page(site, case, v1), action)
    Leads().sign(made)

    answer = site.post(action, {**opened, "harm0-words": "Nobody hears the alarm."})

    assert answer.status_code == 400
    assert "is not written any more" in answer.content.decode()
    assert "Nobody hears the alarm." in answer.content.decode()


def test_our_scores_stand_beside_the_sources_and_say_what_moved_them(
    site: Client, case: Case, v1: DeviceVersion
) -> None:
    """Each metric with its reason; safety counts only by MSI:S and MSA:S."""
    own = {"base": "own", "own": MODERATE}
    answer = fill(site, case, v1, "scores", **own, m_MSA="S")
    assert answer.status_code == 400
    assert "every metric that is set for the device has its reason" in text_of(answer)
    assert MODERATE in answer.content.decode()

    said = saved(site, case, v1, "scores", **own, m_MSA="S", m_MAC="L", why="Alarms stop.", why_MAC="No firewall.")

    assert "Patient safety counts in it." in said
    assert "9.8" in said
    assert "What moved our number" in said
    assert re.search(r"MSA:S \d\.\d → \d\.\d", said)
    edits = {one.metric: one.rationale for one in row(case, v1).says.scoring.edits}
    assert edits == {"MSA": "Alarms stop.", "MAC": "No firewall."}


def test_a_vector_that_is_none_is_refused_where_it_stands(site: Client, case: Case, v1: DeviceVersion) -> None:
    """What was typed stays."""
    answer = fill(site, case, v1, "scores", base="own", own="CVSS:4.0/AV:Q")

    assert answer.status_code == 400
    assert "Not saved." in text_of(answer)
    assert "CVSS:4.0/AV:Q" in answer.content.decode()
    assert not Assessment.objects.exists()


def test_the_rubric_keeps_every_answer_and_says_what_it_is_qualified_for(
    site: Client, case: Case, v1: DeviceVersion
) -> None:
    """One reason a metric, and no to the rest of six."""
    said = saved(
        site,
        case,
        v1,
        "rubric",
        a_XAVN="Y",
        a_XAVT="Y",
        a_XACL="Y",
        a_XPRL="N",
        a_XUI="N",
        a_XS="N",
        why_S="One board.",
        a_XCP="N",
        rest_C="on",
        why_C="It holds no data.",
        a_XIT="Y",
        rest_I="on",
        a_XAT="Y",
        rest_A="on",
    )

    kept = {one.question: one for one in row(case, v1).says.scoring.answers}
    assert "qualified by FDA (MDDT Q171974) for CVSS v3.0 only" in said
    assert "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H" in said
    assert "every question answered" in said
    assert (kept["XCW"].answer.value, kept["XCW"].rationale) == ("N", "It holds no data.")
    assert "Which answer moved the number" in said


def test_what_the_rubric_leaves_open_counts_as_the_worst_and_is_said(
    site: Client, case: Case, v1: DeviceVersion
) -> None:
    """Half answered it asks the next question."""
    said = saved(site, case, v1, "rubric", a_XAVN="N")

    assert "with the worst case for what is open: Must the attacker touch the device?" in said


@pytest.fixture
def reviewed(mara: Person, firm: Firm) -> Case:
    """A case of which nobody knows an exploit: with a moderate vector of our own its serious harm goes to review."""
    made = open_case(by=mara, vulnerability=UNRATED, title="The pump can be stopped.", why="Seen.", now=NOW)
    say(made, mara)
    return made


def test_a_review_is_resolved_with_a_rationale(site: Client, reviewed: Case, firm: Firm, mara: Person) -> None:
    """Until then two leads have to decide, and it cannot be signed; the rationale stands in the answer."""
    case, p1 = reviewed, firm.p1
    saved(site, case, p1, "scores", base="own", own=MODERATE)
    saved(site, case, p1, "harm", **{"harm0-severity": "3", "harm0-essential": "affected"})
    set_pathway(by=mara, assessment=row(case, p1), steps=STEPS, hazards=(), now=NOW)
    assert "two leads have to say whether that is controlled" in heading(page(site, case, p1))
    assert "Next Is that controlled or uncontrolled?" in text_of(page(site, case, p1))
    assert "rationale is empty" in text_of(fill(site, case, p1, "resolution", determination="C"))

    said = saved(site, case, p1, "resolution", determination="C", rationale="A second pump stands by.")

    assert "Clinical review of medium × serious came to controlled: A second pump stands by." in said
    assert heading(page(site, case, p1)).startswith("Controlled, not signed yet: at worst patients on")
    assert "It waits for the cybersecurity technical lead and the clinical safety lead." in said


def test_only_data_can_leak(site: Client, reviewed: Case, firm: Firm) -> None:
    """It takes a statement, and scores that rule out the rest."""
    case, p1 = reviewed, firm.p1
    assert "This field is required" in text_of(fill(site, case, p1, "privacy", statement=""))

    said = saved(site, case, p1, "privacy", statement="The export is a copy; nothing is read back.")

    assert heading(page(site, case, p1)) == (
        "Controlled, not signed yet: data can leak from Dosimere 3 3.0, and no patient is harmed."
    )
    assert "Answer the rubric or rate the device" in said


def test_two_leads_sign_and_then_it_is_in_effect(site: Client, case: Case, v1: DeviceVersion, mara: Person) -> None:
    """Each has one button, and sees what was signed and by whom; nobody reads a vector to sign for patients."""
    whole(site, case, v1, mara)
    leads = Leads()
    technical, clinical = browser(leads.technical.person), browser(leads.clinical.person)
    assert "Sign it" not in text_of(page(site, case, v1))

    for client, signer, slug in ((technical, leads.technical, "technical"), (clinical, leads.clinical, "clinical")):
        found = page(client, case, v1)
        assert f"Do you sign it as {Lead.TECHNICAL if slug == 'technical' else Lead.CLINICAL}?" in text_of(found)
        assert found.content.decode().count('class="btn-act"') == 1
        action = at(case, v1, "assessment-sign", slug)
        answer = client.post(action, form_of(found, action))
        ceremony = Ceremony.objects.get(person=signer.person)
        assert answer.headers["Location"] == reverse("accounts:sign", args=[ceremony.key])
        assert ("CVSS" in text_of(client.get(answer.headers["Location"]))) is False or slug == "technical"  # type: ignore[arg-type]
        signer.complete(ceremony.key)

    said = text_of(page(site, case, v1))
    assert heading(page(site, case, v1)) == "Uncontrolled: patients on Ventorsa 5 5.1 can die."
    assert "Jonas Okafor and Dr. Anita Prasad have signed." in said
    assert "What would re-open it" in said
    assert "Does it hold for Ventorsa 5 5.2 too?" in said


def test_today_says_what_waits_for_a_lead_and_what_opened_again(
    site: Client, case: Case, v1: DeviceVersion, mara: Person
) -> None:
    """In words about patients, with the way there; for nobody else."""
    made, leads = whole(site, case, v1, mara), Leads()
    clinical = browser(leads.clinical.person)
    said = clinical.get(reverse("today"))
    assert "Uncontrolled: patients on Ventorsa 5 5.1 can die. As clinical safety lead" in text_of(said)  # type: ignore[arg-type]
    assert at(case, v1) in said.content.decode()
    assert "wait for your signature" not in text_of(site.get(reverse("today")))  # type: ignore[arg-type]

    leads.sign(made)
    say_exploitation(by=mara, case=case, exploitation=Exploitation.ACTIVE, why="A hospital called.", now=NOW)

    assert "Ventorsa 5 5.1: uncontrolled still, to be signed anew" in text_of(site.get(reverse("today")))  # type: ignore[arg-type]


def test_a_change_voids_a_signature_visibly(site: Client, case: Case, v1: DeviceVersion, mara: Person) -> None:
    """It stays to be read, with what voided it."""
    made, leads = whole(site, case, v1, mara), Leads()
    leads.technical.sign(Lead.TECHNICAL, made)
    assert "Jonas Okafor has signed; waits for the clinical safety lead." in text_of(page(site, case, v1))

    saved(site, case, v1, "harm", **{"harm0-patients": "children"})

    said = text_of(page(site, case, v1))
    assert "void Harm to patients changed after it was signed." in said
    assert "Waits for both leads." in said


def test_nobody_signs_as_both(site: Client, case: Case, v1: DeviceVersion, mara: Person) -> None:
    """Who holds both roles is told, and has no second button."""
    whole(site, case, v1, mara)
    both = Signer(Lead.TECHNICAL, Lead.CLINICAL, name="Bo Both")
    both.sign(Lead.TECHNICAL, row(case, v1))

    said = text_of(page(browser(both.person), case, v1))

    assert "somebody else has to sign as this one" in said
    action = at(case, v1, "assessment-sign", "clinical")
    answer = browser(both.person).post(action, {"assessment": row(case, v1).pk, "why": "Me again."})
    assert answer.status_code == 400
    assert "an assessment takes two different people" in answer.content.decode()


def test_what_is_missing_cannot_be_signed(case: Case, v1: DeviceVersion, site: Client) -> None:
    """A form sent anyhow is refused, in words."""
    saved(site, case, v1, "harm", **DEATH)
    leads = Leads()
    client = browser(leads.clinical.person)

    answer = client.post(at(case, v1, "assessment-sign", "clinical"), {"assessment": row(case, v1).pk, "why": "Yes."})

    assert answer.status_code == 400
    assert "It cannot be signed yet" in text_of(answer)  # type: ignore[arg-type]


def test_siblings_get_the_proposal_and_are_signed_as_one(
    site: Client, case: Case, v1: DeviceVersion, firm: Firm, mara: Person
) -> None:
    """The page lists who gets it; the copy says whose it is; one ceremony signs both."""
    whole(site, case, v1, mara)
    said = text_of(page(site, case, v1))
    assert "Ventorsa 5 5.2 Nobody has assessed it: it gets the proposal." in said

    answer = site.post(at(case, v1, "assessment-propose"))
    assert "Proposed to 1 version" in text_of(site.get(answer.headers["Location"]))  # type: ignore[arg-type]

    assert "It has the proposal, word for word." in text_of(page(site, case, v1))
    copy = page(site, case, firm.v2)
    assert "It was copied from revision 1 of Ventorsa 5 5.1, word for word." in text_of(copy)
    leads = Leads()
    client = browser(leads.technical.person)
    found = page(client, case, v1)
    assert "Sign 2 versions" in text_of(found)
    action = at(case, v1, "assessment-sign", "technical")
    keys = re.findall(
        r'name="assessment" value="(\d+)"', found.content.decode().split('id="next"')[1].split("</form>")[0]
    )
    client.post(action, {"assessment": keys, "why": "Both."})
    assert len(Ceremony.objects.get(person=leads.technical.person).shown) > 0
    leads.technical.complete(Ceremony.objects.get().key)
    leads.clinical.sign(Lead.CLINICAL, *Assessment.objects.all())
    assert set(Assessment.objects.values_list("state", flat=True)) == {"in effect"}
    assert "Uncontrolled, signed by both leads: it is left alone." in text_of(page(site, case, v1))


def test_what_somebody_wrote_by_hand_is_left_alone(
    site: Client, case: Case, v1: DeviceVersion, firm: Firm, mara: Person
) -> None:
    """A copy that was changed says in what it differs, and a new proposal does not touch it."""
    whole(site, case, v1, mara)
    site.post(at(case, v1, "assessment-propose"))

    saved(site, case, firm.v2, "harm", **{"harm0-patients": "children"})

    assert "differs from it in: what could happen to whom" in text_of(page(site, case, firm.v2))
    assert "Somebody has written it by hand: it is left alone." in text_of(page(site, case, v1))


def test_a_version_begins_with_what_a_sibling_says(
    site: Client, case: Case, v1: DeviceVersion, firm: Firm, mara: Person
) -> None:
    """One button takes it over; before that nothing can be written over it unseen."""
    whole(site, case, v1, mara)
    said = text_of(page(site, case, firm.v2))
    assert "Does what was judged for Ventorsa 5 5.1 hold here too?" in said
    assert at(case, firm.v2, "assessment-harm") not in page(site, case, firm.v2).content.decode()

    site.post(at(case, firm.v2, "assessment-begin"))

    assert row(case, firm.v2).is_inherited
    assert row(case, firm.v2).content == row(case, v1).content


def test_it_opens_again_and_a_new_revision_begins_with_what_stood(
    site: Client, case: Case, v1: DeviceVersion, mara: Person
) -> None:
    """Exploitation on our devices re-opens it; what was signed counts until the new revision is signed."""
    Leads().sign(whole(site, case, v1, mara))
    say_exploitation(by=mara, case=case, exploitation=Exploitation.ACTIVE, why="A hospital called.", now=NOW)
    found = page(site, case, v1)
    assert heading(found) == "Uncontrolled, and open again: patients on Ventorsa 5 5.1 can die."
    assert "Exploitation of our devices was none; it is active." in text_of(found)

    site.post(at(case, v1, "assessment-begin"))

    said = text_of(page(site, case, v1))
    assert "Revision 1 says uncontrolled, and is open again" in said
    assert "Revision 2 Written, not signed by both" in said
    older = page(site, case, v1, revision="1")
    assert "This is revision 1, as it was." in text_of(older)
    assert "assessment-harm" not in older.content.decode()
    assert site.get(at(case, v1), {"revision": "9"}).status_code == 404


def test_it_is_taken_back_with_a_reason(site: Client, case: Case, v1: DeviceVersion) -> None:
    """It stays to be read."""
    saved(site, case, v1, "harm", **DEATH)
    assert "The reason is empty" in text_of(site.post(at(case, v1, "assessment-withdraw"), {"why": " "}))  # type: ignore[arg-type]

    site.post(at(case, v1, "assessment-withdraw"), {"why": "The wrong version."})

    assert heading(page(site, case, v1)) == "Nobody has judged yet what can happen to patients on Ventorsa 5 5.1."
    assert "Revision 1 Taken back" in text_of(page(site, case, v1))
    assert "taken back before it was signed" in heading(page(site, case, v1, revision="1"))


def test_a_reader_sees_everything_and_no_form(site: Client, case: Case, v1: DeviceVersion, mara: Person) -> None:
    """Regulatory affairs reads the record."""
    whole(site, case, v1, mara)
    reader = person("Rea Gull", Role.REGULATORY_AFFAIRS)
    with_generator(reader)

    found = page(browser(reader), case, v1)

    assert "An attacker on the hospital network can silence the alarm" in text_of(found)
    assert "Hospital VLAN" in text_of(found)
    assert at(case, v1, "assessment-harm") not in found.content.decode()
    assert browser(reader).post(at(case, v1, "assessment-harm")).status_code == 403


def test_of_a_restricted_case_there_is_no_assessment_for_others(
    site: Client, case: Case, v1: DeviceVersion, mara: Person, firm: Firm
) -> None:
    """Neither its page nor anything that is done on it."""
    saved(site, case, v1, "harm", **DEATH)
    ana = browser(firm.ana)
    assert ana.get(at(case, v1)).status_code == 200

    restrict(by=mara, case=case, why="Embargo.", now=NOW)

    assert ana.get(at(case, v1)).status_code == 404
    for route in ("begin", "harm", "privacy", "scores", "rubric", "resolution", "propose", "withdraw"):
        assert ana.post(at(case, v1, f"assessment-{route}")).status_code == 404, route
    lead = Leads().clinical.person
    sent: Mapping[str, object] = {"assessment": row(case, v1).pk, "why": "x"}
    assert browser(lead).post(at(case, v1, "assessment-sign", "clinical"), sent).status_code == 404
    assert "Restricted." in text_of(page(site, case, v1))


def test_a_version_that_the_case_is_not_about_has_no_page(site: Client, case: Case, firm: Firm) -> None:
    """The pump is in another case."""
    assert site.get(at(case, firm.p1)).status_code == 404


def test_with_htmx_a_refused_part_comes_back_as_it_was(site: Client, case: Case, v1: DeviceVersion) -> None:
    """As 422, which the site swaps in; folds that were open stay open after a save."""
    action = at(case, v1, "assessment-scores")
    sent = {**form_of(page(site, case, v1), action), "m_MSA": "S"}
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{at(case, v1)}?open=exploitability"}
    refused = site.post(action, sent, headers=headers)
    assert refused.status_code == 422
    assert "laid over a base vector" in refused.content.decode()

    kept = site.post(action, {**sent, "base": "own", "own": MODERATE, "why": "Alarms stop."}, headers=headers)

    assert kept.headers["Location"].endswith("?open=exploitability&open=scores#scores")


def test_the_page_takes_as_many_queries_however_much_is_on_it(
    site: Client, case: Case, v1: DeviceVersion, mara: Person, django_assert_max_num_queries: object
) -> None:
    """A page of decisions is opened often."""
    whole(site, case, v1, mara)
    with clock.stopped(NOW + timedelta(minutes=1)), django_assert_max_num_queries(75):  # type: ignore[operator]
        page(site, case, v1)
