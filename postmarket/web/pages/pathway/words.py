"""The words of the pathway, the same wherever it is shown."""

from __future__ import annotations

from typing import Final

from postmarket.assessment.words import ControlKind, ControlState, StepKind

KINDS: Final = {
    StepKind.ENTRY: "Entry",
    StepKind.WEAKNESS: "Weakness",
    StepKind.COMPONENT: "Component",
    StepKind.BEHAVIOUR: "Effect on device behaviour",
    StepKind.SITUATION: "Hazardous situation",
    StepKind.HARM: "Harm",
}
ASKS: Final = {
    StepKind.ENTRY: ("Where does an attack come in?", "Hospital VLAN", "port 8443"),
    StepKind.WEAKNESS: ("What lets it through?", "Parser crash", "CVE, in a malformed message"),
    StepKind.COMPONENT: ("In which part of the device?", "OpenSSL 3.0.13", "in the alarm gateway"),
    StepKind.BEHAVIOUR: ("What does the device do then?", "Gateway down", "alarms held 40 s"),
    StepKind.SITUATION: ("How does that meet a patient?", "Kinked circuit", "nobody is warned"),
    StepKind.HARM: ("What happens to the patient?", "Hypoxia, death", "catastrophic"),
}
"""The question of each kind of step, and an example of its words and its detail."""
CONTROL_STATES: Final = {
    ControlState.VERIFIED: "verified",
    ControlState.PARTIAL: "partial",
    ControlState.NOT_ASSUMED: "not assumed",
}
CONTROL_KINDS: Final = {
    ControlKind.DESIGNED: "designed in",
    ControlKind.COMPENSATING: "compensating, outside the design",
}
