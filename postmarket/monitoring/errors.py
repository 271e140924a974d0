"""
What can be wrong in monitoring.

MonitoringError
├── InvalidSchedule     a source's schedule, or a watch, cannot be right
├── InvalidReview       a review that says nothing, or of something that is not there any more
└── InvalidRetirement   a criterion that cannot be retired, or taken back
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
