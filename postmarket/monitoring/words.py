"""The closed lists of monitoring, in the words of the field."""

from __future__ import annotations

from enum import StrEnum

from postmarket.matching.interface import Grade
from postmarket.worklist.interface import Lane

GRADES_OF_LANE = {
    Lane.WORKLIST: (Grade.CONFIRMED, Grade.UNVERIFIED),
    Lane.POSSIBLE: (Grade.POSSIBLE,),
    Lane.SUGGESTED_NOT_AFFECTED: (Grade.CONTRADICTED,),
}
"""Where matching alone puts a row; a supplier's word moves it."""


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
