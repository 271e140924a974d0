"""How the broker's fault reaches a patient of the ventilator, as its people wrote it down."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from postmarket.accounts.models import Person
from postmarket.assessment.rules.content import HarmScenario, MetricEdit, Scoring, Step, StepControl
from postmarket.assessment.services.controls import name_control
from postmarket.assessment.words import ControlKind, ControlState, EssentialPerformance, StepKind
from postmarket.inventory.models import Device
from postmarket.policy.interface import HarmSeverity

SCORING: Final = Scoring(
    base="CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:L/VA:H/SC:N/SI:N/SA:N",
    base_from="Eclipse, in NVD",
    edits=(
        MetricEdit("MAV", "A", "The alarm bus listens on the hospital's device network only."),
        MetricEdit("MSA", "S", "Without the bus an alarm is heard at the bedside only."),
    ),
)
HAZARDS: Final = ("H-12 alarm not noticed",)
HARM: Final = (
    HarmScenario(
        use="Ventilation in a single room at night",
        patients="Ventilated adults, sedated",
        words="The circuit comes off, the alarm is not heard outside the room, and the patient is without oxygen.",
        severity=HarmSeverity.CATASTROPHIC,
        essential_performance=EssentialPerformance.AFFECTED,
    ),
    HarmScenario(
        use="Ventilation in an open bay, nurse in sight",
        patients="Ventilated adults and children",
        words="The bedside alarm is heard at once; the circuit is put back.",
        severity=HarmSeverity.MINOR,
        essential_performance=EssentialPerformance.NOT_AFFECTED,
    ),
)


def steps(*, device: Device, by: Person, now: datetime) -> tuple[Step, ...]:
    """The pathway, with the device's controls on the steps they act on."""

    def control(name: str, kind: ControlKind, state: ControlState, evidence: str = "", reach: str = "") -> StepControl:
        row = name_control(by=by, device=device, name=name, kind=kind, now=now)
        return StepControl(row.pk, name, state, evidence, reach)

    port = control("Port rule FW-2", ControlKind.COMPENSATING, ControlState.PARTIAL, reach="in 2 of 5 hospitals")
    bedside = control("Alarm at the bedside", ControlKind.DESIGNED, ControlState.VERIFIED, evidence="TR-0417")
    nurse = control("Nurse in the room", ControlKind.COMPENSATING, ControlState.NOT_ASSUMED, reach="not at night")
    return (
        Step(StepKind.ENTRY, "Device network", "port 8883", (port,)),
        Step(StepKind.WEAKNESS, "Broker crash", "CVE-2024-8376"),
        Step(StepKind.COMPONENT, "Mosquitto", "alarm bus"),
        Step(StepKind.BEHAVIOUR, "Nurse call silent", "until the broker is back", (bedside,)),
        Step(StepKind.SITUATION, "Circuit comes off", "nobody near is warned", (nurse,)),
        Step(StepKind.HARM, "Hypoxia, death", "catastrophic"),
    )
