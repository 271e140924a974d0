"""Controlled or uncontrolled: FDA's own examples, and the laws that the answer obeys."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from postmarket.assessment.rules.content import Content, HarmScenario, Resolution, StepControl
from postmarket.assessment.rules.determination import Outcome, outcome
from postmarket.assessment.rules.exploitability import Known, judge
from postmarket.assessment.rules.objections import objections
from postmarket.assessment.words import ControlState, EssentialPerformance
from postmarket.cases.words import Exploitation
from postmarket.monitoring.policy import pack_in_force
from postmarket.policy.interface import Authority, Determination, HarmSeverity
from postmarket.scoring.interface import ExploitMaturity
from tests.assessment.contents import (
    BY_HAND,
    EASY,
    MODERATE,
    READ_ONLY,
    answers,
    content,
    edit,
    firewall,
    harm,
    known,
    privacy,
)

C, R, U = Determination.CONTROLLED, Determination.REVIEW, Determination.UNCONTROLLED
PACK = pack_in_force()
WORSE = [C, R, U]
HERE = known(Exploitation.ACTIVE)
QUIET = known()


def come_to(said: Content, told: Known = QUIET) -> Outcome:
    """What it comes to."""
    return outcome(said, judge(said, told, PACK.thresholds), PACK)


def against(said: Content, told: Known = QUIET) -> Sequence[str]:
    """Where it cannot be signed yet."""
    judged = judge(said, told, PACK.thresholds)
    return [one.where for one in objections(said, told, judged, outcome(said, judged, PACK))]


NO_EFFECT = content(HarmSeverity.NEGLIGIBLE)
FDA: dict[str, tuple[Content, Known, Determination]] = {
    "C1 malware on a gas blood analyzer, essential performance unaffected": (NO_EFFECT, HERE, C),
    "C2 public exploit of a database, health information can be read only": (
        privacy(),
        known(maturity=ExploitMaturity.PROOF_OF_CONCEPT),
        C,
    ),
    "C3 open port, firmware cannot be downloaded, physical access": (
        content(HarmSeverity.SERIOUS, base=BY_HAND),
        known(),
        C,
    ),
    "C4 malware collects browsing data, no effect on performance": (NO_EFFECT, HERE, C),
    "U1 open port, unauthorised firmware is not stopped": (content(HarmSeverity.CRITICAL), known(), U),
    "U2 implant reprogrammable by a hard-coded password, moderate": (
        content(HarmSeverity.CATASTROPHIC, base=MODERATE),
        known(),
        U,
    ),
    "U3 a new failure mode impacts essential performance": (content(HarmSeverity.SERIOUS), known(), U),
    "U4 a patient was harmed, the exploit may have contributed to death": (content(), HERE, U),
}
"""Regulatory reference §1.7 (FDA postmarket guidance 2016)."""


@pytest.mark.parametrize("example", FDA)
def test_fdas_examples_come_out_as_fda_says(example: str) -> None:
    """Controlled or uncontrolled, and nothing else stands in the way of signing them."""
    said, told, expected = FDA[example]

    assert come_to(said, told).final is expected
    assert against(said, told) == []


def test_u3_told_to_disconnect_is_controlled_only_when_two_people_say_so() -> None:
    """The compensating control lowers it to a clinical review, which is no answer yet."""
    disconnected = content(HarmSeverity.SERIOUS, controls=(firewall(),))

    assert (come_to(disconnected).cell, come_to(disconnected).final) == (R, None)
    assert against(disconnected) == ["resolution"]
    resolved = replace(
        disconnected, resolution=Resolution(C, "Disconnected pumps infuse on; a nurse sees them hourly.")
    )
    assert come_to(resolved).final is C
    assert "a nurse sees them hourly" in come_to(resolved).why


def test_a_review_is_never_an_answer() -> None:
    """Whatever the matrix leaves to clinical review has no final determination until it is resolved."""
    for severity in HarmSeverity:
        for base in (EASY, MODERATE, BY_HAND):
            found = come_to(content(severity, base=base))
            assert found.final in (C, U, None)
            assert (found.final is None) == (found.cell is R)


@pytest.mark.parametrize("severity", [HarmSeverity.CRITICAL, HarmSeverity.CATASTROPHIC])
def test_uncontrolled_is_not_argued_away(severity: HarmSeverity) -> None:
    """A resolution settles a review or raises an answer; a lowering one does not count, and is objected."""
    lowered = replace(content(severity), resolution=Resolution(C, "We think it is fine."))

    assert come_to(lowered).final is U
    assert "resolution" in against(lowered)


def test_the_leads_may_raise_what_the_matrix_calls_controlled() -> None:
    """Clinical judgement goes before the score."""
    raised = replace(
        content(HarmSeverity.MINOR, base=BY_HAND), resolution=Resolution(U, "Neonates cannot tell us that it hurts.")
    )

    assert come_to(raised).final is U
    assert against(raised) == []


def test_harm_that_nobody_judged_is_not_low() -> None:
    """One scenario without a severity leaves the whole without an answer, however mild the others are."""
    said = replace(content(), harm=(harm(HarmSeverity.NEGLIGIBLE), harm(None, patients="neonates")))

    assert come_to(said, known()).final is None
    assert "harm" in against(said)
    assert come_to(replace(content(), harm=())).final is None


def test_whether_essential_performance_is_affected_must_be_said() -> None:
    """Unknown is no."""
    said = replace(harm(HarmSeverity.NEGLIGIBLE), essential_performance=EssentialPerformance.UNKNOWN)

    assert against(replace(content(), harm=(said,))) == ["harm"]


def test_exploitation_that_nobody_spoke_of_is_not_none() -> None:
    """It counts as a proof of concept, and nothing is signed before somebody says."""
    unsaid = known(None)

    assert against(content(HarmSeverity.MINOR, base=BY_HAND), unsaid) == ["exploitation"]
    assert come_to(content(HarmSeverity.SERIOUS, base=BY_HAND), unsaid).cell is R
    assert come_to(content(HarmSeverity.SERIOUS, base=BY_HAND), known()).cell is C


def test_privacy_is_fdas_word_and_the_cells_are_the_firms() -> None:
    """Who says what is never mixed up."""
    assert come_to(privacy()).citation.authority is Authority.GUIDANCE
    assert come_to(content()).citation.authority is Authority.FIRM


@pytest.mark.parametrize(
    "said",
    [
        privacy(base=EASY),
        replace(privacy(), harm=(harm(HarmSeverity.NEGLIGIBLE),)),
        replace(privacy(base=""), scoring=replace(privacy().scoring, base="", base_from="")),
        replace(privacy(base=""), scoring=replace(privacy().scoring, base="", answers=answers(XIT="U"))),
        replace(privacy(), scoring=replace(privacy().scoring, edits=(edit("MSA", "S"),))),
    ],
    ids=["the vector alters", "harm is described", "nothing rules it out", "a rubric answer is unknown", "MSA:S"],
)
def test_privacy_only_must_go_together_with_everything_else(said: Content) -> None:
    """That leaked data cannot alter the device is held against the scores, and unknown does not pass."""
    assert "privacy" in against(said)


def test_a_metric_set_for_the_device_can_rule_out_that_it_alters() -> None:
    """The source's vector says integrity is hit; ours says why it is not here."""
    ours = replace(
        privacy(base=READ_ONLY.replace("VI:N", "VI:L")).scoring, edits=(edit("MVI", "N", "The share is read-only."),)
    )

    assert against(replace(privacy(), scoring=ours)) == []


severities = st.sampled_from(list(HarmSeverity))
scenarios = st.lists(severities, min_size=1, max_size=4)
knowns = st.builds(
    known,
    st.sampled_from(list(Exploitation)),
    kev=st.booleans(),
    epss=st.sampled_from([None, 0.0, 0.05, 0.5]),
    maturity=st.sampled_from(list(ExploitMaturity)),
)
controls = st.lists(
    st.builds(
        firewall,
        state=st.sampled_from(list(ControlState)),
        credited=st.booleans(),
        proof=st.sampled_from(["", "The port is closed by hardware."]),
    ),
    max_size=2,
)
bases = st.sampled_from([EASY, MODERATE, BY_HAND, ""])


def of(found: Sequence[HarmSeverity], base: str, hung: Sequence[StepControl]) -> Content:
    """Scenarios of these severities."""
    judged: tuple[HarmScenario, ...] = tuple(
        harm(severity, patients=f"group {place}") for place, severity in enumerate(found)
    )
    return replace(content(base=base, controls=tuple(hung)), harm=judged)


@given(scenarios, bases, controls, knowns, severities)
def test_more_severe_is_never_milder(
    found: list[HarmSeverity], base: str, hung: list[StepControl], told: Known, more: HarmSeverity
) -> None:
    """Another patient group, or a worse one, never takes an answer from uncontrolled towards controlled."""
    before, after = come_to(of(found, base, hung), told).cell, come_to(of([*found, more], base, hung), told).cell

    assert before is not None
    assert after is not None
    assert WORSE.index(after) >= WORSE.index(before)


@given(scenarios, bases, controls, knowns)
def test_more_exploited_is_never_milder(
    found: list[HarmSeverity], base: str, hung: list[StepControl], told: Known
) -> None:
    """KEV, exploitation of our devices, a better vector for the attacker: each only raises."""
    said = of(found, base, hung)
    before = come_to(said, told).cell
    worse = [
        come_to(said, Known(replace(told.vulnerability, kev=True), told.exploitation)).cell,
        come_to(said, Known(replace(told.vulnerability, maturity=ExploitMaturity.ACTIVE), told.exploitation)).cell,
        come_to(said, Known(told.vulnerability, Exploitation.ACTIVE)).cell,
        come_to(of(found, EASY, hung), told).cell,
        come_to(of(found, base, []), told).cell,
    ]

    assert before is not None
    for after in worse:
        assert after is not None
        assert WORSE.index(after) >= WORSE.index(before)


@given(scenarios, bases, controls, knowns, st.sampled_from([C, U]))
def test_an_answer_is_binary_and_never_below_the_matrix(
    found: list[HarmSeverity], base: str, hung: list[StepControl], told: Known, wish: Determination
) -> None:
    """With a resolution there is always one of two answers, and an uncontrolled cell stays uncontrolled."""
    said = replace(of(found, base, hung), resolution=Resolution(wish, "The leads agreed."))
    result = come_to(said, told)

    assert result.final in (C, U)
    assert result.cell is not U or result.final is U
