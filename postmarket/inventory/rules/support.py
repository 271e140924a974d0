"""Where support stands: the stage a version is in, and what ends within the time policy looks ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from postmarket.inventory.policy import Limit
from postmarket.inventory.words import SupportStage


class Ending(StrEnum):
    """How near the end of support is."""

    PASSED = "passed"
    """The day is over, or the stage says so."""
    SOON = "soon"
    LATER = "later"
    UNKNOWN = "unknown"
    """Nobody said when it ends; never counted as later."""


@dataclass(frozen=True, slots=True)
class Support:
    """
    Where a version stands: its own stage and day where they are said, else the device's.

    `ends_on` None is unknown. `from_device` says that the day is the device's.
    """

    stage: SupportStage
    ends_on: date | None
    ending: Ending
    from_device: bool


def support(
    *,
    stage: str,
    ends_on: date | None,
    device_stage: str,
    device_ends_on: date | None,
    today: date,
    ahead: Limit,
) -> Support:
    """A version's support; `stage` "" and `ends_on` None follow the device's. On the day itself it is supported."""
    counts = SupportStage(stage or device_stage)
    day = ends_on or device_ends_on
    return Support(counts, day, _ending(counts, day, today, ahead), from_device=ends_on is None and day is not None)


def _ending(stage: SupportStage, day: date | None, today: date, ahead: Limit) -> Ending:
    if stage is SupportStage.END_OF_SUPPORT or (day is not None and day < today):
        return Ending.PASSED
    if day is None:
        return Ending.UNKNOWN
    return Ending.SOON if day <= today + timedelta(days=ahead.days) else Ending.LATER
