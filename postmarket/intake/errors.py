"""
What can be wrong in intake.

IntakeError
├── InvalidReport    a field of a report cannot be right
├── ReportNotFound   a report that is not there, or not for this person to see
└── WrongState       the state of the report does not allow this
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class IntakeError(PostmarketError):
    """Something is wrong in intake."""

    code = "intake"


class InvalidReport(IntakeError):
    """A field of a report cannot be right; `where` names it."""

    code = "invalid-report"


class ReportNotFound(IntakeError):
    """There is no such report, or it is not for this person to see."""

    code = "report-not-found"


class WrongState(IntakeError):
    """The state of the report does not allow this."""

    code = "report-state"
