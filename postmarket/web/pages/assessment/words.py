"""What patients can suffer, what the metrics mean, and where each thing that is missing is mended; in words."""

from __future__ import annotations

from typing import Final

from postmarket.assessment.rules.parts import Part
from postmarket.assessment.words import AssessmentState, EssentialPerformance, Lead
from postmarket.policy.interface import HarmSeverity
from postmarket.scoring.interface import Exploitability
from postmarket.scoring.rubric import Answer
from postmarket.web.components.tags import Meaning

SUFFER: Final = {
    HarmSeverity.NEGLIGIBLE: "be inconvenienced for a while",
    HarmSeverity.MINOR: "be hurt for a while, without needing medical help",
    HarmSeverity.SERIOUS: "be hurt so that they need medical help",
    HarmSeverity.CRITICAL: "be impaired for good, or their lives be in danger",
    HarmSeverity.CATASTROPHIC: "die",
}
"""FDA's words for each severity (postmarket guidance 2016, VI), after "patients can"."""
SEVERITIES: Final = {
    HarmSeverity.NEGLIGIBLE: Meaning.PLAIN,
    HarmSeverity.MINOR: Meaning.PLAIN,
    HarmSeverity.SERIOUS: Meaning.SOON,
    HarmSeverity.CRITICAL: Meaning.HARM,
    HarmSeverity.CATASTROPHIC: Meaning.HARM,
}
LEVELS: Final = {
    Exploitability.LOW: ("low", Meaning.PLAIN),
    Exploitability.MEDIUM: ("medium", Meaning.SOON),
    Exploitability.HIGH: ("high", Meaning.SOON),
}
STATES: Final = {
    AssessmentState.DRAFT: ("Written, not signed by both", Meaning.SOON),
    AssessmentState.PROPOSED: ("Proposed, not signed by both", Meaning.SOON),
    AssessmentState.IN_EFFECT: ("In effect", Meaning.SAFE),
    AssessmentState.REOPENED: ("Open again", Meaning.SOON),
    AssessmentState.REPLACED: ("Replaced", Meaning.PLAIN),
    AssessmentState.WITHDRAWN: ("Taken back", Meaning.PLAIN),
}
ESSENTIAL: Final = {
    EssentialPerformance.AFFECTED: "Affected",
    EssentialPerformance.NOT_AFFECTED: "Not affected",
    EssentialPerformance.UNKNOWN: "Not known yet",
}
ANSWERS: Final = {Answer.YES: "Yes", Answer.NO: "No", Answer.UNKNOWN: "Not known"}
PARTS: Final = {
    Part.HARM: "What could happen to whom",
    Part.PATHWAY: "How it reaches the patient",
    Part.SCORES: "Our scores",
    Part.RUBRIC: "The rubric",
    Part.RESOLUTION: "The clinical review",
}
SIGNS: Final = {Lead.TECHNICAL: "technical", Lead.CLINICAL: "clinical"}
"""How a lead stands in an address."""

METRICS: Final = {
    "MSI": ("Can a patient be injured when it does something wrong?", "Integrity of what follows it: MSI"),
    "MSA": ("Can a patient be injured when it stops or comes late?", "Availability of what follows it: MSA"),
    "E": ("Is it attacked?", "Exploit maturity: E"),
    "S": ("Does it touch safety?", "Supplemental safety: S. It changes no number."),
    "MAV": ("From where, on this device?", "Attack vector: MAV"),
    "MAC": ("How complex is the attack here?", "Attack complexity: MAC"),
    "MAT": ("Does it need special conditions here?", "Attack requirements: MAT"),
    "MPR": ("Which rights does it take here?", "Privileges required: MPR"),
    "MUI": ("Must somebody help it here?", "User interaction: MUI"),
    "MVC": ("What leaks from the device?", "Vulnerable system, confidentiality: MVC"),
    "MVI": ("What can be altered in the device?", "Vulnerable system, integrity: MVI"),
    "MVA": ("What of the device fails?", "Vulnerable system, availability: MVA"),
    "MSC": ("What leaks from other systems?", "Subsequent systems, confidentiality: MSC"),
    "CR": ("How much does confidentiality matter here?", "Confidentiality requirement: CR"),
    "IR": ("How much does integrity matter here?", "Integrity requirement: IR"),
    "AR": ("How much does availability matter here?", "Availability requirement: AR"),
    "AU": ("Can the attack be automated?", "Supplemental: AU"),
    "R": ("How does the device recover?", "Supplemental: R"),
    "V": ("How much is reached at once?", "Supplemental, value density: V"),
    "RE": ("How hard is it to respond?", "Supplemental, response effort: RE"),
    "U": ("How urgent does the maker call it?", "Supplemental, provider urgency: U"),
}
"""Each CVSS 4.0 metric an assessor may set: as a question, and its own name."""
FIRST_METRICS: Final = ("MSI", "MSA", "E", "S")
"""What is asked of every device; the others are one fold away."""
_IMPACT: Final = {"H": "High", "L": "Low", "N": "None"}
_NEED: Final = {"H": "High", "M": "Medium", "L": "Low"}
VALUES: Final = {
    "MSI": {"S": "Yes, injured (S)", **_IMPACT},
    "MSA": {"S": "Yes, injured (S)", **_IMPACT},
    "E": {"A": "Yes, attacked (A)", "P": "Proof of concept (P)", "U": "Unreported (U)"},
    "S": {"P": "Yes, injury or worse (P)", "N": "Negligible (N)"},
    "MAV": {"N": "Network", "A": "Adjacent network", "L": "Locally", "P": "By touching it"},
    "MAC": {"L": "Low", "H": "High"},
    "MAT": {"N": "None", "P": "Present"},
    "MPR": {"N": "None", "L": "Low", "H": "High"},
    "MUI": {"N": "Nobody", "P": "Passively", "A": "Actively"},
    "CR": _NEED,
    "IR": _NEED,
    "AR": _NEED,
    "AU": {"N": "No", "Y": "Yes"},
    "R": {"A": "By itself", "U": "By its user", "I": "Not at all"},
    "V": {"D": "Diffuse", "C": "Concentrated"},
    "RE": {"L": "Low effort", "M": "Moderate effort", "H": "High effort"},
    "U": {"Clear": "Clear", "Green": "Green", "Amber": "Amber", "Red": "Red"},
}
"""What a value of a metric means; a metric of impact that is not here has High, Low and None."""
GROUPS: Final = {
    "AV": "From where is it attacked?",
    "AC": "How complex is the attack?",
    "PR": "Which rights does it take?",
    "UI": "Must somebody help it?",
    "S": "Does it reach beyond?",
    "C": "What can it disclose?",
    "I": "What can it alter?",
    "A": "What can it stop or delay?",
}
"""The metrics of the rubric's vector, as questions."""


def values_of(metric: str) -> dict[str, str]:
    """The values of a metric with their words."""
    return VALUES.get(metric, _IMPACT)
