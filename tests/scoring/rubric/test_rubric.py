"""MITRE's rubric: what answers come to, and which of them moved the score."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.scoring.errors import ScoringError
from postmarket.scoring.rubric import QUALIFICATION, QUESTIONS, Answer, answered, asked_next, moved
from postmarket.scoring.rubric.questions import is_asked
from postmarket.scoring.vectors import parse

Y, N, U = Answer.YES, Answer.NO, Answer.UNKNOWN
NOTHING_HIT = dict.fromkeys((one.id for one in QUESTIONS if one.metric in "CIA"), N)
ANSWERS = st.dictionaries(st.sampled_from([one.id for one in QUESTIONS]), st.sampled_from(Answer))


def metric(name: str, **answers: Answer) -> str:
    """The value that these answers give a metric."""
    return parse(answered(answers).vector).metrics[name]


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ({"XAVN": U}, "N"),
        ({"XAVN": Y, "XAVT": Y}, "N"),
        ({"XAVN": Y, "XAVT": U}, "N"),
        ({"XAVN": Y, "XAVT": N, "XAVW": Y, "XAVR": Y}, "L"),
        ({"XAVN": Y, "XAVT": N, "XAVW": Y, "XAVR": N}, "A"),
        ({"XAVN": Y, "XAVT": N, "XAVW": Y, "XAVR": U}, "A"),
        ({"XAVN": Y, "XAVT": N, "XAVW": N}, "A"),
        ({"XAVN": N, "XAVP": Y}, "P"),
        ({"XAVN": N, "XAVP": N}, "L"),
        ({"XAVN": N, "XAVP": U}, "L"),
    ],
)
def test_the_attack_vector(answers: dict[str, Answer], value: str) -> None:
    """Every branch of the rubric's tree (reference §5.2)."""
    assert metric("AV", **answers) == value


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ({"XPRL": N}, "N"),
        ({"XPRL": Y, "XPRZ": N}, "N"),
        ({"XPRL": Y, "XPRZ": U}, "N"),
        ({"XPRL": Y, "XPRZ": Y, "XPRS": Y}, "H"),
        ({"XPRL": Y, "XPRZ": Y, "XPRS": N}, "L"),
        ({"XPRL": Y, "XPRZ": Y, "XPRS": U}, "L"),
    ],
)
def test_privileges(answers: dict[str, Answer], value: str) -> None:
    """Every branch."""
    assert metric("PR", **answers) == value


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ({"XCP": Y, "XCPM": N}, "L"),
        ({"XCP": Y, "XCPM": Y}, "H"),
        ({"XCP": Y, "XCPM": U}, "H"),
        ({"XCP": Y, "XCPM": N, "XCS": Y}, "H"),
        ({}, "N"),
        ({"XCO": U}, "H"),
    ],
)
def test_what_is_disclosed(answers: dict[str, Answer], value: str) -> None:
    """The data of a few patients is low; unknown is high, never low."""
    assert metric("C", **{**NOTHING_HIT, **answers}) == value


def test_therapy_that_can_be_altered_is_a_high_impact_on_integrity() -> None:
    """A pump whose rate an attacker on its network can change."""
    told = answered({**NOTHING_HIT, "XAVN": Y, "XAVT": Y, "XACL": Y, "XPRL": N, "XUI": N, "XS": N, "XIT": Y})

    assert told.vector == "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N"
    assert told.score.label == "7.5 Base (3.1)"
    assert told.open is None
    assert next(one.questions for one in told.reasons if one.metric == "I") == ("XIT",)


def test_nothing_answered_is_the_worst_case_and_says_so() -> None:
    """Unknown is never low."""
    told = answered({})

    assert told.score.value == 10.0
    assert all(one.assumed for one in told.reasons)
    assert told.open is not None
    assert told.open.id == "XAVN"


def test_the_wired_branch_that_implementations_dispute_is_marked() -> None:
    """It is taken as the worse of the two readings until somebody reads MITRE's document."""
    told = answered({"XAVN": Y, "XAVT": N, "XAVW": N})

    assert "disagree" in told.reasons[0].note


def test_an_answer_to_a_question_that_is_not_asked_counts_for_nothing() -> None:
    """Somebody changed an earlier answer: the later one stays in the form and out of the vector."""
    assert answered({"XAVN": Y, "XAVT": Y, "XAVP": Y}).extended == answered({"XAVN": Y, "XAVT": Y}).extended


def test_an_unknown_question_is_refused() -> None:
    """A form of another rubric."""
    with pytest.raises(ScoringError, match="no question 'XCIP'"):
        answered({"XCIP": Y})


def test_the_vector_says_for_which_version_the_rubric_is_qualified() -> None:
    """3.0 (MDDT Q171974)."""
    assert "v3.0 only" in QUALIFICATION


@given(ANSWERS)
def test_an_extended_vector_scores_as_its_base(answers: dict[str, Answer]) -> None:
    """The questions are there to be read; tools leave them out."""
    told = answered(answers)

    assert parse(told.extended).vector == told.vector


@given(ANSWERS)
def test_going_on_with_the_next_question_ends_with_every_asked_one_answered(answers: dict[str, Answer]) -> None:
    """The form always leads to its end."""
    given_ = dict(answers)
    while (one := asked_next(given_)) is not None:
        given_[one.id] = N

    assert all(one.id in given_ for one in QUESTIONS if is_asked(one, given_))
    assert answered(given_).open is None


@given(ANSWERS, ANSWERS)
def test_what_moved_the_score_adds_up(before: dict[str, Answer], after: dict[str, Answer]) -> None:
    """From the old score to the new one without a gap, and nothing that did not change is named."""
    steps = moved(before, after)
    scores = [answered(before).score.value, *(step.score_after for step in steps)]

    assert [step.score_before for step in steps] == scores[:-1]
    assert scores[-1] == answered(after).score.value
    assert {step.question for step in steps} == {id_ for id_ in before | after if before.get(id_) is not after.get(id_)}
