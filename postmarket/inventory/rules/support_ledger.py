"""
How long a component is supported: what somebody looked up wins over what its SBOM says.

FDA's premarket guidance (2026-02-03, V.A.4; non-binding) asks for the level of support and the end of support of each
component. Silence is unknown, never "supported".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from postmarket.inventory.policy import Limit
from postmarket.sbom.interface import SupportLevel

WEAKEST_FIRST = (
    SupportLevel.ABANDONED,
    SupportLevel.NO_LONGER_MAINTAINED,
    SupportLevel.ACTIVELY_MAINTAINED,
    SupportLevel.UNKNOWN,
)


class Basis(StrEnum):
    """Who says so."""

    IDENTITY = "stated for this component"
    PRODUCT = "stated for every version of it"
    SBOM = "the SBOM says so"
    NOBODY = "nobody said"


class Outlook(StrEnum):
    """How near the end of a component's support is, nearest first."""

    ENDED = "ended"
    """The day is over, or nobody maintains it any more."""
    SOON = "soon"
    """Within the time the firm's policy looks ahead."""
    UNKNOWN = "unknown"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Said:
    """A level and an end of support from one mouth; `ends_on` is the last day of support, None unknown."""

    level: SupportLevel
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class ComponentSupport:
    """What counts for a component, and who says so."""

    level: SupportLevel
    ends_on: date | None
    basis: Basis


UNSAID = ComponentSupport(SupportLevel.UNKNOWN, None, Basis.NOBODY)


def counts(identity: Said | None, product: Said | None, listed: Iterable[Said]) -> ComponentSupport:
    """
    What counts: said for the identity, else for its product, else by the SBOM.

    Where an SBOM lists it several times, the weakest level and the earliest day.
    """
    for said, basis in ((identity, Basis.IDENTITY), (product, Basis.PRODUCT)):
        if said is not None:
            return ComponentSupport(said.level, said.ends_on, basis)
    every = list(listed)
    level = min((said.level for said in every), key=WEAKEST_FIRST.index, default=SupportLevel.UNKNOWN)
    ends_on = min((said.ends_on for said in every if said.ends_on is not None), default=None)
    if level is SupportLevel.UNKNOWN and ends_on is None:
        return UNSAID
    return ComponentSupport(level, ends_on, Basis.SBOM)


def outlook(support: ComponentSupport, *, today: date, ahead: Limit) -> Outlook:
    """How near its end is; on its last day it is supported. `today` is a day in the site's zone."""
    unmaintained = support.level in {SupportLevel.ABANDONED, SupportLevel.NO_LONGER_MAINTAINED}
    if unmaintained or (support.ends_on is not None and support.ends_on < today):
        return Outlook.ENDED
    if support.ends_on is None:
        return Outlook.UNKNOWN
    return Outlook.SOON if support.ends_on <= today + timedelta(days=ahead.days) else Outlook.LATER
