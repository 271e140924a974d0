"""What pages ask: how far each version is, what waits for whom, scores side by side, pathways used again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmarket.assessment.errors import InvalidAssessment, NotFound, NotPossible
from postmarket.assessment.models import Control
from postmarket.assessment.queries.assessments import (
    controls_of,
    of_case,
    one,
    reopened,
    revisions,
    signatures,
    templates_of,
    waiting_for,
)
from postmarket.assessment.queries.scores import side_by_side
from postmarket.assessment.rules.content import RubricAnswer, Scoring, StepControl
from postmarket.assessment.services.controls import keep_template, name_control
from postmarket.assessment.services.drafting import begin_assessment, propose_to_siblings
from postmarket.assessment.services.writing import (
    answer_rubric,
    say_privacy_only,
    set_harm,
    set_pathway,
    set_scoring,
    use_template,
)
from postmarket.assessment.words import ControlKind, ControlState, Lead
from postmarket.cases.hooks import questions
from postmarket.cases.queries.once import read_once
from postmarket.cases.words import Exploitation
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import HarmSeverity
from postmarket.scoring.rubric import QUALIFICATION, Answer
from tests.assessment.contents import EASY, STEPS, answers, edit, harm, with_controls
from tests.assessment.given import Leads, again, assessor, case_of, control, say, written
from tests.builders import Tell
from tests.monitoring.builders import NOW
from tests.monitoring.given import LATER, pump, told

pytestmark = pytest.mark.django_db

BringUp = Callable[..., object]


def test_each_version_says_what_it_waits_for(tell: Tell, bring_up: BringUp) -> None:
    """Nothing written; written; signed by one; in effect and re-opened."""
    tell(told())
    first, second = pump("3.1"), pump("3.2")
    bring_up()
    case, leads, ana = case_of(), Leads(), assessor()
    assert [(item.version, item.written, item.standing) for item in of_case(by=ana, case=case)] == [
        (first, None, None),
        (second, None, None),
    ]
    row = written(case, first)
    assert of_case(by=ana, case=case)[0].waits_for == (Lead.TECHNICAL, Lead.CLINICAL)
    leads.technical.sign(Lead.TECHNICAL, row)
    assert of_case(by=ana, case=case)[0].waits_for == (Lead.CLINICAL,)
    assert [lead for lead, _ in waiting_for(by=leads.clinical.person)] == [Lead.CLINICAL]
    assert waiting_for(by=leads.technical.person) == []
    assert waiting_for(by=ana) == []

    leads.clinical.sign(Lead.CLINICAL, row)
    say(case, Exploitation.ACTIVE, at=LATER)

    found = of_case(by=ana, case=case)[0]
    assert (found.written, found.standing) == (None, again(row))
    assert reopened(by=ana) == [again(row)]
    assert [sign.lead for sign in signatures(row)] == [Lead.TECHNICAL, Lead.CLINICAL]


def test_the_case_asks_one_thing_after_the_other(hit: DeviceVersion) -> None:
    """Assess; then each lead; then, when a premise changed, all of it again, with the reason."""
    case, leads, ana = case_of(), Leads(), assessor()

    def asked() -> dict[str, str]:
        found = questions(case, by=ana, now=NOW)
        assert [item.order for item in found] == sorted(item.order for item in found)
        return {item.key: item.answer for item in found}

    assert asked() == {"assess": "", "sign-technical": "", "sign-clinical": ""}
    row = written(case, hit)
    assert asked() == {"assess": "Uncontrolled", "sign-technical": "", "sign-clinical": ""}
    leads.technical.sign(Lead.TECHNICAL, row)
    assert asked() == {"assess": "Uncontrolled", "sign-technical": "Signed", "sign-clinical": ""}
    leads.clinical.sign(Lead.CLINICAL, row)
    assert asked() == {"assess": "Uncontrolled", "sign-technical": "Signed", "sign-clinical": "Signed"}
    say(case, Exploitation.ACTIVE, at=LATER)
    again_asked = questions(case, by=ana, now=LATER)[0]
    assert again_asked.is_open
    assert again_asked.why == "Alder pump 3.1 is open again. Exploitation of our devices was none; it is active."


def test_the_sources_scores_and_ours_stand_side_by_side(hit: DeviceVersion) -> None:
    """And say which metric, and which answer, moved the number."""
    ana = assessor()
    row = begin_assessment(by=ana, case=case_of(), version=hit, now=NOW)
    set_scoring(by=ana, assessment=row, scoring=Scoring(EASY, "our own", (edit("MAV", "P"), edit("MSA", "S"))), now=NOW)
    answer_rubric(by=ana, assessment=row, answers=answers(XAVN="Y", XAVT="Y"), now=NOW)
    answer_rubric(by=ana, assessment=row, answers=answers(XAVN="N", XAVP="Y", XUI="Y"), now=NOW)

    found = side_by_side(again(row))

    (source,) = found.sources
    assert (source.chosen, source.score is not None, source.can_be_base) == (True, True, False)
    assert found.device is not None
    assert found.device.safety_counts
    assert [(move.metric, move.value_before, move.value) for move in found.metrics_moved] == [
        ("MAV", "N", "P"),
        ("MSA", "N", "S"),
    ]
    assert found.metrics_moved[0].after < found.metrics_moved[0].before
    assert found.metrics_moved[-1].after == found.device.full.value
    assert found.rubric is not None
    assert "XAVN:N" in found.rubric.extended
    assert found.rubric.open is not None
    assert found.qualification == QUALIFICATION
    assert [move.question for move in found.answers_moved if move.metrics] == ["XAVN", "XAVP", "XUI"]


def test_what_lowers_the_rubric_is_signed_only_with_a_rationale(hit: DeviceVersion) -> None:
    """Answers are kept one by one; a lower metric of which no answer says why is objected to."""
    ana = assessor()
    row = written(case_of(), hit)
    bare = [RubricAnswer("XUI", Answer.YES)]
    answer_rubric(by=ana, assessment=row, answers=bare, now=NOW)
    said = [against.text for against in one(by=ana, key=row.pk).objections]
    assert any("UI is less than the worst case" in text for text in said)

    answer_rubric(by=ana, assessment=row, answers=answers(XUI="Y"), now=NOW)

    said = [against.text for against in one(by=ana, key=row.pk).objections]
    assert not any("less than the worst case" in text for text in said)
    assert any("open question" in text for text in said)


def test_a_metric_set_without_a_reason_is_refused(hit: DeviceVersion) -> None:
    """Edits are kept with their rationale, or not at all; and not without a vector to lay them over."""
    ana = assessor()
    row = begin_assessment(by=ana, case=case_of(), version=hit, now=NOW)

    for wrong in (Scoring(EASY, "our own", (edit("MAV", "P", ""),)), Scoring("", "", (edit("MAV", "P"),))):
        with pytest.raises(InvalidAssessment):
            set_scoring(by=ana, assessment=row, scoring=wrong, now=NOW)


def test_a_pathway_is_kept_for_the_device_and_used_again(tell: Tell, bring_up: BringUp) -> None:
    """Its next version has the next number; how far a control can be relied on is judged anew."""
    tell(told())
    first, second = pump("3.1"), pump("3.2")
    bring_up()
    case, ana = case_of(), assessor()
    row = written(case, first, controls=(control(first),))

    made = keep_template(by=ana, assessment=row, name="Alarm silenced", now=NOW)
    assert keep_template(by=ana, assessment=row, name="Alarm silenced", now=NOW) == made
    other = begin_assessment(by=ana, case=case, version=second, now=NOW)
    use_template(by=ana, assessment=other, template=made, now=NOW)

    pathway = again(other).says.exploit_impact_pathway
    assert pathway.template == made.pk
    assert [(item.name, item.state, item.credited) for item in again(other).says.controls] == [
        ("Firewall rule", ControlState.NOT_ASSUMED, False)
    ]
    set_pathway(by=ana, assessment=row, steps=STEPS, now=NOW)
    assert keep_template(by=ana, assessment=row, name="Alarm silenced", now=NOW).number == 2
    (newest,) = templates_of(by=ana, device=first.device)
    assert newest.number == 2
    with pytest.raises(NotPossible):
        set_pathway(by=ana, assessment=row, steps=STEPS[:2], now=NOW)
        keep_template(by=ana, assessment=row, name="Alarm silenced", now=NOW)


def test_controls_belong_to_the_device_and_are_named_once(hit: DeviceVersion) -> None:
    """Another device's control is refused; FDA's mark of a compensating control is kept."""
    ana, case = assessor(), case_of()
    row = begin_assessment(by=ana, case=case, version=hit, now=NOW)
    made = name_control(by=ana, device=hit.device, name="Firewall rule", kind=ControlKind.COMPENSATING, now=NOW)

    assert name_control(by=ana, device=hit.device, name="firewall  rule", kind=ControlKind.DESIGNED, now=NOW) == made
    assert made.external_to_design
    assert controls_of(by=ana, device=hit.device) == [made]
    unknown = StepControl(made.pk + 1, "Some other", ControlState.NOT_ASSUMED)
    with pytest.raises(InvalidAssessment, match="not one of this device"):
        set_pathway(by=ana, assessment=row, steps=with_controls(unknown), now=NOW)
    unproven = StepControl(made.pk, "", ControlState.VERIFIED)
    with pytest.raises(InvalidAssessment, match="evidence"):
        set_pathway(by=ana, assessment=row, steps=with_controls(unproven), now=NOW)
    assert Control.objects.count() == 1


def test_harm_takes_back_privacy_only_and_the_other_way_round(hit: DeviceVersion) -> None:
    """Nobody can say both."""
    ana = assessor()
    row = written(case_of(), hit)
    with pytest.raises(InvalidAssessment, match="statement"):
        say_privacy_only(by=ana, assessment=row, statement=" ", now=NOW)

    say_privacy_only(by=ana, assessment=row, statement="Exports are copies.", now=NOW)
    assert (again(row).says.harm, again(row).says.privacy is not None) == ((), True)
    set_harm(by=ana, assessment=row, harm=(harm(HarmSeverity.MINOR),), now=NOW)
    assert again(row).says.privacy is None


def test_revisions_are_all_there_to_be_read(hit: DeviceVersion) -> None:
    """Newest first; a restricted case's are for its members."""
    case, ana = case_of(restricted=True), assessor()
    row = written(case, hit, by=case.owner)

    assert revisions(by=case.owner, case=case, version=hit) == [row]
    assert one(by=case.owner, key=row.pk).is_ready
    assert revisions(by=ana, case=case, version=hit) == []
    with pytest.raises(NotFound):
        one(by=ana, key=row.pk)


def test_a_case_over_many_versions_costs_as_many_queries_as_over_one(tell: Tell, bring_up: BringUp) -> None:
    """So the page keeps its bar."""
    tell(told())
    first = pump("3.1")
    bring_up()
    case, ana = case_of(), assessor()
    row = written(case, first, by=ana)

    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            of_case(by=ana, case=case)
        return len(counted)

    alone = cost()
    for number in range(2, 8):
        version = pump(f"3.{number}")
        case.versions.create(version=version, added_at=NOW)
    bring_up()
    propose_to_siblings(by=ana, assessment=row, now=NOW)

    assert len(of_case(by=ana, case=case)) == 7
    assert cost() == alone


def test_a_page_that_asks_reads_the_assessments_of_a_case_once(hit: DeviceVersion) -> None:
    """Inside `read_once` only; outside it what was written meanwhile is seen at once."""
    case, ana = case_of(), assessor()
    with read_once():
        before = of_case(by=ana, case=case)
        with CaptureQueriesContext(connection) as counted:
            assert of_case(by=ana, case=case) is before
        assert len(counted) == 0
    written(case, hit, by=ana)

    assert of_case(by=ana, case=case)[0].written is not None
