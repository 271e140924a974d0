"""Which step of a case leads where, and what is missing for it. Pure; later rooms add what they need (hooks.guard)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from postmarket.cases.errors import NotYet, WrongStep
from postmarket.cases.hooks import Missing, Place
from postmarket.cases.words import WAY, CaseState, Outcome
from postmarket.policy.interface import Determination

S = CaseState
FORWARD: Mapping[CaseState, tuple[CaseState, ...]] = {
    S.RECEIVED: (S.ACKNOWLEDGED,),
    S.ACKNOWLEDGED: (S.TRIAGED,),
    S.TRIAGED: (S.ASSESSED, S.CLOSED),
    S.ASSESSED: (S.REMEDIATING, S.CLOSED),
    S.REMEDIATING: (S.COMMUNICATED,),
    S.COMMUNICATED: (S.CLOSED,),
    S.CLOSED: (),
    S.MERGED: (),
}
"""The next steps. Closing before anything was remediated is for what turns out not to affect any device."""
EARLY = (S.TRIAGED, S.ASSESSED)
"""Where closing means that nothing of ours is affected."""
REOPENED_AT = S.TRIAGED
AT_ONCE = (S.TRIAGED, S.ASSESSED)
"""What can be reached in one go from further back: all that they ask is answered in the case itself."""


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What a step is judged by.

    `unacknowledged` and `harm_unknown` are report numbers; `learned` whether a start event says when the firm knew;
    `undecided` device versions that no signed decision says are unaffected; `running` clocks that have not ended, in
    words, of which `of_not_affected` would not matter if no device is affected.
    """

    state: CaseState
    versions: int
    unacknowledged: Sequence[str] = ()
    harm_unknown: Sequence[str] = ()
    learned: bool = False
    exploitation_said: bool = False
    determination: Determination | None = None
    undecided: Sequence[str] = ()
    open_tasks: int = 0
    running: Sequence[str] = ()
    of_not_affected: Sequence[str] = ()


def steps(standing: Standing) -> tuple[CaseState, ...]:
    """Where the case can go from here, forward first, then one step back."""
    return (*FORWARD[standing.state], *back(standing.state))


def back(state: CaseState) -> tuple[CaseState, ...]:
    """The step before, to which a case can be taken back with a reason. A closed one is re-opened instead."""
    if state not in WAY[1:-1]:
        return ()
    return (WAY[WAY.index(state) - 1],)


def between(state: CaseState, to: CaseState) -> tuple[CaseState, ...]:
    """The steps on the way from one to the other; none where `to` is next, or does not lie ahead."""
    if state not in WAY or to not in WAY:
        return ()
    return tuple(WAY[WAY.index(state) + 1 : WAY.index(to)])


def outcome_of_closing(state: CaseState) -> Outcome:
    """What closing from here says."""
    return Outcome.NOT_AFFECTED if state in EARLY else Outcome.REMEDIATED


def missing(standing: Standing, to: CaseState) -> list[Missing]:
    """What is missing for the step to `to`, in words; nothing is missing for a step back."""
    if to in back(standing.state):
        return []
    match to:
        case CaseState.ACKNOWLEDGED:
            return _acknowledging(standing)
        case CaseState.TRIAGED:
            return _acknowledging(standing) + _triaging(standing)
        case CaseState.ASSESSED:
            return _triaging(standing) + _assessing(standing)
        case CaseState.REMEDIATING | CaseState.COMMUNICATED:
            return _assessing(standing)
        case CaseState.CLOSED:
            return _closing(standing)
        case _:
            return []


def check_step(standing: Standing, to: CaseState, more: Sequence[Missing] = ()) -> None:
    """Raise WrongStep when no step leads there from here, NotYet when something is missing (`more`: by later rooms)."""
    if to not in steps(standing):
        ways = ", ".join(one.value for one in steps(standing)) or "nowhere"
        raise WrongStep(
            f"A case that is {standing.state.value} does not become {to.value}",
            next_step="Re-open it instead." if standing.state is S.CLOSED else f"From here it goes to: {ways}.",
        )
    lacking = [*missing(standing, to), *more]
    if lacking:
        raise NotYet(f"The case cannot be {to.value} yet", missing=lacking)


def _acknowledging(standing: Standing) -> list[Missing]:
    return [
        Missing(
            f"{number} is not acknowledged",
            "Tell the reporter that it has arrived, and note when.",
            Place("report", {"number": number}),
        )
        for number in standing.unacknowledged
    ]


def _triaging(standing: Standing) -> list[Missing]:
    lacking = []
    if not standing.versions:
        lacking.append(
            Missing("No device version is in the case", "Add the versions it is about, or close the report.")
        )
    if not standing.learned:
        lacking.append(
            Missing(
                "Nothing dates when the firm learned of it", "Note the first report, feed run or e-mail, with its date."
            )
        )
    if not standing.exploitation_said:
        lacking.append(
            Missing("Nobody has said whether it is exploited on a device of ours", "Answer the question in the case.")
        )
    lacking += [
        Missing(
            f"Nobody has said whether {number} tells of harm",
            "Ask the reporter, and say it.",
            Place("report", {"number": number}),
        )
        for number in standing.harm_unknown
    ]
    return lacking


def _assessing(standing: Standing) -> list[Missing]:
    if standing.determination is not None:
        return []
    return [Missing("Controlled or uncontrolled is not signed", "Assess it, and have both leads sign.")]


def _closing(standing: Standing) -> list[Missing]:
    early = standing.state in EARLY
    lacking = []
    if early:
        lacking += [
            Missing(
                f"No signed decision says that {version} is not affected",
                "Decide and sign its finding, or leave the version out with a reason.",
            )
            for version in standing.undecided
        ]
    else:
        lacking += _assessing(standing)
    if standing.open_tasks:
        said = "1 task is" if standing.open_tasks == 1 else f"{standing.open_tasks} tasks are"
        lacking.append(Missing(f"{said} open", "Do them, or say that they are not needed."))
    lacking += [
        Missing(f"The clock “{one}” still runs", "Note what stops it, or declare its start void with a reason.")
        for one in standing.running
        if not (early and one in standing.of_not_affected)
    ]
    return lacking
