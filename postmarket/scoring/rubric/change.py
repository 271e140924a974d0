"""Which answer moved the score."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from postmarket.scoring.rubric.derive import answered
from postmarket.scoring.rubric.questions import QUESTIONS, Answer


class Moved(msgspec.Struct, frozen=True):
    """
    One answer that changed, and what that did: the metrics it turned, the score before and after.

    `metrics` says each as `AV:N to AV:A`; it is empty when the answer changed nothing.
    """

    question: str
    before: Answer | None
    after: Answer | None
    metrics: tuple[str, ...]
    score_before: float
    score_after: float


def moved(before: Mapping[str, Answer], after: Mapping[str, Answer]) -> tuple[Moved, ...]:
    """
    The answers that differ, in the order of the questions, each applied on top of those before it.

    So the first `score_before` is the old score, and the last `score_after` the new one. Raises ScoringError for an id
    the rubric does not have.
    """
    now = dict(before)
    told = answered(now)
    answered(after)
    steps = []
    for one in QUESTIONS:
        if now.get(one.id) is after.get(one.id):
            continue
        was, told_before = now.get(one.id), told
        if one.id in after:
            now[one.id] = after[one.id]
        else:
            del now[one.id]
        told = answered(now)
        turned = tuple(
            f"{old.metric}:{old.value} to {new.metric}:{new.value}"
            for old, new in zip(told_before.reasons, told.reasons, strict=True)
            if old.value != new.value
        )
        steps.append(Moved(one.id, was, after.get(one.id), turned, told_before.score.value, told.score.value))
    return tuple(steps)
