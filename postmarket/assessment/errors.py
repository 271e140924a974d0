"""
What can be wrong in assessment.

AssessmentError
├── InvalidAssessment   a field of an assessment, pathway or control cannot be right; `where` names it
├── NotComplete         something is missing before it can be signed or carried out
├── NotPossible         an act that the state of an assessment or incident does not allow
├── ChangedMeanwhile    a part is not any more what the person who writes it saw
├── SamePerson          two acts that take two different people
├── InvalidIncident     a field of an incident cannot be right
├── NotFound            an assessment, control or incident that is not there, or not for this person to see
└── NoReason            a change that takes a reason, without one
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class AssessmentError(PostmarketError):
    """Something is wrong in assessment."""

    code = "assessment"


class InvalidAssessment(AssessmentError):
    """A field cannot be right; `where` names it."""

    code = "invalid-assessment"


class NotComplete(AssessmentError):
    """Something is missing; the reason names each thing."""

    code = "assessment-not-complete"


class NotPossible(AssessmentError):
    """The state does not allow this."""

    code = "assessment-state"


class ChangedMeanwhile(AssessmentError):
    """A part was changed since the person saw it; nothing is written."""

    code = "assessment-changed"


class SamePerson(AssessmentError):
    """What takes two different people was tried by one."""

    code = "two-people"


class InvalidIncident(AssessmentError):
    """A field of an incident cannot be right; `where` names it."""

    code = "invalid-incident"


class NotFound(AssessmentError):
    """There is no such thing, or it is not for this person to see."""

    code = "assessment-not-found"


class NoReason(AssessmentError):
    """A change that takes a reason, without one."""

    code = "no-reason"
