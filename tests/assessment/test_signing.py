"""Two leads, different people; nothing is in effect before both have signed what they were shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from postmarket.accounts.errors import NotAllowed, SigningFailed
from postmarket.assessment.errors import NotComplete, NotFound, NotPossible, SamePerson
from postmarket.assessment.models import Assessment, LeadSignature
from postmarket.assessment.rules.content import Scoring
from postmarket.assessment.services.drafting import begin_assessment, propose_to_siblings, withdraw_assessment
from postmarket.assessment.services.signing_off import begin_sign_off
from postmarket.assessment.services.writing import resolve, set_harm, set_scoring
from postmarket.assessment.words import AssessmentState, Lead
from postmarket.cases.hooks import belongings, judged
from postmarket.cases.models import Case, StartEvent
from postmarket.cases.words import Exploitation
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import Determination, HarmSeverity, StartBasis
from tests.accounts.builders import line
from tests.assessment.contents import BY_HAND, EASY, edit, harm
from tests.assessment.given import Leads, Signer, again, assessor, case_of, say, written
from tests.builders import Tell
from tests.cases.given import clocks
from tests.inventory.builders import kinds
from tests.monitoring.builders import NOW
from tests.monitoring.given import LATER, pump, told

pytestmark = pytest.mark.django_db

BringUp = Callable[..., object]
TECHNICAL, CLINICAL = Lead.TECHNICAL, Lead.CLINICAL


def uncontrolled_events(row: Assessment) -> int:
    """How many start events say that the risk was signed to be uncontrolled."""
    return StartEvent.objects.filter(case=row.case, basis=StartBasis.UNCONTROLLED_SIGNED.value).count()


def test_only_with_both_signatures_it_is_in_effect(hit: DeviceVersion) -> None:
    """One lead alone changes nothing: no determination, no event, no clock."""
    case, leads = case_of(), Leads()
    row = written(case, hit)
    before = set(clocks(case))

    leads.technical.sign(TECHNICAL, row)

    assert (again(row).state, again(row).determination) == (AssessmentState.DRAFT, "")
    assert judged([case.pk])[case.pk].determination is None
    assert (uncontrolled_events(row), set(clocks(case))) == (0, before)

    leads.clinical.sign(CLINICAL, row, at=LATER)

    found = again(row)
    assert (found.state, found.determination, found.effective_at) == ("in effect", "U", LATER)
    assert (found.exploitability, found.severity, found.rule) == ("high", "catastrophic", "matrix.high.catastrophic")
    assert judged([case.pk])[case.pk].determination is Determination.UNCONTROLLED
    assert kinds(row)[-1] == "assessment.in-effect"


def test_uncontrolled_starts_the_hospital_notice_from_the_second_signature(hit: DeviceVersion) -> None:
    """The firm's clock runs from there; FDA's 30 and 60 days ran from learning, and now run for good."""
    case, leads = case_of(), Leads()
    row = written(case, hit)
    assert clocks(case)["FDA-PM16-30"].provisional

    leads.technical.sign(TECHNICAL, row)
    leads.clinical.sign(CLINICAL, row, at=LATER)

    event = StartEvent.objects.get(case=case, basis=StartBasis.UNCONTROLLED_SIGNED.value)
    assert (event.at, event.by_system) == (LATER, True)
    assert {row.started_at for row in clocks(case).values() if row.start_id == event.pk} == {LATER}
    assert not clocks(case)["FDA-PM16-30"].provisional
    assert not clocks(case)["FDA-PM16-60"].provisional


def test_controlled_raises_no_event_and_ends_the_clocks_of_uncontrolled_risk(hit: DeviceVersion) -> None:
    """Negligible harm: controlled at any exploitability."""
    case, leads = case_of(), Leads()
    row = written(case, hit, severity=HarmSeverity.NEGLIGIBLE)
    assert "FDA-PM16-30" in clocks(case)

    leads.sign(row)

    assert uncontrolled_events(row) == 0
    assert "FDA-PM16-30" not in clocks(case)
    assert judged([case.pk])[case.pk].determination is Determination.CONTROLLED


def test_one_person_does_not_sign_as_both_leads(hit: DeviceVersion) -> None:
    """Neither through the door that checks first, nor through the ceremony itself, nor in the database."""
    both = Signer(TECHNICAL, CLINICAL, name="Max Stone")
    row = written(case_of(), hit)
    waiting = begin_sign_off(by=both.person, lead=CLINICAL, assessments=[row], why="", back_to="", now=NOW)
    both.sign(TECHNICAL, row)

    with pytest.raises(SamePerson, match="two different people"):
        begin_sign_off(by=both.person, lead=CLINICAL, assessments=[row], why="", back_to="", now=NOW)
    with pytest.raises(SamePerson):
        both.complete(waiting.key, at=NOW + timedelta(minutes=1))
    first = LeadSignature.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        LeadSignature.objects.create(
            assessment=row, lead=CLINICAL.value, person=both.person, signature=first.signature, signed_at=NOW
        )
    assert again(row).state == AssessmentState.DRAFT


def test_each_lead_signs_with_their_own_permission(hit: DeviceVersion) -> None:
    """The technical lead cannot sign for the clinic, nor the other way round, nor for another line."""
    row, leads = written(case_of(), hit), Leads()
    stranger = Signer(CLINICAL, line=line("Monitors"))

    for signer, lead in ((leads.technical, CLINICAL), (leads.clinical, TECHNICAL)):
        with pytest.raises(NotAllowed):
            signer.sign(lead, row)
    with pytest.raises(NotFound):
        stranger.sign(CLINICAL, row)
    assert not LeadSignature.objects.exists()


def test_a_change_after_a_signature_voids_it_visibly(hit: DeviceVersion) -> None:
    """The signature stays, with when and why; both have to sign anew."""
    row, leads, ana = written(case_of(), hit), Leads(), assessor()
    leads.clinical.sign(CLINICAL, row)

    set_scoring(by=ana, assessment=row, scoring=Scoring(EASY, "our own", (edit("MAV", "A"),)), now=LATER)

    void = LeadSignature.objects.get()
    assert (void.voided_at, void.voided_because) == (LATER, "Our scores changed after it was signed.")
    leads.technical.sign(TECHNICAL, row, at=LATER)
    assert again(row).state == AssessmentState.DRAFT
    leads.clinical.sign(CLINICAL, row, at=LATER)
    assert again(row).state == AssessmentState.IN_EFFECT
    assert "assessment.signature-voided" in kinds(void)


def test_writing_the_same_again_voids_nothing(hit: DeviceVersion) -> None:
    """A form that is saved without a change leaves no record either."""
    row, leads = written(case_of(), hit), Leads()
    leads.clinical.sign(CLINICAL, row)
    before = kinds(row)

    set_harm(by=assessor(), assessment=row, harm=(harm(),), now=LATER)

    assert kinds(row) == before
    assert LeadSignature.objects.get().voided_at is None


def test_what_changed_since_it_was_shown_is_not_signed(hit: DeviceVersion) -> None:
    """The severity is raised while the list lies on the screen."""
    row, leads = written(case_of(), hit, severity=HarmSeverity.MINOR, base=BY_HAND), Leads()
    waiting = begin_sign_off(by=leads.clinical.person, lead=CLINICAL, assessments=[row], why="", back_to="", now=NOW)
    set_harm(by=assessor(), assessment=row, harm=(harm(HarmSeverity.CRITICAL),), now=NOW)

    with pytest.raises(SigningFailed):
        leads.clinical.complete(waiting.key)


def test_a_technical_change_alone_voids_what_lies_before_the_clinical_lead(hit: DeviceVersion) -> None:
    """They see no vector, and yet sign the whole: the hash of it is in what they sign."""
    row, leads = written(case_of(), hit), Leads()
    waiting = begin_sign_off(by=leads.clinical.person, lead=CLINICAL, assessments=[row], why="", back_to="", now=NOW)
    assert "CVSS" not in waiting.shown
    set_scoring(by=assessor(), assessment=row, scoring=Scoring(EASY, "our own", (edit("CR", "L"),)), now=NOW)

    with pytest.raises(SigningFailed, match="changed since"):
        leads.clinical.complete(waiting.key)


def test_what_is_missing_is_said_before_the_ceremony(hit: DeviceVersion) -> None:
    """Everything at once, not one after another."""
    case, leads = case_of(exploitation=None), Leads()
    row = begin_assessment(by=assessor(), case=case, version=hit, now=NOW)

    with pytest.raises(NotComplete) as raised:
        leads.technical.sign(TECHNICAL, row)

    for said in ("exploited on a device of ours", "No pathway is drawn", "No harm to patients is described"):
        assert said in raised.value.why
    say(case, Exploitation.NONE)


def test_a_clinical_review_is_resolved_by_both_or_not_at_all(hit: DeviceVersion) -> None:
    """Low × critical is a review: unresolved it cannot be signed; resolved it takes both leads like any other."""
    row, leads, ana = written(case_of(), hit, severity=HarmSeverity.CRITICAL, base=BY_HAND), Leads(), assessor()
    with pytest.raises(NotComplete, match="clinical review"):
        leads.technical.sign(TECHNICAL, row)

    resolve(
        by=ana,
        assessment=row,
        determination=Determination.CONTROLLED,
        rationale="The port is inside the housing.",
        now=NOW,
    )

    found = leads.sign(row)
    assert (found.state, found.determination) == (AssessmentState.IN_EFFECT, "C")
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=row.pk).update(determination="R")


def test_siblings_get_a_proposal_and_one_ceremony_signs_the_list(tell: Tell, bring_up: BringUp) -> None:
    """Three versions; two are signed; the third keeps waiting, and the case is not controlled before it."""
    tell(told())
    first, second, third = pump("3.1"), pump("3.2"), pump("3.3")
    bring_up()
    case, leads, ana = case_of(), Leads(), assessor()
    row = written(case, first, by=ana, severity=HarmSeverity.NEGLIGIBLE)

    proposals = {one.version_id: one for one in propose_to_siblings(by=ana, assessment=row, now=NOW)}

    assert set(proposals) == {second.pk, third.pk}
    assert {one.state for one in proposals.values()} == {AssessmentState.PROPOSED}
    assert {one.origin_id for one in proposals.values()} == {row.pk}
    leads.sign(row, proposals[second.pk])
    assert [again(one).state for one in (row, *proposals.values())] == ["in effect", "in effect", "proposed"]
    assert judged([case.pk])[case.pk].determination is None
    leads.sign(proposals[third.pk], at=LATER)
    assert judged([case.pk])[case.pk].determination is Determination.CONTROLLED


def test_a_proposal_follows_its_origin_until_somebody_writes_it_by_hand(tell: Tell, bring_up: BringUp) -> None:
    """What the origin says later is proposed again, and voids what was signed of the proposal."""
    tell(told())
    first, second, third = pump("3.1"), pump("3.2"), pump("3.3")
    bring_up()
    case, leads, ana = case_of(), Leads(), assessor()
    row = written(case, first, by=ana)
    one, two = propose_to_siblings(by=ana, assessment=row, now=NOW)
    assert {one.version, two.version} == {second, third}
    set_harm(by=ana, assessment=two, harm=(harm(HarmSeverity.CRITICAL),), now=NOW)
    leads.clinical.sign(CLINICAL, one)

    set_harm(by=ana, assessment=row, harm=(harm(HarmSeverity.SERIOUS),), now=LATER)
    propose_to_siblings(by=ana, assessment=row, now=LATER)

    assert again(one).content == again(row).content
    assert LeadSignature.objects.get(assessment=one).voided_because.startswith("Alder pump 3.1, from which")
    assert (again(two).state, again(two).says.severity) == (AssessmentState.DRAFT, HarmSeverity.CRITICAL)


def test_a_version_that_comes_later_begins_with_what_was_signed_for_its_sibling(tell: Tell, bring_up: BringUp) -> None:
    """Nobody does the work again, and nothing is in effect."""
    tell(told())
    first, second = pump("3.1"), pump("3.2")
    bring_up()
    case = case_of()
    row = Leads().sign(written(case, first))

    began = begin_assessment(by=assessor(), case=case, version=second, now=LATER)

    assert (began.state, began.origin_id, began.is_inherited) == (AssessmentState.PROPOSED, row.pk, True)
    assert began.says == row.says
    assert begin_assessment(by=assessor(), case=case, version=second, now=LATER) == began


def test_a_new_revision_replaces_the_old_one_only_when_it_is_signed(hit: DeviceVersion) -> None:
    """The old one stays in effect meanwhile, and to be read afterwards; uncontrolled is no news a second time."""
    case, leads, ana = case_of(), Leads(), assessor()
    old = leads.sign(written(case, hit))

    new = begin_assessment(by=ana, case=case, version=hit, now=LATER)
    set_scoring(by=ana, assessment=new, scoring=Scoring(BY_HAND, "our own"), now=LATER)
    assert (new.revision, again(old).state) == (2, AssessmentState.IN_EFFECT)
    leads.sign(new, at=LATER)

    assert (again(old).state, again(new).state) == (AssessmentState.REPLACED, AssessmentState.IN_EFFECT)
    assert uncontrolled_events(old) == 1
    with pytest.raises(NotPossible):
        set_scoring(by=ana, assessment=old, scoring=Scoring(), now=LATER)


def test_it_can_be_taken_back_until_it_is_signed(hit: DeviceVersion) -> None:
    """And begun again, under the next number."""
    case, leads, ana = case_of(), Leads(), assessor()
    row = written(case, hit)
    leads.clinical.sign(CLINICAL, row)

    withdraw_assessment(by=ana, assessment=row, why="It is about another device.", now=NOW)

    assert LeadSignature.objects.get().voided_because == "The revision was taken back."
    assert begin_assessment(by=ana, case=case, version=hit, now=NOW).revision == 2
    with pytest.raises(NotPossible):
        leads.technical.sign(TECHNICAL, row)


def test_a_restricted_case_is_assessed_and_signed_by_those_who_may_see_it(hit: DeviceVersion) -> None:
    """A lead who is no member finds no such assessment."""
    case = case_of(restricted=True)
    leads = Leads()
    row = written(case, hit, by=case.owner)

    with pytest.raises(NotFound):
        leads.technical.sign(TECHNICAL, row)
    with pytest.raises(NotFound):
        begin_assessment(by=assessor(), case=case, version=hit, now=NOW)


def test_records_of_a_restricted_cases_assessment_belong_to_it(hit: DeviceVersion) -> None:
    """So that whoever keeps records from strangers can ask which these are."""
    case = case_of(restricted=True)
    row = written(case, hit, by=case.owner)

    found = {
        kind: set(keys.values_list("key", flat=True)) for kind, keys in belongings(Case.objects.filter(pk=case.pk))
    }

    assert found["assessment"] == found["assessment-clinical"] == {str(row.pk)}
    assert found["lead-signature"] == set()
