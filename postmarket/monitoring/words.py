"""The closed lists of monitoring, in the words of the field."""

from __future__ import annotations

from enum import StrEnum


class Order(StrEnum):
    """What a list of findings can be sorted by."""

    WORK = "work"
    """Patient risk first: the order of `postmarket scan`."""
    NEWEST = "newest"
    VULNERABILITY = "vulnerability"
    DEVICE = "device"
    COMPONENT = "component"
    SCORE = "score"
    EPSS = "epss"


class FindingState(StrEnum):
    """How far people are with one row."""

    OPEN = "open"
    PROPOSED = "proposed"
    """Somebody decided it, here or on a sibling version; nobody has signed it for this version yet."""
    DECIDED = "decided"
    """Signed for this version."""
    REOPENED = "re-opened"
    """It was signed, and a premise of it changed."""


UNDECIDED = (FindingState.OPEN, FindingState.PROPOSED, FindingState.REOPENED)
"""What still waits for somebody."""


class DecisionState(StrEnum):
    """The life of a decision for one device version. The values are stored."""

    PROPOSED = "proposed"
    IN_EFFECT = "in effect"
    REOPENED = "re-opened"
    LAPSED = "lapsed"
    """The version's SBOM no longer lists the component: there is nothing to decide, until it comes back."""
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    """Taken back before it was signed."""


class Premise(StrEnum):
    """What a decision can rest on. The values are stored."""

    KEV = "kev"
    EXPLOIT = "exploit"
    EPSS = "epss"
    SCORE = "score"
    RANGE = "range"
    """What the sources call affected, and how sure the match is."""
    COMPONENT = "component"
    """That the version's SBOM lists it."""
    GROUP = "group"
    """Which names mean this vulnerability."""
    REJECTED = "rejected"
    POLICY = "policy"
