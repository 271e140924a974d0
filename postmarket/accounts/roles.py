"""The roles of DESIGN §1."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is in the firm's postmarket work. A person may hold several."""

    PSIRT_MANAGER = "psirt-manager"
    PSIRT_ANALYST = "psirt-analyst"
    CYBERSECURITY_LEAD = "cybersecurity-lead"
    CLINICAL_SAFETY_LEAD = "clinical-safety-lead"
    REGULATORY_AFFAIRS = "regulatory-affairs"
    QUALITY = "quality"
    SUSTAINING_ENGINEERING = "sustaining-engineering"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """How the role is written for people."""
        return _TITLES[self]


_TITLES = {
    Role.PSIRT_MANAGER: "PSIRT manager",
    Role.PSIRT_ANALYST: "PSIRT analyst",
    Role.CYBERSECURITY_LEAD: "Cybersecurity lead",
    Role.CLINICAL_SAFETY_LEAD: "Clinical safety lead",
    Role.REGULATORY_AFFAIRS: "Regulatory affairs",
    Role.QUALITY: "Quality",
    Role.SUSTAINING_ENGINEERING: "Sustaining engineering",
    Role.AUDITOR: "Auditor (read-only)",
    Role.ADMINISTRATOR: "Administrator (people and settings)",
}
