"""What may become of a decision for one device version."""

from __future__ import annotations

from postmarket.monitoring.errors import NotPossible
from postmarket.monitoring.words import DecisionState

NEXT = {
    DecisionState.PROPOSED: frozenset({DecisionState.IN_EFFECT, DecisionState.REPLACED, DecisionState.WITHDRAWN}),
    DecisionState.IN_EFFECT: frozenset({DecisionState.REOPENED, DecisionState.LAPSED, DecisionState.REPLACED}),
    DecisionState.REOPENED: frozenset({DecisionState.LAPSED, DecisionState.REPLACED}),
    DecisionState.LAPSED: frozenset({DecisionState.REOPENED, DecisionState.REPLACED}),
    DecisionState.REPLACED: frozenset[DecisionState](),
    DecisionState.WITHDRAWN: frozenset[DecisionState](),
}


def become(now: DecisionState, then: DecisionState) -> DecisionState:
    """`then`, when it may follow `now`. Raises NotPossible."""
    if then not in NEXT[now]:
        raise NotPossible(
            f"A decision that is {now.value} cannot become {then.value}",
            next_step="Decide the finding anew.",
        )
    return then
