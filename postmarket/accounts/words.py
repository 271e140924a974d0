"""How a permission is said in a sentence: "may not …"."""

from __future__ import annotations

from typing import Final

from postmarket.accounts.permissions import Permission

DEEDS: Final[dict[Permission, str]] = {
    Permission.CONTENT_READ: "read devices and findings",
    Permission.RESTRICTED_READ: "read restricted cases",
    Permission.RESTRICTED_MEMBER: "be a member of a restricted case",
    Permission.CONTENT_EXPORT: "export devices and findings",
    Permission.DEVICES_EDIT: "change devices and versions",
    Permission.DEVICES_DETERMINE: "determine whether a device is a cyber device",
    Permission.VERSIONS_SHIP: "mark a version as shipped",
    Permission.SBOMS_UPLOAD: "add SBOMs",
    Permission.SUPPLIERS_EDIT: "change suppliers",
    Permission.ALIASES_REVIEW: "review aliases",
    Permission.FEEDS_RUN: "run feeds",
    Permission.FINDINGS_TRIAGE: "triage findings",
    Permission.FINDINGS_DECIDE: "decide findings",
    Permission.CRITERIA_RETIRE: "retire a criterion",
    Permission.ADVISORIES_REVIEW: "review advisories",
    Permission.REPORTS_ENTER: "enter reports",
    Permission.REPORTS_HANDLE: "handle reports",
    Permission.CASES_OPEN: "open cases",
    Permission.CASES_WORK: "work on cases",
    Permission.CASES_STEER: "steer cases",
    Permission.CASES_RESTRICT: "restrict cases",
    Permission.ASSESSMENTS_EDIT: "write assessments",
    Permission.ASSESSMENTS_SIGN_TECHNICAL: "sign assessments as cybersecurity technical lead",
    Permission.ASSESSMENTS_SIGN_CLINICAL: "sign assessments as clinical safety lead",
    Permission.INCIDENTS_HANDLE: "handle incidents",
    Permission.ISOLATION_APPROVE: "approve the isolation of devices",
    Permission.RECORDS_READ: "read the audit trail",
    Permission.RECORDS_VERIFY: "verify the audit trail",
    Permission.RECORDS_REDACT: "redact records",
    Permission.SIGN: "sign",
    Permission.TOKENS_ISSUE: "issue API tokens",
    Permission.TOKENS_REVOKE: "revoke API tokens",
    Permission.PEOPLE_READ: "see who works here",
    Permission.PEOPLE_MANAGE: "manage people and their roles",
    Permission.SETTINGS_EDIT: "change the site's settings",
}
"""Every permission has its words; a test holds it."""
