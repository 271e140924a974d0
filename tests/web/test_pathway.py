"""The page on which an exploit impact pathway is built, as people work with it."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.assessment.models import Assessment, Control, LeadSignature, PathwayTemplate
from postmarket.assessment.services.drafting import begin_assessment
from postmarket.assessment.services.writing import set_pathway
from postmarket.assessment.words import ControlState
from postmarket.cases.models import Case
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import restrict
from postmarket.records.models import Signature
from tests.accounts.builders import person, with_generator
from tests.assessment.contents import STEPS
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, ana, bring_up, firm, kept, now, pack, pia, store
from tests.web.pages.reading import heading

__all__ = ["ana", "bring_up", "firm", "kept", "now", "pack", "pia", "store"]

pytestmark = pytest.mark.django_db
CVE = "CVE-2025-0001"
RISK = "An attacker on the hospital network can silence the alarm of the Ventorsa 5."
CHAIN = {
    "entry": "Hospital network",
    "weakness": "Out-of-bounds write",
    "component": "openssl 3.0.13",
    "effect on device behaviour": "Gateway down",
    "hazardous situation": "Kinked circuit",
    "harm": "Hypoxia, death",
}
KINDS = tuple(CHAIN)


@pytest.fixture
def case(firm: Firm) -> Case:
    """The case of OpenSSL in the ventilator, two versions."""
    mara = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    return open_case(by=mara, vulnerability=CVE, title=RISK, why="Seen in triage.", now=NOW)


def at(case: Case, firm: Firm, *, version: int | None = None) -> str:
    """The page's address."""
    return reverse("pathway", args=[case.number, version or firm.v1.pk])


def to(url: str) -> str:
    """Where the form of a page goes."""
    return f"{url}save/"


def see(client: Client, url: str, **sent: object) -> str:
    """What the page says, sent or asked; fails when it refuses."""
    answer = client.post(to(url), sent) if sent else client.get(url)
    assert answer.status_code == 200, answer.status_code
    return plain(answer.content.decode())


def plain(page: str) -> str:
    """What a person reads, what stands in fields too."""
    fields = re.sub(r'<input[^>]*type="text"[^>]*?value="([^"]*)"[^>]*>', r" [\1] ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", fields)).split())


def form(page: str) -> dict[str, object]:
    """Everything a browser would send of the form on the page, without its buttons."""
    body = page[page.index('id="pathway-form"') : page.index("</form>", page.index('id="pathway-form"'))]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "checkbox" and " checked" not in tag:
            continue
        value = html.unescape(attributes.get("value", "on" if attributes.get("type") == "checkbox" else ""))
        sent.setdefault(attributes["name"], []).append(value)
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', body, re.DOTALL):
        values = re.findall(r'<option value="([^"]*)"( selected)?', options)
        chosen = [value for value, selected in values if selected] or [values[0][0]]
        sent.setdefault(name, []).append(html.unescape(chosen[-1]))
    for name, text in re.findall(r'<textarea name="([^"]*)"[^>]*>(.*?)</textarea>', body, re.DOTALL):
        sent.setdefault(name, []).append(html.unescape(text.strip()))
    del sent["csrfmiddlewaretoken"]
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}


def opened(client: Client, url: str) -> dict[str, object]:
    """The form as the page begins with it."""
    return form(client.get(url).content.decode())


def pressed(client: Client, url: str, sent: dict[str, object], do: str) -> dict[str, object]:
    """The form after a button of it."""
    answer = client.post(to(url), {**sent, "do": do})
    assert answer.status_code == 200
    return form(answer.content.decode())


def save(client: Client, url: str, sent: dict[str, object]) -> Assessment:
    """Save it; what is kept. Fails with what the page complains of."""
    answer = client.post(to(url), {**sent, "do": "save"})
    assert answer.status_code == 302, plain(answer.content.decode())[:2000]
    return Assessment.objects.latest("changed_at", "pk")


def whole(sent: dict[str, object], **more: object) -> dict[str, object]:
    """The form with every kind filled as a person would."""
    return {**sent, **{f"s{place}-words": words for place, words in enumerate(CHAIN.values())}, **more}


def steps(row: Assessment) -> list[tuple[str, str]]:
    """Kinds and words that are kept."""
    return [(step.kind.value, step.words) for step in row.says.exploit_impact_pathway.steps]


def test_a_page_without_a_pathway_begins_with_what_the_system_knows(ana: Client, case: Case, firm: Firm) -> None:
    """The component, its role, the vulnerability; nothing is kept by looking."""
    page = see(ana, at(case, firm))

    assert "Begun with what is known:" in page
    assert "[openssl 3.0.13]" in page
    assert "[Protects the alarm gateway]" in page
    assert "Three steps are missing before it reaches the patient." in page
    assert "Begins the assessment of Ventorsa 5 5.1." in page
    assert not Assessment.objects.exists()


def test_three_fields_and_one_press_draw_a_whole_pathway(ana: Client, case: Case, firm: Firm) -> None:
    """What is known is kept as it stands; only what happens to the device and the patient is typed."""
    sent = opened(ana, at(case, firm))
    before = dict(sent)
    sent |= {"s3-words": "Gateway down", "s4-words": "Kinked circuit", "s5-words": "Hypoxia, death"}
    assert sum(sent[name] != before[name] for name in sent) == 3

    row = save(ana, at(case, firm), sent)

    assert [kind for kind, _ in steps(row)] == list(KINDS)
    assert steps(row)[2:4] == [("component", "openssl 3.0.13"), ("effect on device behaviour", "Gateway down")]
    assert (row.revision, row.state, row.drafted_by) == (1, "draft", firm.ana)
    assert "It reaches the patient in 6 steps: Hypoxia, death." in see(ana, at(case, firm))


def test_what_does_not_reach_the_patient_yet_is_kept_and_said(ana: Client, case: Case, firm: Firm) -> None:
    """Blank steps are no steps."""
    url = at(case, firm)
    answer = ana.post(to(url), {**opened(ana, url), "s3-words": "Gateway down", "do": "save"})
    assert answer.headers["Location"] == url

    assert heading(ana.get(url)) == "Two steps are missing before it reaches the patient."
    assert [kind for kind, _ in steps(Assessment.objects.get())][-1] == "effect on device behaviour"


def test_steps_are_added_moved_and_taken_out_without_a_script_and_before_anything_is_kept(
    ana: Client, case: Case, firm: Firm
) -> None:
    """Each button gives the form back, with everything that was typed."""
    url = at(case, firm)
    sent = whole(opened(ana, url))
    sent = pressed(ana, url, sent, "add:behaviour")
    sent["s4-words"] = "Alarms held 40 s"
    sent = pressed(ana, url, sent, "up:4")
    assert (sent["s3-words"], sent["s4-words"]) == ("Alarms held 40 s", "Gateway down")
    sent = pressed(ana, url, sent, "down:3")
    assert (sent["s3-words"], sent["s4-words"]) == ("Gateway down", "Alarms held 40 s")
    sent = pressed(ana, url, sent, "up:3")
    assert sent["s3-words"] == "Gateway down", "it has no neighbour of its kind above"
    sent = pressed(ana, url, sent, "remove:0")
    assert sent["s0-words"] == "", "the last of a kind is blank, and stays to be filled"
    assert not Assessment.objects.exists()

    row = save(ana, url, sent)

    assert [words for _, words in steps(row)][2:4] == ["Gateway down", "Alarms held 40 s"]
    assert steps(row)[0][0] == "weakness"


def test_a_new_control_is_named_where_it_acts_and_judged_there(ana: Client, case: Case, firm: Firm) -> None:
    """It is the device's only once the pathway is saved; what verifies it is asked where it is verified."""
    url = at(case, firm)
    sent = pressed(ana, url, whole(opened(ana, url)) | {"s0-new": "Firewall rule FW-2"}, "put:0")
    assert sent["s0c0-name"] == "Firewall rule FW-2"
    assert not Control.objects.exists()

    refused = ana.post(to(url), {**sent, "s0c0-state": "verified", "do": "save"})
    assert refused.status_code == 400
    said = plain(refused.content.decode())
    assert "Name what verifies it" in said
    assert "[Hypoxia, death]" in said, "nothing is lost"

    filled = {"s0c0-state": "verified", "s0c0-evidence": "TR-0417", "s0c0-reach": "in 31 of 38", "s0c0-credited": "on"}
    row = save(ana, url, sent | filled)

    control = Control.objects.get()
    (kept,) = row.says.controls
    assert (control.name, control.kind, control.device) == ("Firewall rule FW-2", "compensating", firm.ventilator)
    assert (kept.control, kept.state, kept.evidence, kept.reach, kept.credited) == (
        control.pk,
        ControlState.VERIFIED,
        "TR-0417",
        "in 31 of 38",
        True,
    )
    page = ana.get(url).content.decode()
    assert "What proves that the exploit cannot go on past it" in page, "KEV: a credit takes proof"
    assert "Controls there: Firewall rule FW-2: verified, TR-0417, in 31 of 38, credited." in plain(page)


def test_a_control_of_the_device_is_chosen_or_found_by_its_name_and_taken_off(
    ana: Client, case: Case, firm: Firm
) -> None:
    """Writing its name in other letters names no second one; taking it off leaves it the device's."""
    url = at(case, firm)
    save(ana, url, pressed(ana, url, whole(opened(ana, url)) | {"s0-new": "Local alarm"}, "put:0"))
    control = Control.objects.get()

    sent = pressed(ana, url, opened(ana, url) | {"s3-put": str(control.pk)}, "put:3")
    sent = pressed(ana, url, sent | {"s4-new": "local  ALARM"}, "put:4")
    assert sent["s3c0-key"] == sent["s4c0-key"] == str(control.pk)
    nothing = see(ana, url, **sent, do="put:5")
    assert "Choose a control, or give a new one its name." in nothing
    sent = pressed(ana, url, sent, "take:0:0")
    row = save(ana, url, sent)

    assert Control.objects.count() == 1
    assert [len(step.controls) for step in row.says.exploit_impact_pathway.steps] == [0, 0, 0, 1, 1, 0]


def test_a_control_that_is_no_longer_there_is_withdrawn_with_a_reason(ana: Client, case: Case, firm: Firm) -> None:
    """The pathway keeps it, marked."""
    url = at(case, firm)
    save(ana, url, pressed(ana, url, whole(opened(ana, url)) | {"s0-new": "Local alarm"}, "put:0"))
    control = Control.objects.get()
    away = reverse("control-withdraw", args=[case.number, firm.v1.pk, control.pk])

    assert "Every assessment in effect that credits it is re-opened" in see(ana, away)
    assert ana.post(away, {"why": ""}).status_code == 400
    assert ana.post(away, {"why": "Switched off in the field."}).status_code == 302

    control.refresh_from_db()
    assert control.withdrawn_why == "Switched off in the field."
    page = see(ana, url)
    assert "Local alarm compensating, outside the design withdrawn" in page
    assert ana.get(away).status_code == 404
    assert save(ana, url, opened(ana, url)).says.controls[0].control == control.pk, "nothing is renamed by saving"


def test_hazards_of_the_risk_file_stand_with_it(ana: Client, case: Case, firm: Firm) -> None:
    """Each once, with commas between them."""
    row = save(ana, at(case, firm), whole(opened(ana, at(case, firm)), hazards="H-17, H-22,  H-17,"))

    assert row.says.exploit_impact_pathway.hazards == ("H-17", "H-22")


def test_who_comes_too_late_is_told_and_loses_nothing(ana: Client, case: Case, firm: Firm) -> None:
    """Both stand there; saving again is a decision."""
    url = at(case, firm)
    sent = whole(opened(ana, url), **{"s5-words": "Mine: hypoxia"})
    row = begin_assessment(by=firm.ana, case=case, version=firm.v1, now=NOW)
    set_pathway(by=firm.ana, assessment=row, steps=STEPS, now=NOW + timedelta(minutes=1))

    answer = ana.post(to(url), {**sent, "do": "save"})

    assert answer.status_code == 409
    said = plain(answer.content.decode())
    assert "Somebody else saved this pathway meanwhile" in said
    assert "No vasopressor, shock" in said, "theirs"
    assert "[Mine: hypoxia]" in said, "mine"
    assert "Save yours instead" in said
    row.refresh_from_db()
    assert row.says.exploit_impact_pathway.steps == STEPS

    saved = save(ana, url, form(answer.content.decode()))
    assert saved.pk == row.pk
    assert steps(saved)[-1] == ("harm", "Mine: hypoxia")


@pytest.mark.parametrize("do", ["add:harm", "save"])
def test_a_form_that_comes_back_is_still_of_what_it_was_opened_on(ana: Client, case: Case, firm: Firm, do: str) -> None:
    """Neither a button without a script nor a refused save makes a later save look as if theirs had been seen."""
    url = at(case, firm)
    sent = whole(opened(ana, url))
    row = begin_assessment(by=firm.ana, case=case, version=firm.v1, now=NOW)
    set_pathway(by=firm.ana, assessment=row, steps=STEPS, now=NOW + timedelta(minutes=1))
    wrong = {"s5-words": "", "s5-detail": "catastrophic"} if do == "save" else {}
    back = ana.post(to(url), {**sent, **wrong, "do": do})

    mended = {**form(back.content.decode()), "s5-words": "Mine: hypoxia", "do": "save"}

    assert ana.post(to(url), mended).status_code == 409
    row.refresh_from_db()
    assert row.says.exploit_impact_pathway.steps == STEPS


def test_a_sibling_begins_with_the_pathway_of_the_first_and_says_whose_it_is(
    ana: Client, case: Case, firm: Firm
) -> None:
    """One press makes it a revision of its own; what was drawn for the first stays."""
    first = save(ana, at(case, firm), whole(opened(ana, at(case, firm))))
    url = at(case, firm, version=firm.v2.pk)

    page = see(ana, url)
    assert "Copied: these steps are those of Ventorsa 5 5.1, revision 1, drafted by Ana Reed." in page

    second = save(ana, url, opened(ana, url) | {"s2-words": "openssl 3.0.15"})
    assert (second.origin, second.version) == (first, firm.v2)
    assert steps(second)[2] == ("component", "openssl 3.0.15")
    first.refresh_from_db()
    assert steps(first)[2] == ("component", "openssl 3.0.13")
    assert "The pathway of Ventorsa 5 5.2" in see(ana, at(case, firm)), "the other one is offered"


def test_a_pathway_is_kept_for_the_device_and_another_case_begins_with_it(ana: Client, case: Case, firm: Firm) -> None:
    """It is filled in and not saved; saved, the pathway says which it came from. Controls are judged anew."""
    url = at(case, firm)
    sent = pressed(ana, url, whole(opened(ana, url), hazards="H-17") | {"s0-new": "Local alarm"}, "put:0")
    save(ana, url, sent | {"s0c0-state": "verified", "s0c0-evidence": "TR-0417"})
    keep = reverse("pathway-keep", args=[case.number, firm.v1.pk])
    assert "Kept for Ventorsa 5: Alarm path, version 1." in see_after(ana, keep, name="Alarm path")
    kept = PathwayTemplate.objects.get()

    mara = person("Mia Manages", Role.PSIRT_MANAGER)
    other = open_case(by=mara, vulnerability="CVE-2025-0002", title="Wrong dose.", why="Seen.", now=NOW)
    url = at(other, firm)
    assert "Alarm path, version 1" in see(ana, url)
    answer = ana.post(to(url), {**opened(ana, url), "do": f"begin:template-{kept.pk}"})
    assert "Begun with: Alarm path, version 1." in plain(answer.content.decode())
    row = save(ana, url, form(answer.content.decode()))

    says = row.says.exploit_impact_pathway
    assert (says.template, says.hazards) == (kept.pk, ("H-17",))
    assert says.steps[0].controls[0].state is ControlState.NOT_ASSUMED


def test_the_pathway_of_a_restricted_case_is_not_kept_for_others(case: Case, firm: Firm) -> None:
    """Whoever reads the device would read it in any other case."""
    mara = Person.objects.get(name="Mara Lindqvist")
    with_generator(mara)
    site = Client()
    site.force_login(mara)
    url = at(case, firm)
    save(site, url, whole(opened(site, url)))
    keep = reverse("pathway-keep", args=[case.number, firm.v1.pk])
    assert keep in site.get(url).content.decode()
    restrict(by=mara, case=case, why="Embargo.", now=NOW)

    assert keep not in site.get(url).content.decode()
    assert site.post(keep, {"name": "Alarm path"}).status_code >= 400
    assert not PathwayTemplate.objects.exists()


def see_after(client: Client, url: str, **sent: object) -> str:
    """What stands on the page that a form leads to."""
    answer = client.post(url, sent, follow=True)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def test_the_picture_follows_what_is_typed(ana: Client, case: Case, firm: Firm) -> None:
    """A part of the page, drawn from the form; nothing is kept."""
    url = at(case, firm)
    answer = ana.post(to(url), {**whole(opened(ana, url)), "do": "draw"})
    part = answer.content.decode()

    assert part.count("<svg") == 3
    assert "Hypoxia, death" in part
    assert "<!doctype html>" not in part
    assert not Assessment.objects.exists()


def test_the_picture_says_the_same_to_who_does_not_see_it(ana: Client, case: Case, firm: Firm) -> None:
    """A title, and every step with its words and controls in the description."""
    url = at(case, firm)
    save(ana, url, whole(opened(ana, url)))
    page = ana.get(url).content.decode()

    assert re.search(r'<svg[^>]*role="img" aria-labelledby="pathway-wide-title pathway-wide-text"', page)
    assert '<title id="pathway-wide-title">Exploit impact pathway in 6 steps</title>' in page
    assert "Effect on device behaviour: Gateway down." in page


def test_a_control_that_was_named_and_not_put_yet_is_not_lost(ana: Client, case: Case, firm: Firm) -> None:
    """Whatever is pressed next, save too; it is assumed of nothing."""
    url = at(case, firm)
    sent = pressed(ana, url, whole(opened(ana, url)) | {"s1-new": "Sanity check"}, "add:harm")
    assert sent["s1c0-name"] == "Sanity check"

    row = save(ana, url, sent | {"s3-new": "Local alarm"})
    assert [(one.name, one.state.value) for one in row.says.controls] == [
        ("Sanity check", "not assumed"),
        ("Local alarm", "not assumed"),
    ]


@pytest.mark.parametrize(
    "do", ["add:nothing", "up:99", "take:0:7", "put:x", "begin:template-99", "remove:", "fly:1", "add:"]
)
def test_a_button_that_is_none_of_ours_changes_nothing(ana: Client, case: Case, firm: Firm, do: str) -> None:
    """The form comes back as it was."""
    url = at(case, firm)
    sent = whole(opened(ana, url))

    assert pressed(ana, url, sent, do) == sent


def test_a_form_that_is_none_of_ours_is_refused_in_words(ana: Client, case: Case, firm: Firm) -> None:
    """Too many steps, a control of another device, a step without words."""
    url = at(case, firm)
    sent = whole(opened(ana, url))
    many = {"step": [f"s{n}" for n in range(20)]} | {f"s{n}-kind": "harm" for n in range(20)}
    many |= {f"s{n}-words": "Harm" for n in range(20)}
    assert "The pathway is too long" in refused(ana, url, {**sent, **many})
    strange = {"s0-control": "s0c0", "s0c0-key": "99999", "s0c0-name": "Wall", "s0c0-kind": "compensating"}
    assert "A control is not one of this device" in refused(ana, url, {**sent, **strange})
    named = {"s0-control": "s0c0", "s0c0-key": "--1", "s0c0-name": "Wall", "s0c0-state": "verified"}
    assert "Name what verifies it" in refused(ana, url, {**sent, **named})
    assert "Say it in a few words." in refused(ana, url, {**sent, "s5-words": "", "s5-detail": "catastrophic"})
    assert not Assessment.objects.exists()
    assert not Control.objects.exists()


def refused(client: Client, url: str, sent: dict[str, object]) -> str:
    """What the page says of a form it does not take."""
    answer = client.post(to(url), {**sent, "do": "save"})
    assert answer.status_code == 400
    return plain(answer.content.decode())


def test_who_has_signed_is_named_before_a_change_voids_it(ana: Client, case: Case, firm: Firm) -> None:
    """What saving causes stands beside its button."""
    url = at(case, firm)
    row = save(ana, url, whole(opened(ana, url)))
    jonas = person("Jonas Okafor", Role.CYBERSECURITY_LEAD)
    signature = Signature.objects.create(
        id="a" * 32, signer_id=str(jonas.pk), printed_name=jonas.name, meaning="approved", at=NOW,
        site_zone="UTC", factors="password, code", authenticated_at=NOW,
    )  # fmt: skip
    LeadSignature.objects.create(
        assessment=row, lead="cybersecurity technical lead", person=jonas, signature=signature, signed_at=NOW
    )

    assert "A change voids the signature of Jonas Okafor." in see(ana, url)
    save(ana, url, opened(ana, url) | {"s5-words": "Hypoxia"})
    assert LeadSignature.objects.get().voided_because


def test_only_who_writes_assessments_of_the_device_builds_it(pia: Client, case: Case, firm: Firm) -> None:
    """Not an analyst of pumps, not an auditor; and not for a version that the case is not about."""
    auditor = person("Aud Itor", Role.AUDITOR)
    with_generator(auditor)
    client = Client()
    client.force_login(auditor)

    assert client.post(to(at(case, firm)), {"do": "save"}).status_code == 403
    page = client.get(at(case, firm)).content.decode()
    assert "Nobody has drawn yet how it reaches the patient." in page
    assert 'id="pathway-form"' not in page
    assert pia.get(at(case, firm)).status_code == 404
    ana = Client()
    ana.force_login(firm.ana)
    assert ana.get(at(case, firm, version=firm.p1.pk)).status_code == 404


def test_a_restricted_case_is_not_there_for_others(ana: Client, case: Case, firm: Firm) -> None:
    """Neither its page nor its buttons; a member goes on."""
    restrict(by=case.owner, case=case, why="Embargo.", now=NOW)

    assert ana.get(at(case, firm)).status_code == 404
    assert ana.post(to(at(case, firm)), {"do": "save"}).status_code == 404
    assert ana.post(reverse("pathway-keep", args=[case.number, firm.v1.pk]), {"name": "X"}).status_code == 404
    mara = Client()
    with_generator(case.owner)
    mara.force_login(case.owner)
    assert mara.get(at(case, firm)).status_code == 200


def test_a_closed_case_can_be_read_and_not_changed(ana: Client, case: Case, firm: Firm) -> None:
    """The picture and the list stay; there is no form."""
    save(ana, at(case, firm), whole(opened(ana, at(case, firm))))
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=NOW, outcome="remediated")

    page = ana.get(at(case, firm)).content.decode()
    assert "This case is not open." in page
    assert 'id="pathway-form"' not in page
    assert "The same as a list" in page


def test_the_page_costs_the_same_whatever_the_pathway_is(ana: Client, case: Case, firm: Firm) -> None:
    """More steps and controls take no more queries."""
    url = at(case, firm)
    save(ana, url, pressed(ana, url, whole(opened(ana, url)) | {"s0-new": "One"}, "put:0"))
    ana.get(url)
    with CaptureQueriesContext(connection) as few:
        ana.get(url)
    sent = opened(ana, url)
    for name in ("Two", "Three", "Four"):
        sent = pressed(ana, url, sent | {"s3-new": name}, "put:3")
    save(ana, url, pressed(ana, url, sent, "add:harm") | {"s6-words": "Death"})
    ana.get(url)
    with CaptureQueriesContext(connection) as many:
        ana.get(url)

    assert len(many) == len(few)
