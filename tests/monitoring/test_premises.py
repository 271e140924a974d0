"""What re-opens a decision: laws that hold for any grounds, and the firm's table."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmarket.documents.vex.interface import Justification, Status
from postmarket.monitoring.errors import NotPossible
from postmarket.monitoring.rules.answers import REASONS, Answer, worst
from postmarket.monitoring.rules.premises import Grounds, changes, named_by, premise_table, said
from postmarket.monitoring.rules.states import NEXT, become
from postmarket.monitoring.words import DecisionState, Premise
from postmarket.policy.interface import Authority
from postmarket.scoring.interface import ExploitMaturity

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Nothing here measures time: the machine may be busy."""
WORDS = st.sampled_from(["a", "b", "c"])
GROUNDS = st.builds(
    Grounds,
    kev=st.sampled_from(["", "2026-11-01", "2026-11-20"]),
    exploit=st.sampled_from([maturity.value for maturity in ExploitMaturity]),
    epss=st.sampled_from([None, 0.0, 0.05, 0.1, 0.4, 1.0]),
    score=st.sampled_from(["", "7.5 (CVSS 3.1)", "9.8 (CVSS 3.1)"]),
    grade=st.sampled_from(["none", "confirmed", "unverified", "possible", "contradicted"]),
    ranges=st.lists(WORDS, unique=True).map(tuple),
    names=st.lists(WORDS, unique=True).map(tuple),
    rejected=st.booleans(),
    listed=st.booleans(),
    policy=st.sampled_from(["seed 1", "seed 2"]),
)
SOME = st.frozensets(st.sampled_from(list(Premise)))
FIELDS = {
    Premise.KEV: ("kev",),
    Premise.EXPLOIT: ("exploit",),
    Premise.EPSS: ("epss",),
    Premise.SCORE: ("score",),
    Premise.RANGE: ("grade", "ranges"),
    Premise.COMPONENT: ("listed",),
    Premise.GROUP: ("names",),
    Premise.REJECTED: ("rejected",),
    Premise.POLICY: ("policy",),
}


@UNHURRIED
@given(GROUNDS, SOME)
def test_what_did_not_change_reopens_nothing(grounds: Grounds, premises: frozenset[Premise]) -> None:
    """Whatever it rests on."""
    assert changes(grounds, grounds, premises) == ()


@UNHURRIED
@given(GROUNDS, GROUNDS, SOME)
def test_only_named_premises_are_looked_at(before: Grounds, now: Grounds, premises: frozenset[Premise]) -> None:
    """Everything else may change as it likes."""
    kept = {field: getattr(before, field) for premise in premises for field in FIELDS[premise]}
    unnamed = Grounds(**{**{name: getattr(now, name) for name in Grounds.__struct_fields__}, **kept})

    assert changes(before, unnamed, premises) == ()


@UNHURRIED
@given(GROUNDS, GROUNDS, SOME, SOME)
def test_each_premise_speaks_for_itself(
    before: Grounds, now: Grounds, some: frozenset[Premise], more: frozenset[Premise]
) -> None:
    """Naming more never hides a change."""
    assert set(changes(before, now, some)) <= set(changes(before, now, some | more))


@UNHURRIED
@given(st.none() | st.floats(0, 1), st.none() | st.floats(0, 1))
def test_epss_reopens_by_a_jump_and_never_by_a_fall(before: float | None, now: float | None) -> None:
    """The jump is the table's; unknown counts as nothing."""
    found = changes(Grounds(epss=before), Grounds(epss=now), {Premise.EPSS})
    rise = (now or 0.0) - (before or 0.0)

    assert bool(found) is (round(rise, 6) >= premise_table().epss_jump)


@UNHURRIED
@given(GROUNDS, GROUNDS)
def test_neither_epss_nor_exploits_reopen_what_is_not_there(before: Grounds, now: Grounds) -> None:
    """ "Component not present" rests on the SBOM and on what the name means."""
    premises = named_by(Answer(Status.NOT_AFFECTED, Justification.COMPONENT_NOT_PRESENT))

    assert premises == {Premise.COMPONENT, Premise.GROUP}
    if before.listed == now.listed and set(before.names) == set(now.names):
        assert changes(before, now, premises) == ()


def test_every_answer_has_its_premises_by_the_firms_authority() -> None:
    """No status and no justification is left out of the table; all rest on the component and the names."""
    answers = [Answer(status) for status in Status if status is not Status.NOT_AFFECTED]
    answers += [Answer(Status.NOT_AFFECTED, justification) for justification in REASONS]

    for answer in answers:
        assert named_by(answer) >= {Premise.COMPONENT, Premise.GROUP}
        assert set(said(Grounds(), named_by(answer))) == {premise.value for premise in named_by(answer)}
    assert premise_table().citation.authority is Authority.FIRM


@UNHURRIED
@given(st.lists(st.sampled_from(list(Status)), min_size=1))
def test_the_worst_status_does_not_depend_on_the_order(statuses: list[Status]) -> None:
    """One affected component makes a finding affected; all must be cleared to clear it."""
    assert worst(statuses) is worst(statuses[::-1])
    assert (worst(statuses) is Status.AFFECTED) is (Status.AFFECTED in statuses)
    assert (worst(statuses) is Status.NOT_AFFECTED) is (set(statuses) == {Status.NOT_AFFECTED})


@pytest.mark.parametrize("state", list(DecisionState))
@pytest.mark.parametrize("then", list(DecisionState))
def test_only_a_proposal_can_take_effect_and_what_is_over_stays_over(state: DecisionState, then: DecisionState) -> None:
    """Nothing comes into effect but by a signature on a proposal."""
    if then in NEXT[state]:
        assert become(state, then) is then
        assert state not in {DecisionState.REPLACED, DecisionState.WITHDRAWN}
        assert then is not DecisionState.IN_EFFECT or state is DecisionState.PROPOSED
    else:
        with pytest.raises(NotPossible):
            become(state, then)
