"""Decide once: proposed to siblings, signed as a list, re-opened by a premise that it names and by no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from postmarket.accounts.errors import NotAllowed, SigningFailed
from postmarket.accounts.roles import Role
from postmarket.accounts.signing.ceremony import begin_ceremony, sign_ceremony
from postmarket.accounts.signing.proofs import PasswordAndCode
from postmarket.documents.vex.interface import Status
from postmarket.monitoring.errors import InvalidAnswer, NotPossible
from postmarket.monitoring.models import Decision, Finding, SupplierWord, VersionDecision
from postmarket.monitoring.queries.findings import Asked, findings
from postmarket.monitoring.rules.answers import Answer
from postmarket.monitoring.services.deciding.answering import decide, undo
from postmarket.monitoring.words import DecisionState, FindingState
from postmarket.records.meanings import Meaning
from postmarket.records.models import Entry
from postmarket.worklist.interface import Lane
from tests.accounts.builders import PASSWORD, code_of, line
from tests.builders import Tell, epss, kev, nvd_range, rated, record
from tests.monitoring.builders import NOW, give_sbom
from tests.monitoring.given import (
    AFFECTED,
    CVE,
    LATER,
    MITIGATED,
    NOT_PRESENT,
    NOT_REACHED,
    OPENSSL,
    ZLIB,
    Analyst,
    decision_for,
    place_of,
    pump,
    row_of,
    told,
)

pytestmark = pytest.mark.django_db

BringUp = Callable[..., object]


def test_an_answer_is_proposed_to_siblings_and_holds_only_where_it_is_signed(tell: Tell, bring_up: BringUp) -> None:
    """One decision, three versions, two of them signed in one ceremony."""
    tell(told())
    first, second, third = pump("3.1"), pump("3.2"), pump("4.0", shipped=False)
    bring_up()
    ana = Analyst()

    decision = decide(by=ana.person, place=place_of(first), answer=NOT_REACHED, now=NOW)

    assert {row.version_id for row in decision.versions.all()} == {first.pk, second.pk, third.pk}
    assert row_of(first).state is FindingState.PROPOSED
    assert not Finding.objects.exists()
    ana.sign([decision_for(first), decision_for(second)])
    assert [row_of(version).state for version in (first, second, third)] == ["decided", "decided", "proposed"]
    finding = Finding.objects.get(version=second)
    assert (finding.status, finding.inherited_from) == ("not_affected", first)
    assert Finding.objects.get(version=first).inherited_from is None


def test_a_later_version_gets_the_proposal_and_no_decision(tell: Tell, bring_up: BringUp) -> None:
    """What was signed for 3.1 waits to be signed for 3.2, which came afterwards."""
    tell(told())
    first = pump("3.1")
    bring_up()
    ana = Analyst()
    decide(by=ana.person, place=place_of(first), answer=NOT_REACHED, now=NOW)
    ana.sign([decision_for(first)])
    second = pump("3.2", at=LATER)

    bring_up(LATER)

    row = row_of(second)
    assert row.state is FindingState.PROPOSED
    assert row.proposed is not None
    assert row.proposed.decision == decision_for(first).decision
    assert not Finding.objects.filter(version=second).exists()


def test_what_a_supplier_clears_is_proposed_neither_now_nor_by_a_later_run(tell: Tell, bring_up: BringUp) -> None:
    """Its row stands in another list: whoever answers from the worklist has not seen it."""
    tell(told())
    first, cleared, later = pump("3.1"), pump("3.2"), pump("3.3")
    bring_up()
    ana = Analyst()
    _, identity, lead = place_of(cleared)
    for version in (cleared, later):
        SupplierWord.objects.create(
            version=version, identity_id=identity, lead=lead, lane=Lane.SUPPLIER_NOT_AFFECTED.value, statements=[]
        )

    decision = decide(by=ana.person, place=place_of(first), answer=NOT_REACHED, now=NOW)
    ana.sign([decision_for(first)])
    bring_up(LATER)

    assert [row.version for row in decision.versions.all()] == [first]
    again = decide(by=ana.person, place=place_of(cleared), answer=NOT_REACHED, now=LATER)
    assert {row.version for row in again.versions.all()} == {cleared, later}


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Answer(Status.NOT_AFFECTED, rationale="We think so."), "justification"),
        (Answer(Status.NOT_AFFECTED, NOT_PRESENT.justification), "rationale"),
        (Answer(Status.AFFECTED, rationale="It is."), "action"),
        (Answer(Status.FIXED), "rationale"),
        (Answer(Status.AFFECTED, NOT_PRESENT.justification, action="Update."), "justification"),
    ],
)
def test_each_status_asks_for_its_fields(tell: Tell, bring_up: BringUp, answer: Answer, field: str) -> None:
    """What VEX needs is there before anything is kept."""
    tell(told())
    version = pump("3.1")
    bring_up()

    with pytest.raises(InvalidAnswer) as raised:
        decide(by=Analyst().person, place=place_of(version), answer=answer, now=NOW)

    assert raised.value.where == field
    assert not Decision.objects.exists()


def test_an_answer_can_be_taken_back_until_it_is_signed(tell: Tell, bring_up: BringUp) -> None:
    """Undo, instead of asking whether one is sure."""
    tell(told())
    version = pump("3.1")
    bring_up()
    ana = Analyst()
    decision = decide(by=ana.person, place=place_of(version), answer=AFFECTED, now=NOW)

    assert undo(by=ana.person, decision=decision, now=NOW) == 1
    assert row_of(version).state is FindingState.OPEN
    with pytest.raises(NotPossible):
        undo(by=ana.person, decision=decision, now=NOW)


def test_only_who_may_decide_for_the_line_signs_for_it(tell: Tell, bring_up: BringUp) -> None:
    """An analyst of another line sees nothing to sign here, and a clinical lead may answer but not sign."""
    tell(told())
    pumps, monitors = line("Pumps"), line("Monitors")
    version = pump("3.1", line=pumps)
    bring_up()
    stranger = Analyst("Max Stone", line=monitors)
    clinical = Analyst("Dr. Amara Okafor", Role.CLINICAL_SAFETY_LEAD)

    with pytest.raises(NotAllowed):
        decide(by=stranger.person, place=place_of(version), answer=AFFECTED, now=NOW)
    decide(by=clinical.person, place=place_of(version), answer=AFFECTED, now=NOW)
    for who in (stranger, clinical):
        with pytest.raises(NotAllowed):
            who.sign([decision_for(version)])
    assert row_of(version).state is FindingState.PROPOSED


def test_what_changed_since_it_was_shown_is_not_signed(tell: Tell, bring_up: BringUp) -> None:
    """It is added to KEV while the list lies on the screen."""
    tell(told())
    version = pump("3.1")
    bring_up()
    ana = Analyst()
    decide(by=ana.person, place=place_of(version), answer=MITIGATED, now=NOW)
    ceremony = begin_ceremony(
        person=ana.person,
        subjects=[decision_for(version).subject],
        meaning=Meaning.APPROVED,
        why="Reviewed.",
        back_to="",
        now=NOW,
    )
    tell(kev(CVE))
    bring_up()

    with pytest.raises(SigningFailed, match="changed since"):
        sign_ceremony(
            person=ana.person, key=ceremony.key, proof=PasswordAndCode(PASSWORD, code_of(ana.secret, at=NOW)), now=NOW
        )

    assert decision_for(version).state == DecisionState.PROPOSED


def signed(tell: Tell, bring_up: BringUp, answer: Answer) -> tuple[Analyst, VersionDecision]:
    """An answer in effect for a version."""
    tell(told())
    version = pump("3.1")
    bring_up()
    ana = Analyst()
    decide(by=ana.person, place=place_of(version), answer=answer, now=NOW)
    ana.sign([decision_for(version)])
    return ana, decision_for(version)


def test_a_new_kev_entry_reopens_what_rests_on_it(tell: Tell, bring_up: BringUp) -> None:
    """In words, old and new, on the finding, and recorded once for the run."""
    _, decision = signed(tell, bring_up, MITIGATED)
    before = Entry.objects.filter(kind="decisions.reconsidered").count()

    tell(kev(CVE, added="2026-11-20"))
    bring_up(LATER)

    row = row_of(decision.version)
    assert row.state is FindingState.REOPENED
    because = "It was not in CISA's catalogue of exploited vulnerabilities; it was added on 2026-11-20."
    assert row.standing_decision is not None
    assert because in row.standing_decision.reopened_because
    finding = Finding.objects.get(version=decision.version)
    assert because in finding.reopened_because
    assert finding.status == Status.UNDER_INVESTIGATION
    assert Entry.objects.filter(kind="decisions.reconsidered").count() == before + 1
    bring_up(LATER)
    assert Entry.objects.filter(kind="decisions.reconsidered").count() == before + 1


@pytest.mark.parametrize(
    ("answer", "reopens"), [(NOT_PRESENT, False), (NOT_REACHED, False), (MITIGATED, True), (AFFECTED, True)]
)
def test_a_jump_of_epss_reopens_only_what_names_it(
    tell: Tell, bring_up: BringUp, answer: Answer, reopens: bool
) -> None:
    """It says nothing on a component that is not there."""
    tell(epss(CVE, 0.01))
    _, decision = signed(tell, bring_up, answer)

    tell(replace(epss(CVE, 0.05), date="2026-11-24"))
    bring_up(LATER)
    assert row_of(decision.version).state is FindingState.DECIDED
    tell(replace(epss(CVE, 0.61), date="2026-11-25"))
    bring_up(LATER)

    assert (row_of(decision.version).state is FindingState.REOPENED) is reopens


def test_a_component_that_goes_takes_the_decision_with_it_until_it_comes_back(tell: Tell, bring_up: BringUp) -> None:
    """Nothing is left to decide; when the component is there again, somebody has to look again."""
    _, decision = signed(tell, bring_up, NOT_REACHED)

    give_sbom(decision.version, [ZLIB], now=LATER)
    bring_up(LATER)
    decision.refresh_from_db()
    assert decision.state == DecisionState.LAPSED
    give_sbom(decision.version, [OPENSSL, ZLIB], now=LATER.replace(hour=9))
    bring_up(LATER)
    decision.refresh_from_db()

    assert decision.state == DecisionState.REOPENED
    assert decision.reopened_because[0] == "The SBOM lists the component again."


def test_another_score_reopens_and_another_wording_does_not(tell: Tell, bring_up: BringUp) -> None:
    """A source that only touches its record changes no premise."""
    _, decision = signed(tell, bring_up, MITIGATED)

    tell(told(modified="2026-11-25T00:00:00Z", description="Said in other words."))
    bring_up(LATER)
    assert row_of(decision.version).state is FindingState.DECIDED
    tell(told(modified="2026-11-26T00:00:00Z", ratings=(rated("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),)))
    bring_up(LATER)

    row = row_of(decision.version)
    assert row.state is FindingState.REOPENED
    assert row.standing_decision is not None
    assert any(sentence.startswith("The score was") for sentence in row.standing_decision.reopened_because)


def test_another_range_reopens(tell: Tell, bring_up: BringUp) -> None:
    """The sources call other versions affected than when it was decided."""
    _, decision = signed(tell, bring_up, NOT_REACHED)

    tell(told(below="3.0.9", modified="2026-11-25T00:00:00Z"))
    bring_up(LATER)

    assert row_of(decision.version).state is FindingState.REOPENED


def test_a_source_that_stops_reporting_deletes_no_decision(tell: Tell, bring_up: BringUp) -> None:
    """Nothing matches any more: the decision and its finding stay, and say so."""
    _, decision = signed(tell, bring_up, NOT_REACHED)

    tell(told(below="3.0.1", modified="2026-11-25T00:00:00Z"))
    bring_up(LATER)

    decision.refresh_from_db()
    assert decision.state == DecisionState.REOPENED
    assert decision.reopened_because == ["No source matches it any more."]
    assert Finding.objects.get(version=decision.version).reopened_because == decision.reopened_because


def test_a_merged_group_keeps_the_decision_on_its_name_and_reopens_it(tell: Tell, bring_up: BringUp) -> None:
    """It is told under another name from now on; what was decided follows, and somebody looks again."""
    osv = record("GHSA-aaaa-bbbb-cccc", *told().criteria)
    tell(osv)
    version = pump("3.1")
    bring_up()
    ana = Analyst()
    decide(by=ana.person, place=row_of(version, osv.id).place, answer=NOT_REACHED, now=NOW)
    ana.sign([decision_for(version)])

    tell(told(aliases=(osv.id,), modified="2026-11-25T00:00:00Z"))
    bring_up(LATER)

    row = row_of(version)
    assert row.state is FindingState.REOPENED
    assert row.standing_decision is not None
    assert row.standing_decision.decision.vulnerability == osv.id
    assert row.match.first_matched == NOW


def test_the_worst_component_gives_the_findings_status(tell: Tell, bring_up: BringUp) -> None:
    """Two components, one cleared, one not decided: the finding is under investigation, not cleared."""
    tell(record(CVE, *told().criteria, nvd_range("a:zlib:zlib", "1.2.12")))
    version = pump("3.1")
    bring_up()
    ana = Analyst()
    rows = list(findings(by=ana.person, asked=Asked(versions=(version.pk,))).every())
    assert len(rows) == 2
    decide(by=ana.person, place=rows[0].place, answer=NOT_REACHED, now=NOW)
    ana.sign([decision_for(version)])
    assert Finding.objects.get(version=version).status == Status.UNDER_INVESTIGATION
    decide(by=ana.person, place=rows[1].place, answer=AFFECTED, now=LATER)
    ana.sign([decision_for(version)], at=LATER)

    assert Finding.objects.get(version=version).status == Status.AFFECTED
