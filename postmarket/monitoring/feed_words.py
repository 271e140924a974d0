"""The closed lists of feeds, watches, advisories and retired criteria; the values are stored."""

from __future__ import annotations

from enum import StrEnum


class Trigger(StrEnum):
    """Why a source was asked."""

    SCHEDULE = "schedule"
    PERSON = "person"
    COMMAND_LINE = "command line"


class FeedRunState(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    DONE = "done"
    PARTLY = "partly"
    """Some of it could not be fetched or read; the rest is there."""
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """Its process ended before it did; the next run goes on from there."""


class AskOutcome(StrEnum):
    """What an address gave."""

    NEW = "new"
    UNCHANGED = "unchanged"
    FAILED = "failed"


class RetirementState(StrEnum):
    """How a retired criterion stands."""

    RETIRED = "retired"
    UNDONE = "undone"
    """A person took it back."""
    ENDED = "ended by the source"
    """The source no longer says it in those words: what it says now matches."""


class Whose(StrEnum):
    """Whose product an advisory is about."""

    OURS = "ours"
    COMPONENT = "a component's maker"
    """Its maker supplies components of ours."""
    ANOTHER = "another maker"


class Sharing(StrEnum):
    """How an identity of ours has to do with an advisory."""

    AFFECTED = "affected"
    """It matches one of the advisory's vulnerabilities."""
    SAME_COMPONENT = "same component"
    """It is a product that one of them names, in another version."""


class AdvisoryVerdict(StrEnum):
    """What a person found."""

    NOT_OURS = "not ours"
    """Reviewed: nothing of ours is concerned."""
    OURS = "ours"
    """Something of ours is concerned, and is followed as a finding or a case."""


class WatchVerdict(StrEnum):
    """What a person found of an entry of a supplier's feed."""

    NOT_OURS = "not ours"
    FOLLOWED = "followed"
    """It concerns us, and is followed: `because` says where."""


class ItemState(StrEnum):
    """Whether a person has looked."""

    OPEN = "open"
    REVIEWED = "reviewed"
