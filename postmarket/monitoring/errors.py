"""
What can be wrong in monitoring.

MonitoringError
├── InvalidSchedule     a source's schedule, or a watch, cannot be right
├── InvalidReview       a review that says nothing, or of something that is not there any more
├── InvalidRetirement   a criterion that cannot be retired, or taken back
├── InvalidAnswer       an answer that leaves out what its status asks for
├── NotFound            a finding or decision that is not there, or not for this person to see
├── NotPossible         an act that the state of a decision does not allow
├── NothingToReplay     a moment of which nothing is kept that could be matched anew
└── ReplayFailed        what is kept of a moment cannot be loaded again
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class MonitoringError(PostmarketError):
    """Something is wrong in monitoring."""

    code = "monitoring"


class InvalidSchedule(MonitoringError):
    """A source's schedule, or a watch, cannot be right."""

    code = "invalid-schedule"


class InvalidReview(MonitoringError):
    """A review that says nothing, or of something that is not there any more."""

    code = "invalid-review"


class InvalidRetirement(MonitoringError):
    """A criterion that cannot be retired, or taken back."""

    code = "invalid-retirement"


class InvalidAnswer(MonitoringError):
    """An answer leaves out what its status asks for; `where` names the field."""

    code = "invalid-answer"


class NotFound(MonitoringError):
    """There is no such finding or decision, or it is not for this person to see."""

    code = "finding-not-found"


class NotPossible(MonitoringError):
    """The state of a decision does not allow this."""

    code = "decision-state"


class NothingToReplay(MonitoringError):
    """Nothing is kept of that moment that could be matched anew."""

    code = "nothing-to-replay"


class ReplayFailed(MonitoringError):
    """What is kept of a moment cannot be loaded again: there is no room."""

    code = "replay-failed"
