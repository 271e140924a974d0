"""An incident at one hospital: what it tells the case, who approves isolation, and when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from postmarket.accounts.errors import NotAllowed, SigningFailed
from postmarket.accounts.models import Person
from postmarket.assessment.errors import InvalidIncident, NotComplete, NotFound, NotPossible, SamePerson
from postmarket.assessment.models import Incident, IsolationApproval
from postmarket.assessment.queries.incidents import incidents_of, waiting_for_approval
from postmarket.assessment.queries.sheets import sheet
from postmarket.assessment.rules.playbook import playbook
from postmarket.assessment.services.approving import begin_approval
from postmarket.assessment.services.incidents import (
    describe_incident,
    note_isolated,
    note_restored,
    open_incident,
    plan_isolation,
    rule_out,
)
from postmarket.assessment.words import AssessmentState, ExploitationHere, IsolatedBy, Lead, StepOrigin
from postmarket.cases.hooks import missing
from postmarket.cases.models import Case
from postmarket.cases.words import CaseState, Exploitation
from postmarket.inventory.models import Customer, Device, DeviceVersion
from postmarket.monitoring.policy import pack_in_force
from postmarket.policy.interface import Authority
from tests.accounts.builders import line
from tests.assessment.given import Leads, Signer, again, assessor, case_of, written
from tests.inventory.builders import kinds
from tests.monitoring.builders import NOW
from tests.monitoring.given import LATER

pytestmark = pytest.mark.django_db

ACTIVE, SUSPECTED = ExploitationHere.ACTIVE, ExploitationHere.SUSPECTED
UDIS = ("(01)00614141007349(21)A17", "(01)00614141007349(21)A18")
SOON = NOW + timedelta(minutes=10)
NURSE = "A nurse counts the drops; a spare pump stands by."


@pytest.fixture
def site(db: None) -> Customer:
    """A hospital."""
    return Customer.objects.create(name="St. Brigid", country="IE", created_at=NOW)


@pytest.fixture
def case(hit: DeviceVersion) -> Case:
    """About the pump, not exploited as far as is known."""
    return case_of()


@pytest.fixture
def clinical() -> Signer:
    """A clinical safety lead."""
    return Signer(Lead.CLINICAL)


def happened(
    case: Case, site: Customer, *, by: Person | None = None, exploitation: ExploitationHere = ACTIVE, **more: object
) -> Incident:
    """Pumps at the site are touched."""
    version = case.versions.get().version
    given = {"units": UDIS, "known_at": NOW, "now": NOW, **more}
    return open_incident(
        by=by or assessor(),
        case=case,
        site=site,
        version=version,
        exploitation=exploitation,
        what="Two pumps restart by themselves.",
        **given,  # type: ignore[arg-type]
    )


def planned(row: Incident, *, by: Person | None = None, now: datetime = NOW, step: str = "") -> Incident:
    """With a workaround."""
    return plan_isolation(
        by=by or assessor(), incident=row, step=step, workaround=NURSE, residual_risk="Slower reaction.", now=now
    )


def approve(row: Incident, signer: Signer, *, at: datetime = NOW) -> None:
    """The clinical lead signs the plan."""
    ceremony = begin_approval(by=signer.person, incident=row, why="Seen with the ward.", back_to="", now=at)
    signer.complete(ceremony.key, at=at)


def isolated(row: Incident, *, by: IsolatedBy = IsolatedBy.OUR_DECISION, at: datetime = SOON) -> Incident:
    """It was carried out."""
    return note_isolated(by=assessor(), incident=row, at=at, isolated_by=by, why="Told by biomed.", now=SOON)


def test_an_incident_says_of_its_case_that_it_is_exploited(case: Case, site: Customer) -> None:
    """And re-opens what both leads had signed, at once."""
    version = case.versions.get().version
    row = Leads().sign(written(case, version))

    incident = happened(case, site)

    case.refresh_from_db()
    assert incident.number == "INC-2026-0001"
    assert [unit.udi for unit in incident.units.all()] == list(UDIS)
    assert case.known_exploitation is Exploitation.ACTIVE
    assert again(row).state == AssessmentState.REOPENED
    assert again(row).reopened_because == ["Exploitation of our devices was none; it is active."]
    assert "case.exploitation-said" in kinds(case)


def test_a_suspicion_never_lowers_what_is_known(case: Case, site: Customer) -> None:
    """A second site suspects; the first is certain. Ruling out the second changes nothing of the case."""
    happened(case, site)
    second = happened(case, site, exploitation=SUSPECTED)
    rule_out(by=assessor(), incident=second, why="A worn power cord.", now=LATER)

    case.refresh_from_db()
    assert case.known_exploitation is Exploitation.ACTIVE


def test_a_suspicion_that_becomes_certain_raises_the_case(case: Case, site: Customer) -> None:
    """And takes back the approval of the plan made for a suspicion."""
    row, lead = planned(happened(case, site, exploitation=SUSPECTED)), Signer(Lead.CLINICAL)
    approve(row, lead)

    describe_incident(
        by=assessor(), incident=row, exploitation=ACTIVE, what=row.what, units=UDIS, why="The log shows it.", now=LATER
    )

    case.refresh_from_db()
    assert case.known_exploitation is Exploitation.ACTIVE
    assert IsolationApproval.objects.get().voided_because == "The incident or its plan changed after it was approved."


@pytest.mark.parametrize(
    ("kind", "exploitation", "step"),
    [
        ("life-sustaining", ACTIVE, "Selective isolation; avoid powering off; implement clinical workarounds"),
        ("life-sustaining", SUSPECTED, "Enhanced monitoring; prepare for selective isolation"),
        ("life-supporting", ACTIVE, "Network isolation if standalone mode is safe; otherwise selective isolation"),
        ("diagnostic", SUSPECTED, "Selective isolation with monitoring"),
        ("administrative", ACTIVE, "Full network disconnection; rebuild from backup"),
    ],
)
def test_the_playbook_is_the_articles_to_the_letter(kind: str, exploitation: ExploitationHere, step: str) -> None:
    """And says that it is the article's (F26)."""
    found = playbook(kind, exploitation, pack_in_force())

    assert (found.step, found.citation.authority, found.citation.flags) == (step, Authority.ARTICLE, ("F26",))


def test_a_device_of_unknown_type_gets_the_careful_row_and_a_note() -> None:
    """Unknown is never administrative."""
    found = playbook("unknown", ACTIVE, pack_in_force())

    assert found.step.startswith("Network isolation if standalone mode is safe")
    assert "ranks as life-supporting" in found.note


def test_a_plan_begins_with_the_articles_step_and_needs_a_workaround(case: Case, site: Customer) -> None:
    """What is said in own words is marked as such."""
    row = happened(case, site)
    with pytest.raises(InvalidIncident) as raised:
        plan_isolation(by=assessor(), incident=row, workaround=" ", now=NOW)
    assert raised.value.where == "clinical workaround"

    assert planned(row).isolation == "Selective isolation; avoid powering off; implement clinical workarounds"
    assert planned(row).isolation_origin == StepOrigin.PLAYBOOK
    assert planned(row, step="Unplug the gateway only.").isolation_origin == StepOrigin.OWN


def test_a_technical_decision_alone_does_not_isolate(case: Case, site: Customer, clinical: Signer) -> None:
    """Nothing passes before the clinical lead has signed the plan with its workaround."""
    row = happened(case, site)
    with pytest.raises(NotComplete, match="No clinical safety lead"):
        isolated(row)
    with pytest.raises(NotComplete, match="No isolation is planned"):
        approve(row, clinical)
    planned(row)
    technical = Signer(Lead.TECHNICAL)
    with pytest.raises(NotAllowed):
        approve(row, technical)
    with pytest.raises(NotComplete, match="No clinical safety lead"):
        isolated(row)

    approve(row, clinical)

    found = isolated(row)
    assert (found.isolated_at, found.isolated_by) == (SOON, IsolatedBy.OUR_DECISION)
    assert IsolationApproval.objects.get().person == clinical.person


def test_a_changed_plan_has_to_be_approved_again(case: Case, site: Customer, clinical: Signer) -> None:
    """The approval stays to be read, void."""
    row = planned(happened(case, site))
    approve(row, clinical)

    planned(row, step="Power them off.")

    assert IsolationApproval.objects.get().voided_at == NOW
    with pytest.raises(NotComplete):
        isolated(row)
    approve(row, clinical, at=NOW + timedelta(minutes=5))
    assert isolated(row).isolated_at == SOON


def test_what_changed_since_it_was_shown_is_not_approved(case: Case, site: Customer, clinical: Signer) -> None:
    """The plan is rewritten while it lies on the screen."""
    row = planned(happened(case, site))
    ceremony = begin_approval(by=clinical.person, incident=row, why="", back_to="", now=NOW)
    planned(row, step="Power them off.")

    with pytest.raises(SigningFailed, match="changed since"):
        clinical.complete(ceremony.key)


def test_who_plans_does_not_approve(case: Case, site: Customer, clinical: Signer) -> None:
    """Two different people."""
    row = planned(happened(case, site), by=clinical.person)

    assert waiting_for_approval(by=clinical.person) == []
    with pytest.raises(SamePerson):
        approve(row, clinical)
    other = Signer(Lead.CLINICAL, name="Dr. Ben Roe")
    assert waiting_for_approval(by=other.person) == [row]
    approve(row, other)
    assert waiting_for_approval(by=other.person) == []


def test_what_a_site_did_by_itself_is_noted_as_a_fact(case: Case, site: Customer) -> None:
    """Nobody here approved it, and it says so."""
    row = isolated(happened(case, site), by=IsolatedBy.SITE)

    assert (row.isolated_by, row.approvals.count()) == (IsolatedBy.SITE, 0)


def test_isolation_does_not_come_before_its_approval(case: Case, site: Customer, clinical: Signer) -> None:
    """A decision cannot be dated back."""
    row = planned(happened(case, site))
    approve(row, clinical, at=NOW + timedelta(minutes=5))

    with pytest.raises(InvalidIncident, match="approved later"):
        isolated(row, at=NOW + timedelta(minutes=1))


def test_a_case_is_not_closed_while_an_incident_is_not_over(case: Case, site: Customer, clinical: Signer) -> None:
    """It names it; restored, it no longer stands in the way, and is no longer written."""
    row = planned(happened(case, site))
    approve(row, clinical)
    isolated(row)
    (said,) = missing(case, CaseState.CLOSED, now=NOW)
    assert said.what == "INC-2026-0001 at St. Brigid is not over"
    with pytest.raises(InvalidIncident, match="before it was isolated"):
        note_restored(by=assessor(), incident=row, at=NOW, how="Patched.", now=LATER)
    with pytest.raises(NotPossible, match="are isolated"):
        rule_out(by=assessor(), incident=row, why="It was the cord.", now=LATER)

    note_restored(by=assessor(), incident=row, at=LATER, how="Patched and reconnected.", now=LATER)

    assert missing(case, CaseState.CLOSED, now=LATER) == []
    assert kinds(row) == [
        "incident.opened",
        "incident.isolation-planned",
        "incident.isolated",
        "incident.restored",
    ]
    with pytest.raises(NotPossible, match="restored"):
        planned(row)


def test_the_sheet_answers_what_the_article_asks_and_names_what_is_not_said(case: Case, site: Customer) -> None:
    """Device id, exploit pathway, residual risk."""
    row = happened(case, site, units=())
    Device.objects.update(manufacturer="Alder", model_numbers=["AP-3"])
    empty = sheet(by=assessor(), number=row.number)
    assert empty.lacking == (
        "device id: the UDI of each unit",
        "exploit pathway: down to the harm",
        "residual risk",
        "clinical workaround",
    )
    assert (empty.determination, empty.assessment) == ("", None)

    describe_incident(
        by=assessor(), incident=row, exploitation=ACTIVE, what=row.what, units=UDIS, why="Biomed sent them.", now=NOW
    )
    planned(row)
    Leads().sign(written(case, row.version))

    found = sheet(by=assessor(), number=row.number)
    assert found.lacking == ()
    assert (found.device.device, found.device.version, found.device.models) == ("Alder pump", "3.1", ("AP-3",))
    assert found.device.units == UDIS
    assert (found.is_signed, found.determination) == (True, "uncontrolled")
    assert found.pathway.steps[0].words == "Hospital VLAN"
    assert found.incident.residual_risk == "Slower reaction."


def test_times_lie_in_the_past_and_have_a_zone(case: Case, site: Customer) -> None:
    """Dates that drive reports are not guessed."""
    for wrong in (LATER, datetime(2026, 11, 24)):  # noqa: DTZ001 - what is refused
        with pytest.raises(InvalidIncident):
            happened(case, site, known_at=wrong)


def test_incidents_of_restricted_cases_are_seen_by_their_members(hit: DeviceVersion, site: Customer) -> None:
    """Everybody else finds none."""
    case = case_of(restricted=True)
    row = happened(case, site, by=case.owner)
    stranger = assessor()

    assert list(incidents_of(by=case.owner, case=case)) == [row]
    assert incidents_of(by=stranger, case=case) == []
    for reading in (
        lambda: sheet(by=stranger, number=row.number),
        lambda: planned(row, by=stranger),
        lambda: happened(case, site, by=stranger),
    ):
        with pytest.raises(NotFound):
            reading()


def test_only_those_of_the_line_handle_it(case: Case, site: Customer) -> None:
    """Somebody of another line finds no such case."""
    with pytest.raises(NotFound):
        happened(case, site, by=assessor(line=line("Monitors")))
