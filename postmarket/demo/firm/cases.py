"""Its cases: one assessed and half signed, one from a hospital with an incident, one kept to a few people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.assessment.models import Assessment
from postmarket.assessment.queries.incidents import incident_numbered
from postmarket.assessment.services.approving import begin_approval
from postmarket.assessment.services.drafting import begin_assessment, propose_to_siblings
from postmarket.assessment.services.incidents import note_isolated, open_incident, plan_isolation
from postmarket.assessment.services.signing_off import begin_sign_off
from postmarket.assessment.services.writing import set_harm, set_pathway, set_scoring
from postmarket.assessment.words import ExploitationHere, IsolatedBy, Lead
from postmarket.cases.models import Case
from postmarket.cases.services.opening import open_case, open_case_for_report
from postmarket.cases.services.people import add_member
from postmarket.cases.services.steps import move_case
from postmarket.cases.services.triage import override_priority, say_exploitation, set_embargo
from postmarket.cases.words import CaseState, Exploitation
from postmarket.demo.firm import alarm_pathway
from postmarket.demo.firm.firm import Firm
from postmarket.demo.firm.people import sign_in
from postmarket.demo.firm.signing import sign_begun
from postmarket.intake.rules.fields import Reporter, ReportFields
from postmarket.intake.services.reports import acknowledge, enter_report
from postmarket.intake.words import ReporterKind
from postmarket.inventory.models import Customer, Device, DeviceVersion
from postmarket.policy.interface import Priority

ALARMS: Final = "CVE-2024-8376"
LEADS: Final = ((Lead.TECHNICAL, Role.CYBERSECURITY_LEAD, 0), (Lead.CLINICAL, Role.CLINICAL_SAFETY_LEAD, 45))
"""Who signs, and after how many minutes."""


def assess_alarms(firm: Firm) -> None:
    """What silences alarms is uncontrolled on one version, signed by both leads; for the older one it is proposed."""
    at = firm.ago(hours=14, minutes=30)
    manager = sign_in(firm, Role.PSIRT_MANAGER, at=at - timedelta(minutes=5))
    case = open_case(
        by=manager,
        vulnerability=ALARMS,
        title="An attacker on the hospital network can stop Ventorsa 5 alarms from reaching the nurse call.",
        why="The broker carries alarms; what stops it may leave a patient unattended.",
        now=at,
    )
    _take_up(case, by=manager, exploitation=Exploitation.NONE, at=at + timedelta(minutes=6))
    draft = _written(case, DeviceVersion.objects.get(device__name="Ventorsa 5", label="5.2"), firm=firm)
    for lead, role, minutes in LEADS:
        moment = firm.ago(hours=12) + timedelta(minutes=minutes)
        _sign(firm, sign_in(firm, role, at=moment - timedelta(minutes=20)), lead, (draft,), at=moment)


def answer_a_hospital(firm: Firm) -> None:
    """Two pumps restarted in the night: reported, isolated with the clinical lead's approval, not restored yet."""
    at = firm.ago(hours=10, minutes=40)
    manager = sign_in(firm, Role.PSIRT_MANAGER, at=at - timedelta(minutes=10))
    pump = DeviceVersion.objects.select_related("device").get(device__name="Dosimere 3", label="3.2")
    report = enter_report(
        by=manager,
        fields=ReportFields(
            title="Two infusion pumps restarted in the night after sign-ins nobody knows",
            text="Ward 4 saw two pumps restart at 02:10. The network team finds sign-ins from elsewhere before.",
            known_since=at - timedelta(minutes=30),
            kind=ReporterKind.HOSPITAL,
            organisation="Mirrowell Clinics",
            reporter=Reporter("Elin Marsh, clinical engineering", "clinical.engineering@mirrowell.example"),
            harm_reported=True,
        ),
        devices=(pump.device,),
        now=at,
    )
    acknowledge(
        by=manager, report=report, at=at + timedelta(minutes=4), why="Called back.", now=at + timedelta(minutes=5)
    )
    case = open_case_for_report(
        by=manager,
        report=report,
        title="Somebody may be able to stop Dosimere 3 infusions over the ward’s network.",
        why="A hospital reports sign-ins and restarts.",
        now=at + timedelta(minutes=8),
    )
    why = "An infusion may stop, and a hospital sees it: nothing goes before it."
    override_priority(by=manager, case=case, priority=Priority.NOW, rationale=why, now=at + timedelta(minutes=9))
    site = Customer.objects.get(name="Mirrowell Clinics")
    incident = open_incident(
        by=manager,
        case=case,
        site=site,
        version=pump,
        exploitation=ExploitationHere.SUSPECTED,
        what="Two pumps of ward 4 restarted after sign-ins from an unknown address.",
        known_at=at - timedelta(minutes=30),
        now=at + timedelta(minutes=10),
    )
    plan_isolation(
        by=manager,
        incident=incident,
        workaround="Orders are entered at the pump; a second nurse checks each rate. Two spare pumps stand by.",
        residual_risk="Orders no longer come from the ward: a typing error is more likely.",
        now=at + timedelta(minutes=22),
    )
    _approve_and_isolate(firm, incident.number, at=at + timedelta(minutes=30))


def keep_a_secret(firm: Firm) -> None:
    """A researcher's report that is not public: its case is there for three people, until its embargo ends."""
    at = firm.ago(hours=9, minutes=40)
    manager = sign_in(firm, Role.PSIRT_MANAGER, at=at - timedelta(minutes=2))
    report = enter_report(
        by=manager,
        fields=ReportFields(
            title="The radio patch pairs with whoever asks first",
            text="During pairing the monitor accepts any patch in reach. A recording is attached to the mail.",
            known_since=at - timedelta(minutes=25),
            organisation="University of Tarnholm",
            reporter=Reporter("Dr. Sunniva Aakre", "s.aakre@tarnholm.example"),
            harm_reported=False,
        ),
        devices=(Device.objects.get(name="Vigilorn 7"),),
        now=at,
    )
    acknowledge(by=manager, report=report, at=at, why="Answered the mail.", now=at + timedelta(minutes=1))
    case = open_case_for_report(
        by=manager,
        report=report,
        title="Somebody beside the bed can make the Vigilorn 7 show another patient’s heart rhythm.",
        restricted=True,
        why="Found by a researcher, known to nobody else.",
        now=at + timedelta(minutes=3),
    )
    for number, role in enumerate((Role.CYBERSECURITY_LEAD, Role.CLINICAL_SAFETY_LEAD)):
        add_member(
            by=manager, case=case, person=firm.people[role], why="Judges it.", now=at + timedelta(minutes=4 + number)
        )
    set_embargo(
        by=manager,
        case=case,
        until=firm.now + timedelta(days=44),
        why="Agreed with the researcher.",
        now=at + timedelta(minutes=7),
    )


def _take_up(case: Case, *, by: Person, exploitation: Exploitation, at: datetime) -> None:
    """Acknowledged, and triaged as far as it is known whether it is exploited."""
    case = move_case(by=by, case=case, to=CaseState.ACKNOWLEDGED, now=at)
    why = "Nothing in our logs, and no hospital has told of it."
    case = say_exploitation(by=by, case=case, exploitation=exploitation, why=why, now=at + timedelta(minutes=4))
    move_case(by=by, case=case, to=CaseState.TRIAGED, now=at + timedelta(minutes=5))


def _written(case: Case, version: DeviceVersion, *, firm: Firm) -> Assessment:
    """Written by the analyst, and proposed to the other versions."""
    at = firm.ago(hours=13, minutes=30)
    analyst = sign_in(firm, Role.PSIRT_ANALYST, at=at - timedelta(minutes=8))
    draft = begin_assessment(by=analyst, case=case, version=version, now=at)
    set_scoring(by=analyst, assessment=draft, scoring=alarm_pathway.SCORING, now=at + timedelta(minutes=3))
    steps = alarm_pathway.steps(device=version.device, by=analyst, now=at + timedelta(minutes=6))
    set_pathway(
        by=analyst, assessment=draft, steps=steps, hazards=alarm_pathway.HAZARDS, now=at + timedelta(minutes=14)
    )
    written = set_harm(by=analyst, assessment=draft, harm=alarm_pathway.HARM, now=at + timedelta(minutes=19))
    propose_to_siblings(by=analyst, assessment=written, now=at + timedelta(minutes=20))
    return written


def _sign(firm: Firm, by: Person, lead: Lead, drafts: Sequence[Assessment], *, at: datetime) -> None:
    why = "Discussed with the ward and with engineering."
    ceremony = begin_sign_off(by=by, lead=lead, assessments=drafts, why=why, back_to="", now=at)
    sign_begun(firm, by, ceremony, now=at + timedelta(minutes=1))


def _approve_and_isolate(firm: Firm, number: str, *, at: datetime) -> None:
    """The clinical lead approves the plan; then, and not before, the pumps leave the network."""
    clinical = sign_in(firm, Role.CLINICAL_SAFETY_LEAD, at=at)
    incident = incident_numbered(by=clinical, number=number)
    why = "Patients are safe without the ward's orders for a shift."
    ceremony = begin_approval(by=clinical, incident=incident, why=why, back_to="", now=at + timedelta(minutes=2))
    sign_begun(firm, clinical, ceremony, now=at + timedelta(minutes=3))
    note_isolated(
        by=firm.people[Role.PSIRT_MANAGER],
        incident=incident,
        at=at + timedelta(minutes=8),
        isolated_by=IsolatedBy.OUR_DECISION,
        why="Clinical engineering took both pumps off the network.",
        now=at + timedelta(minutes=9),
    )
