"""The closed lists of cases, in the words of the field. The values are stored."""

from __future__ import annotations

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands; `rules.states` says which step needs what."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    TRIAGED = "triaged"
    ASSESSED = "assessed"
    REMEDIATING = "remediating"
    COMMUNICATED = "communicated"
    CLOSED = "closed"
    MERGED = "merged"
    """Its matter goes on in another case (also a duplicate); it stays to be read."""


WAY = (
    CaseState.RECEIVED,
    CaseState.ACKNOWLEDGED,
    CaseState.TRIAGED,
    CaseState.ASSESSED,
    CaseState.REMEDIATING,
    CaseState.COMMUNICATED,
    CaseState.CLOSED,
)
"""The way of a case, step by step."""


class Exploitation(StrEnum):
    """Whether it is exploited on a device of ours, as far as we know."""

    NONE = "none"
    SUSPECTED = "suspected"
    ACTIVE = "active"


class Outcome(StrEnum):
    """How a case ended."""

    REMEDIATED = "remediated"
    NOT_AFFECTED = "not affected"
    """No device version is affected by it, each by a signed decision, or left out with a reason."""
    MERGED = "merged"


class EmployeeClass(StrEnum):
    """
    Who became aware, where a clock asks.

    Any employee's awareness starts the 30 days; the 5 work days start with management, regulatory, scientific or
    technical staff (regulatory reference §3.4, known and not read: have regulatory affairs verify). When nobody says
    who it was, both start.
    """

    ANY = "any employee"
    MANAGEMENT = "management, regulatory, scientific or technical"


class ClockState(StrEnum):
    """Where one clock of a case stands."""

    RUNNING = "running"
    PAUSED = "paused"
    """Only clocks of the article or the firm can pause."""
    STOPPED = "stopped"
    """What stops it has happened."""
    VOID = "void"
    """Its start was declared void; the old date stays to be read."""


class LinkKind(StrEnum):
    """How two cases belong together."""

    RELATED = "related"
    DUPLICATE_OF = "duplicate of"
    SPLIT_FROM = "split from"
    MERGED_INTO = "merged into"
