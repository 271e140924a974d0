"""The closed lists of assessment, in the words of the field. The values are stored."""

from __future__ import annotations

from enum import StrEnum


class AssessmentState(StrEnum):
    """The life of one revision of an assessment."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    """Copied from a sibling version; nobody has signed it for this one."""
    IN_EFFECT = "in effect"
    """Both leads have signed it for this version."""
    REOPENED = "re-opened"
    """It was in effect, and a premise of it changed."""
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    """Taken back before it took effect."""


OPEN = (AssessmentState.DRAFT, AssessmentState.PROPOSED)
"""What can still be written, and waits for its signatures."""
STANDING = (AssessmentState.IN_EFFECT, AssessmentState.REOPENED)
"""What both leads have signed, and nothing has replaced."""


class Lead(StrEnum):
    """The two who sign, as the article names them."""

    TECHNICAL = "cybersecurity technical lead"
    CLINICAL = "clinical safety lead"


class StepKind(StrEnum):
    """
    The steps of an exploit impact pathway, in their order.

    The pathway is the article's word, not FDA's (F28); `rules.pathway` says what each step is in ISO 14971.
    """

    ENTRY = "entry"
    WEAKNESS = "weakness"
    COMPONENT = "component"
    BEHAVIOUR = "effect on device behaviour"
    SITUATION = "hazardous situation"
    HARM = "harm"


class ControlState(StrEnum):
    """How far a control can be relied on, in one assessment."""

    VERIFIED = "verified"
    PARTIAL = "partial"
    """It holds in some places, or for some of the ways."""
    NOT_ASSUMED = "not assumed"
    """It may help, and nothing rests on it."""


class ControlKind(StrEnum):
    """Whose control it is (FDA postmarket guidance 2016)."""

    DESIGNED = "designed in"
    COMPENSATING = "compensating"
    """External to the design of the device, configurable in the field, employed by a user."""


class EssentialPerformance(StrEnum):
    """Whether essential performance is affected; unknown is never no."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not affected"
    UNKNOWN = "unknown"


class ExploitationHere(StrEnum):
    """What an incident tells of exploitation at one site."""

    SUSPECTED = "suspected"
    ACTIVE = "active"


class StepOrigin(StrEnum):
    """Where the words of an isolation step come from."""

    PLAYBOOK = "playbook"
    """The article's response for the device type, to the letter."""
    OWN = "own words"


class IsolatedBy(StrEnum):
    """Who isolated the devices."""

    OUR_DECISION = "our decision"
    """Approved by the clinical safety lead before."""
    SITE = "the site by itself"
    """A fact to be recorded: nobody here approved it."""
