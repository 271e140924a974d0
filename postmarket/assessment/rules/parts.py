"""
The parts in which an assessment is written, each by itself: who changed which, and where a copy differs.

Two people may write two parts at once; nobody overwrites a part that is not as they saw it.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import assert_never

import msgspec

from postmarket.assessment.rules.content import Content


class Part(StrEnum):
    """One part, in the order in which it is read."""

    HARM = "harm"
    """What could happen to whom, or that only data leaks."""
    PATHWAY = "pathway"
    SCORES = "scores"
    """The CVSS 4.0 vector for the device."""
    RUBRIC = "rubric"
    RESOLUTION = "resolution"


def seen(content: Content, part: Part) -> str:
    """A short name of what a part says now: the same as long as it says the same."""
    return hashlib.sha256(msgspec.json.encode(_values(content, part))).hexdigest()[:16]


def differing(one: Content, other: Content) -> tuple[Part, ...]:
    """The parts in which they differ."""
    return tuple(part for part in Part if _values(one, part) != _values(other, part))


def _values(content: Content, part: Part) -> tuple[object, ...]:
    match part:
        case Part.HARM:
            return (content.harm, content.privacy)
        case Part.PATHWAY:
            return (content.exploit_impact_pathway,)
        case Part.SCORES:
            return (content.scoring.base, content.scoring.base_from, content.scoring.edits)
        case Part.RUBRIC:
            return (content.scoring.answers,)
        case Part.RESOLUTION:
            return (content.resolution,)
        case _:
            assert_never(part)
