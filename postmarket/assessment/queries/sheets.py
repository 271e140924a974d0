"""
An incident as a sheet to print: the article's structured template asks for device id, exploit pathway, residual risk.

What is not said yet stands there as missing, never as blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from postmarket.accounts.authority import Caller
from postmarket.assessment.models import Assessment, Incident, IsolationApproval
from postmarket.assessment.models.assessment import OPEN_STATES, STANDING_STATES
from postmarket.assessment.queries.incidents import incident_numbered
from postmarket.assessment.rules.content import Pathway
from postmarket.assessment.rules.determination import WORDS
from postmarket.assessment.rules.pathway import missing, sentence
from postmarket.assessment.rules.playbook import Playbook, playbook
from postmarket.assessment.words import AssessmentState, ExploitationHere, StepOrigin
from postmarket.monitoring.policy import pack_in_force
from postmarket.policy.interface import Determination
from postmarket.records import Snapshot


@dataclass(frozen=True, slots=True)
class DeviceId:
    """Which devices: product, version, and the units by their UDI."""

    device: str
    manufacturer: str
    models: tuple[str, ...]
    udi_dis: tuple[str, ...]
    version: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    Everything the template asks.

    `assessment` is what stands for the device version, or what is written while nothing does: `is_signed` says which.
    `determination` is "" while nothing is signed. `approvals` are all, void ones too. `lacking` names what the template
    asks and nobody has said.
    """

    incident: Incident
    device: DeviceId
    playbook: Playbook
    assessment: Assessment | None
    is_signed: bool
    pathway: Pathway
    determination: str
    approvals: Sequence[IsolationApproval]
    lacking: tuple[str, ...]


def sheet(*, by: Caller, number: str) -> Sheet:
    """The sheet of an incident. Raises NotFound, also for what is not theirs to see."""
    row = incident_numbered(by=by, number=number)
    device, found = row.version.device, _assessment(row)
    signed = found is not None and found.state in STANDING_STATES
    pathway = Pathway() if found is None else found.says.exploit_impact_pathway
    units = tuple(unit.udi for unit in row.units.all())
    return Sheet(
        incident=row,
        device=DeviceId(
            device=device.name,
            manufacturer=device.manufacturer,
            models=tuple(device.model_numbers),
            udi_dis=tuple(device.udi_dis.values_list("di", flat=True)),
            version=row.version.label,
            units=units,
        ),
        playbook=playbook(device.device_type, ExploitationHere(row.exploitation), pack_in_force()),
        assessment=found,
        is_signed=signed,
        pathway=pathway,
        determination=_determination(found) if signed and found is not None else "",
        approvals=list(row.approvals.select_related("person", "signature")),
        lacking=_lacking(row, units, pathway),
    )


def isolation_content(row: Incident) -> Snapshot:
    """What the clinical safety lead sees of a plan to isolate, and signs."""
    found = _assessment(row)
    given = playbook(row.version.device.device_type, ExploitationHere(row.exploitation), pack_in_force())
    return {
        "incident": row.number,
        "case": row.case.number,
        "patient risk": row.case.title,
        "site": row.site.name,
        "device": row.version.device.name,
        "version": row.version.label,
        "units": [unit.udi for unit in row.units.all()],
        "exploitation": row.exploitation,
        "what happened": row.what,
        "isolation step": row.isolation,
        "the article's step": given.step if row.isolation_origin == StepOrigin.OWN.value else "",
        "whose rule": f"{given.citation.authority.value}: {given.citation.text}",
        "clinical workaround": row.workaround,
        "residual risk": row.residual_risk,
        "exploit impact pathway": "" if found is None else sentence(found.says.exploit_impact_pathway),
        "planned by": "" if row.planned_by is None else row.planned_by.name,
    }


def _assessment(row: Incident) -> Assessment | None:
    """What stands for the version, else what is written."""
    rows = Assessment.objects.filter(case=row.case_id, version=row.version_id)
    standing = rows.filter(state__in=STANDING_STATES).first()
    return standing or rows.filter(state__in=OPEN_STATES).first()


def _determination(found: Assessment) -> str:
    word = WORDS[Determination(found.determination)]
    return f"{word}, re-opened" if found.state == AssessmentState.REOPENED.value else word


def _lacking(row: Incident, units: Sequence[str], pathway: Pathway) -> tuple[str, ...]:
    asked = {
        "device id: the UDI of each unit": bool(units),
        "exploit pathway: down to the harm": not missing(pathway),
        "residual risk": bool(row.residual_risk),
        "clinical workaround": bool(row.workaround),
    }
    return tuple(what for what, said in asked.items() if not said)
