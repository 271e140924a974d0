"""What can be permitted, and the one table of who may: role by permission."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from postmarket.accounts.roles import Role


class Permission(StrEnum):
    """One act, or one thing to be read. A room that needs another adds it here, with its row in HOLDERS."""

    CONTENT_READ = "content.read"
    """Devices, SBOMs, vulnerabilities, findings: all that is not restricted."""
    RESTRICTED_READ = "restricted.read"
    """A restricted case without being named its member."""
    RESTRICTED_MEMBER = "restricted.member"
    """May be named a member of a restricted case."""
    CONTENT_EXPORT = "content.export"
    DEVICES_EDIT = "devices.edit"
    DEVICES_DETERMINE = "devices.determine"
    """Whether a device is a cyber device (section 524B(c) of the FD&C Act), signed."""
    VERSIONS_SHIP = "versions.ship"
    """Say that a version is shipped: from then on it has cases and clocks."""
    SBOMS_UPLOAD = "sboms.upload"
    SUPPLIERS_EDIT = "suppliers.edit"
    ALIASES_REVIEW = "aliases.review"
    FEEDS_RUN = "feeds.run"
    FINDINGS_TRIAGE = "findings.triage"
    FINDINGS_DECIDE = "findings.decide"
    """Decide a finding and sign the decision."""
    CRITERIA_RETIRE = "criteria.retire"
    """Retire a wrong criterion for the whole portfolio."""
    ADVISORIES_REVIEW = "advisories.review"
    REPORTS_ENTER = "reports.enter"
    """Write down what a researcher, a hospital or a colleague told the firm."""
    REPORTS_HANDLE = "reports.handle"
    """Acknowledge a report, see who reported, close it without a case."""
    CASES_OPEN = "cases.open"
    CASES_WORK = "cases.work"
    """Comment, attach, give and do tasks in a case."""
    CASES_STEER = "cases.steer"
    """Move a case on, set its owner and priority, note what starts and stops its clocks, merge and split."""
    CASES_RESTRICT = "cases.restrict"
    """Restrict a case to its members, and say who they are."""
    ASSESSMENTS_EDIT = "assessments.edit"
    """Write an assessment, its pathway and controls; nothing of it takes effect before both leads sign."""
    ASSESSMENTS_SIGN_TECHNICAL = "assessments.sign-technical"
    ASSESSMENTS_SIGN_CLINICAL = "assessments.sign-clinical"
    INCIDENTS_HANDLE = "incidents.handle"
    """Open an incident at a site, plan its isolation, note what was done and that it is restored."""
    ISOLATION_APPROVE = "isolation.approve"
    RECORDS_READ = "records.read"
    RECORDS_VERIFY = "records.verify"
    RECORDS_REDACT = "records.redact"
    SIGN = "sign"
    """Sign at all; what is signed asks for its own permission besides."""
    TOKENS_ISSUE = "tokens.issue"
    TOKENS_REVOKE = "tokens.revoke"
    PEOPLE_READ = "people.read"
    PEOPLE_MANAGE = "people.manage"
    SETTINGS_EDIT = "settings.edit"


_MANAGER: Final = Role.PSIRT_MANAGER
_ANALYST: Final = Role.PSIRT_ANALYST
_CYBER: Final = Role.CYBERSECURITY_LEAD
_CLINICAL: Final = Role.CLINICAL_SAFETY_LEAD
_REGULATORY: Final = Role.REGULATORY_AFFAIRS
_QUALITY: Final = Role.QUALITY
_SUSTAINING: Final = Role.SUSTAINING_ENGINEERING
_AUDITOR: Final = Role.AUDITOR
_ADMINISTRATOR: Final = Role.ADMINISTRATOR

EVERYONE: Final = frozenset(Role)
CONTENT_ROLES: Final = EVERYONE - {_ADMINISTRATOR}
"""Roles with a word in the work itself; the administrator looks after people and settings only."""
WORKING_ROLES: Final = CONTENT_ROLES - {_AUDITOR}
"""Roles that change something; the auditor reads."""

HOLDERS: Final[dict[Permission, frozenset[Role]]] = {
    Permission.CONTENT_READ: EVERYONE,
    Permission.RESTRICTED_READ: frozenset({_MANAGER}),
    Permission.RESTRICTED_MEMBER: CONTENT_ROLES,
    Permission.CONTENT_EXPORT: CONTENT_ROLES,
    Permission.DEVICES_EDIT: frozenset({_MANAGER, _REGULATORY, _QUALITY, _SUSTAINING}),
    Permission.DEVICES_DETERMINE: frozenset({_CYBER, _REGULATORY}),
    Permission.VERSIONS_SHIP: frozenset({_MANAGER, _QUALITY, _SUSTAINING}),
    Permission.SBOMS_UPLOAD: frozenset({_MANAGER, _ANALYST, _CYBER, _SUSTAINING}),
    Permission.SUPPLIERS_EDIT: frozenset({_MANAGER, _ANALYST, _QUALITY, _SUSTAINING}),
    Permission.ALIASES_REVIEW: frozenset({_MANAGER, _ANALYST, _CYBER}),
    Permission.FEEDS_RUN: frozenset({_MANAGER, _ANALYST, _CYBER, _ADMINISTRATOR}),
    Permission.FINDINGS_TRIAGE: frozenset({_MANAGER, _ANALYST, _CYBER, _CLINICAL}),
    Permission.FINDINGS_DECIDE: frozenset({_MANAGER, _ANALYST, _CYBER}),
    Permission.CRITERIA_RETIRE: frozenset({_MANAGER, _CYBER}),
    Permission.ADVISORIES_REVIEW: frozenset({_MANAGER, _ANALYST, _CYBER}),
    Permission.REPORTS_ENTER: WORKING_ROLES,
    Permission.REPORTS_HANDLE: frozenset({_MANAGER, _ANALYST, _REGULATORY, _QUALITY}),
    Permission.CASES_OPEN: frozenset({_MANAGER, _ANALYST, _CYBER}),
    Permission.CASES_WORK: WORKING_ROLES,
    Permission.CASES_STEER: frozenset({_MANAGER, _ANALYST, _CYBER, _CLINICAL, _REGULATORY, _QUALITY}),
    Permission.CASES_RESTRICT: frozenset({_MANAGER, _CYBER}),
    Permission.ASSESSMENTS_EDIT: frozenset({_MANAGER, _ANALYST, _CYBER, _CLINICAL}),
    Permission.ASSESSMENTS_SIGN_TECHNICAL: frozenset({_CYBER}),
    Permission.ASSESSMENTS_SIGN_CLINICAL: frozenset({_CLINICAL}),
    Permission.INCIDENTS_HANDLE: frozenset({_MANAGER, _ANALYST, _CYBER, _CLINICAL}),
    Permission.ISOLATION_APPROVE: frozenset({_CLINICAL}),
    Permission.RECORDS_READ: frozenset({_MANAGER, _REGULATORY, _QUALITY, _AUDITOR}),
    Permission.RECORDS_VERIFY: EVERYONE,
    Permission.RECORDS_REDACT: frozenset({_MANAGER, _REGULATORY, _QUALITY}),
    Permission.SIGN: WORKING_ROLES,
    Permission.TOKENS_ISSUE: frozenset({_MANAGER, _SUSTAINING}),
    Permission.TOKENS_REVOKE: frozenset({_MANAGER, _SUSTAINING, _ADMINISTRATOR}),
    Permission.PEOPLE_READ: EVERYONE,
    Permission.PEOPLE_MANAGE: frozenset({_ADMINISTRATOR}),
    Permission.SETTINGS_EDIT: frozenset({_ADMINISTRATOR}),
}
"""Who holds each permission. A test holds every cell, and that no permission is missing."""
