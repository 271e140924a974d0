"""The words and colours of cases and reports, the same on every page."""

from __future__ import annotations

from typing import Final

from postmarket.cases.words import CaseState, ClockState, EmployeeClass, Exploitation, LinkKind
from postmarket.policy.interface import Determination, StartBasis
from postmarket.web.components.tags import Meaning

STATES: Final = {state: state.value.capitalize() for state in CaseState}
STATE_MEANINGS: Final = {
    CaseState.RECEIVED: Meaning.SOON,
    CaseState.ACKNOWLEDGED: Meaning.SOON,
    CaseState.TRIAGED: Meaning.ACT,
    CaseState.ASSESSED: Meaning.ACT,
    CaseState.REMEDIATING: Meaning.ACT,
    CaseState.COMMUNICATED: Meaning.ACT,
    CaseState.CLOSED: Meaning.SAFE,
    CaseState.MERGED: Meaning.PLAIN,
}
EXPLOITATION: Final = {
    Exploitation.NONE: ("No exploitation known", Meaning.PLAIN),
    Exploitation.SUSPECTED: ("Suspected exploitation", Meaning.SOON),
    Exploitation.ACTIVE: ("Exploited on our devices", Meaning.HARM),
}
FINDINGS: Final = {
    "affected": ("Affected", Meaning.HARM),
    "not_affected": ("Not affected", Meaning.SAFE),
    "fixed": ("Fixed", Meaning.SAFE),
    "under_investigation": ("Under investigation", Meaning.SOON),
}
"""What is decided of a vulnerability in a device version."""
DETERMINATIONS: Final = {
    Determination.CONTROLLED: ("Controlled", Meaning.SAFE),
    Determination.UNCONTROLLED: ("Uncontrolled", Meaning.HARM),
    Determination.REVIEW: ("Clinical review", Meaning.SOON),
}
CLOCK_STATES: Final = {
    ClockState.RUNNING: ("running", Meaning.ACT),
    ClockState.PAUSED: ("paused", Meaning.SOON),
    ClockState.STOPPED: ("done", Meaning.SAFE),
    ClockState.VOID: ("void", Meaning.PLAIN),
}
LINKS: Final = {kind.value: kind.value.capitalize() for kind in LinkKind}
BASES: Final = {basis: basis.value[:1].upper() + basis.value[1:] for basis in StartBasis}
EMPLOYEES: Final = {one: one.value[:1].upper() + one.value[1:] for one in EmployeeClass}
CAUSES: Final = {
    CaseState.ACKNOWLEDGED: ("Who watches the case is told.", "No clock stops by it: each stops on its own event."),
    CaseState.TRIAGED: ("Who watches the case is told.", "No clock stops by it: each stops on its own event."),
    CaseState.ASSESSED: ("Who watches the case is told.", "Mitigation and fix are planned from then on."),
    CaseState.REMEDIATING: ("Who watches the case is told.", "Its clocks run on until what stops them is noted."),
    CaseState.COMMUNICATED: ("Who watches the case is told.", "Nothing is published by it."),
    CaseState.CLOSED: (
        "Who watches the case is told.",
        "New findings, exploitation or a changed premise can open it again.",
    ),
}
"""What a step forward causes."""
