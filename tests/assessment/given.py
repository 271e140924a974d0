"""A case about the pump, its two leads, and an assessment that both can sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.roles import Role
from postmarket.accounts.signing.ceremony import sign_ceremony
from postmarket.accounts.signing.proofs import PasswordAndCode
from postmarket.assessment.models import Assessment
from postmarket.assessment.rules.content import Scoring, StepControl
from postmarket.assessment.services.controls import name_control
from postmarket.assessment.services.drafting import begin_assessment
from postmarket.assessment.services.signing_off import begin_sign_off
from postmarket.assessment.services.writing import set_harm, set_pathway, set_scoring
from postmarket.assessment.words import ControlKind, ControlState, Lead
from postmarket.cases.models import Case
from postmarket.cases.services.triage import say_exploitation
from postmarket.cases.words import Exploitation
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import HarmSeverity
from postmarket.records.models import Signature
from tests.accounts.builders import PASSWORD, code_of, person, with_generator
from tests.assessment.contents import EASY, STEPS, harm, with_controls
from tests.cases.given import opened
from tests.monitoring.builders import NOW

ROLES = {Lead.TECHNICAL: Role.CYBERSECURITY_LEAD, Lead.CLINICAL: Role.CLINICAL_SAFETY_LEAD}
NAMES = {Lead.TECHNICAL: "Jonas Okafor", Lead.CLINICAL: "Dr. Anita Prasad"}


class Signer:
    """A lead who can sign; `role` None holds both roles."""

    def __init__(self, *leads: Lead, name: str = "", line: DeviceLine | None = None) -> None:
        self.person: Person = person(name or NAMES[leads[0]], *(ROLES[lead] for lead in leads), line=line)
        self.secret = with_generator(self.person)

    def sign(self, lead: Lead, *assessments: Assessment, at: datetime = NOW) -> Signature:
        """One ceremony for all of them."""
        ceremony = begin_sign_off(
            by=self.person, lead=lead, assessments=assessments, why="Discussed together.", back_to="", now=at
        )
        return self.complete(ceremony.key, at=at)

    def complete(self, key: str, *, at: datetime = NOW) -> Signature:
        """Sign what was put before them."""
        proof = PasswordAndCode(PASSWORD, code_of(self.secret, at=at))
        return sign_ceremony(person=self.person, key=key, proof=proof, now=at)


class Leads:
    """The two of them."""

    def __init__(self) -> None:
        self.technical = Signer(Lead.TECHNICAL)
        self.clinical = Signer(Lead.CLINICAL)

    def sign(self, *assessments: Assessment, at: datetime = NOW) -> Assessment:
        """Both sign; the first of the list as it is afterwards."""
        self.technical.sign(Lead.TECHNICAL, *assessments, at=at)
        self.clinical.sign(Lead.CLINICAL, *assessments, at=at)
        return again(assessments[0])


def case_of(*, exploitation: Exploitation | None = Exploitation.NONE, at: datetime = NOW, **more: object) -> Case:
    """A case about the pump, of which somebody has said whether it is exploited."""
    case = opened(at=at, **more)  # type: ignore[arg-type]
    if exploitation is not None:
        say(case, exploitation, at=at)
    return case


def say(case: Case, exploitation: Exploitation, *, at: datetime = NOW) -> None:
    """Somebody says whether it is exploited on devices of ours."""
    say_exploitation(by=case.owner, case=case, exploitation=exploitation, why="Asked the hospitals.", now=at)
    case.refresh_from_db()


def assessor(*, line: DeviceLine | None = None) -> Person:
    """Somebody who writes assessments and signs nothing."""
    return person("Ana Reed", Role.PSIRT_ANALYST, line=line)


def written(
    case: Case,
    version: DeviceVersion,
    *,
    by: Person | None = None,
    severity: HarmSeverity = HarmSeverity.CATASTROPHIC,
    base: str = EASY,
    controls: Sequence[StepControl] = (),
    at: datetime = NOW,
) -> Assessment:
    """An assessment with everything that both leads ask for."""
    who = by or assessor()
    row = begin_assessment(by=who, case=case, version=version, now=at)
    set_scoring(by=who, assessment=row, scoring=Scoring(base=base, base_from="our own"), now=at)
    steps = with_controls(*controls) if controls else STEPS
    set_pathway(by=who, assessment=row, steps=steps, hazards=("H-17",), now=at)
    return set_harm(by=who, assessment=row, harm=(harm(severity),), now=at)


def control(
    version: DeviceVersion, *, name: str = "Firewall rule", credited: bool = True, proof: str = ""
) -> StepControl:
    """A verified control of the version's device."""
    row = name_control(by=assessor(), device=version.device, name=name, kind=ControlKind.COMPENSATING, now=NOW)
    return StepControl(row.pk, name, ControlState.VERIFIED, "TR-0417", "", credited, proof)


def again(row: Assessment) -> Assessment:
    """As it is now."""
    return Assessment.objects.select_related("case", "version__device__line", "origin").get(pk=row.pk)
