"""What its people decided yesterday: some of it signed, some of it waiting for the visitor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from postmarket.accounts.roles import Role
from postmarket.demo.firm.firm import FIRST_SEEN, Firm
from postmarket.demo.firm.people import sign_in
from postmarket.demo.firm.signing import sign_as
from postmarket.documents.vex.interface import Justification, Status
from postmarket.monitoring.models import VersionDecision
from postmarket.monitoring.queries.findings import Asked, findings
from postmarket.monitoring.queries.grounds import Place
from postmarket.monitoring.rules.answers import Answer
from postmarket.monitoring.services.deciding.answering import decide
from postmarket.monitoring.words import DecisionState


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of the analyst: to which vulnerability, on which device versions; all of it signed, or none."""

    vulnerability: str
    device: str
    versions: Sequence[str]
    answer: Answer
    signed: bool = True


UNREACHED: Final = Justification.VULNERABLE_CODE_CANNOT_BE_CONTROLLED_BY_ADVERSARY
ABSENT: Final = Justification.VULNERABLE_CODE_NOT_PRESENT
ANSWERS: Final = (
    Said(
        "CVE-2021-44228",
        "Ledgrane 4",
        ("4.0",),
        Answer(
            Status.AFFECTED,
            rationale="It logs what billing clients send. No device depends on it, and there is no way back to one.",
            action="Update to Ledgrane 4.2. Until then the hospital's firewall blocks LDAP and RMI.",
        ),
    ),
    Said(
        "CVE-2024-38475",
        "Lumisarn 2",
        ("2.0",),
        Answer(
            Status.AFFECTED,
            rationale="The service pages rewrite addresses. No image and no measurement passes through them.",
            action="Switch the service pages off, as the service manual describes; update to Lumisarn 2.1.",
        ),
    ),
    Said(
        "CVE-2025-27363",
        "Vigilorn 7",
        ("7.0",),
        Answer(
            Status.NOT_AFFECTED,
            UNREACHED,
            "The monitor draws the fonts of its signed firmware only; none can be brought from outside.",
        ),
    ),
    Said(
        "CVE-2024-8096",
        "Ventorsa 5",
        ("5.1",),
        Answer(Status.NOT_AFFECTED, ABSENT, "The fault is in curl's GnuTLS backend. Ours is built with OpenSSL."),
    ),
    Said(
        "CVE-2024-58251",
        "Ventorsa 5",
        ("5.1",),
        Answer(Status.NOT_AFFECTED, ABSENT, "The netstat applet is switched off in the build's configuration."),
    ),
    Said(
        "CVE-2024-28085",
        "Ventorsa 5",
        ("5.1", "5.2", "5.3"),
        Answer(Status.NOT_AFFECTED, ABSENT, "The image has no wall: the build leaves it out."),
        signed=False,
    ),
    Said(
        "CVE-2025-46394",
        "Ventorsa 5",
        ("5.3",),
        Answer(Status.UNDER_INVESTIGATION, rationale="Norrlake is asked whether the tar applet is in BSP 2026.1."),
        signed=False,
    ),
)
"""None on what cannot wait: those are for the visitor to judge."""


def decide_and_sign(firm: Firm) -> None:
    """The analyst answers; the cybersecurity lead signs for the versions that were looked at."""
    at = firm.now - FIRST_SEEN + timedelta(hours=3)
    analyst = sign_in(firm, Role.PSIRT_ANALYST, at=at - timedelta(minutes=12))
    to_sign: list[VersionDecision] = []
    for number, said in enumerate(ANSWERS):
        moment = at + timedelta(minutes=11 * number)
        for place in _places(firm, said):
            decision = decide(by=analyst, place=place, answer=said.answer, now=moment)
            if said.signed:
                to_sign += decision.versions.filter(version=place[0], state=DecisionState.PROPOSED.value)
    lead = sign_in(firm, Role.CYBERSECURITY_LEAD, at=at + timedelta(minutes=95))
    sign_as(
        firm,
        lead,
        [row.subject for row in to_sign],
        why="Reviewed with the analyst, build by build.",
        now=at + timedelta(hours=2),
    )


def _places(firm: Firm, said: Said) -> list[Place]:
    rows = findings(by=firm.people[Role.PSIRT_ANALYST], asked=Asked(text=said.vulnerability)).every()
    return [
        row.place
        for row in rows
        if row.facts.name == said.vulnerability
        and row.device.name == said.device
        and row.version.label in said.versions
    ]
