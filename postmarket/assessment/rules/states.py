"""What may become of one revision of an assessment."""

from __future__ import annotations

from postmarket.assessment.errors import NotPossible
from postmarket.assessment.words import AssessmentState

NEXT = {
    AssessmentState.DRAFT: frozenset({AssessmentState.IN_EFFECT, AssessmentState.WITHDRAWN}),
    AssessmentState.PROPOSED: frozenset({AssessmentState.DRAFT, AssessmentState.IN_EFFECT, AssessmentState.WITHDRAWN}),
    AssessmentState.IN_EFFECT: frozenset({AssessmentState.REOPENED, AssessmentState.REPLACED}),
    AssessmentState.REOPENED: frozenset({AssessmentState.REPLACED}),
    AssessmentState.REPLACED: frozenset[AssessmentState](),
    AssessmentState.WITHDRAWN: frozenset[AssessmentState](),
}


def become(now: AssessmentState, then: AssessmentState) -> AssessmentState:
    """`then`, when it may follow `now`. Raises NotPossible."""
    if then not in NEXT[now]:
        raise NotPossible(
            f"An assessment that is {now.value} cannot become {then.value}",
            next_step="Begin a new revision of it.",
        )
    return then
