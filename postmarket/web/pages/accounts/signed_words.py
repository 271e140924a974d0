"""
What the fields of signed content are called, in the order in which a person reads them.

What is signed is kept under short keys that never change; a key without words here is shown as it is, never left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LABELS: Final[Mapping[str, str]] = {
    "patient risk": "Patient risk",
    "incident": "Incident",
    "case": "Case",
    "site": "Site",
    "device": "Device",
    "version": "Version",
    "units": "Units, by their UDI",
    "component": "Component",
    "vulnerability": "Vulnerability",
    "revision": "Revision",
    "copied from": "Copied from",
    "differs from its origin": "Changed since it was copied",
    "what happened": "What happened",
    "exploitation": "Exploitation",
    "isolation step": "Isolation",
    "the article's step": "The article's step instead",
    "clinical workaround": "Clinical workaround",
    "residual risk": "Residual risk",
    "planned by": "Planned by",
    "kept with": "Kept with",
    "what it is": "What it is",
    "kept on": "Kept on",
    "asked by": "Asked by",
    "asked on": "Asked on",
    "what stays": "What stays",
    "outcome": "Answer",
    "status": "Answer",
    "determination": "Determination",
    "justification": "Justification",
    "because": "Because",
    "rationale": "Reason",
    "action": "What is to be done",
    "rule": "Rule",
    "whose rule": "Whose rule it is",
    "exploitability": "Exploitability",
    "exploitability factors": "What argues for it",
    "in one line": "The pathway in one line",
    "exploit impact pathway": "How an exploit reaches a patient",
    "hazards": "Hazards of the risk file",
    "harm": "What could happen to whom",
    "privacy only": "Only data leak, because",
    "step": "Step",
    "in the hazard chain": "In the hazard chain",
    "words": "In words",
    "detail": "In detail",
    "controls": "Controls on it",
    "use": "Use",
    "patients": "Patients",
    "what could happen": "What could happen",
    "severity": "How severe",
    "essential performance": "Essential performance",
    "tests": "The three tests of section 524B(c)",
    "features": "How it can be reached",
    "exemption": "Exemption by FDA",
    "submission": "How it came to market",
    "submission_type": "Submission",
    "submission_number": "Number",
    "submission_date": "Submitted",
    "section_524b_applies": "Does section 524B bind it?",
    "objections": "What speaks against itself, and what is said to that",
    "objection": "Objection",
    "answer": "Answer",
    "why": "Why",
    "CVSS base vector": "CVSS base vector",
    "CVSS metrics set for the device": "CVSS metrics set for this device",
    "metric": "Metric",
    "rubric": "MITRE's rubric, as a vector",
    "rubric answers": "Answers to MITRE's rubric",
    "question": "Question",
    "rubric qualification": "What the rubric is qualified for",
    "rests on": "Rests on, as it is now",
    "changed since it was proposed": "Changed since it was proposed",
    "decided by": "Decided by",
    "first decided for": "First decided for",
    "drafted_by": "Drafted by",
}
PREMISES: Final[Mapping[str, str]] = {
    "kev": "CISA's catalogue of exploited vulnerabilities (KEV)",
    "exploit": "What is known of exploits",
    "epss": "Probability of exploitation (EPSS)",
    "score": "Score",
    "range": "What the sources call affected",
    "component": "The component in the SBOM",
    "group": "Its names",
    "rejected": "Whether its sources stand by it",
    "policy": "Policy",
    "exploitation": "Exploitation of our devices",
    "components": "Components it matches",
    "controls withdrawn": "Controls withdrawn",
}
"""Inside of what it rests on."""
FINGERPRINTS: Final[Mapping[str, str]] = {
    "component key": "Which component, exactly",
    "private datum": "The personal data, over a secret salt",
    "whole assessment": "The whole assessment, its scores included",
}
"""What only a machine can read: it stands with the text that is signed, one fold away."""
NOTHING: Final[Mapping[str, str]] = {
    "copied from": "nothing: it was written for this version",
    "the article's step": "none: it is the article's own step",
    "privacy only": "no: patients could be harmed",
    "exemption": "none",
    "detail": "none given",
    "rubric": "not used",
    "rubric qualification": "not used",
}
"""Where an empty field says something; any other is unknown."""
VALUES: Final[Mapping[tuple[str, str], str]] = {
    ("exploit", "none"): "none known",
    ("exploit", "proof-of-concept"): "a proof of concept is public",
    ("exploit", "active"): "exploited",
    ("rejected", "rejected"): "rejected or withdrawn by every source",
    ("rejected", "not rejected"): "yes",
    ("exploitation", "none"): "none known",
}
DATES: Final = frozenset({"submission_date"})
MOMENTS: Final = frozenset({"kept on", "asked on"})
"""Instants in UTC."""


def label_of(key: str, *, within: str = "") -> str:
    """What a field is called, `within` being the key it belongs to; one without words is called as it is."""
    known = (PREMISES if within == "rests on" else LABELS).get(key)
    return known or key[:1].upper() + key[1:].replace("_", " ")


def place_of(key: str, *, within: str = "") -> int:
    """Where a field is read; one without words last."""
    order = list(PREMISES if within == "rests on" else LABELS)
    return order.index(key) if key in order else len(order)
