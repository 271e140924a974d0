"""The pathway: whole, in order, drawn."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmarket.assessment.rules.content import Pathway, Step, StepControl
from postmarket.assessment.rules.drawing import GAP, Tone, layout
from postmarket.assessment.rules.pathway import HAZARD_CHAIN, in_order, missing, sentence
from postmarket.assessment.words import ControlState, StepKind
from tests.assessment.contents import STEPS, firewall, with_controls

WHOLE = Pathway(STEPS)


def test_it_says_which_steps_are_missing() -> None:
    """In the order in which an exploit goes."""
    assert missing(Pathway(STEPS[:3])) == (StepKind.BEHAVIOUR, StepKind.SITUATION, StepKind.HARM)
    assert missing(WHOLE) == ()


def test_a_kind_may_have_several_steps_and_none_stands_before_its_cause() -> None:
    """Two effects on the device, one after the other."""
    twice = (*STEPS[:4], Step(StepKind.BEHAVIOUR, "Pump stops"), *STEPS[4:])

    assert in_order(Pathway(twice))
    assert not in_order(Pathway((STEPS[1], STEPS[0])))


def test_each_step_has_its_place_in_the_hazard_chain() -> None:
    """The term is the article's (F28); ISO 14971's words stand beside it."""
    assert set(HAZARD_CHAIN) == set(StepKind)
    assert HAZARD_CHAIN[StepKind.SITUATION] == "hazardous situation"
    assert sentence(Pathway(STEPS[:2])) == "Hospital VLAN → Parser crash"


def test_it_is_drawn_from_left_to_right_with_controls_under_their_step() -> None:
    """As the picture shows: six boxes, five arrows, the harm in its own tone."""
    drawn = layout(Pathway(with_controls(firewall(), firewall(key=2, state=ControlState.PARTIAL))))

    assert [box.kind for box in drawn.boxes] == list(StepKind)
    assert len({box.y for box in drawn.boxes}) == len({box.height for box in drawn.boxes}) == 1
    assert [(one.x + one.width + GAP) for one in drawn.boxes[:-1]] == [box.x for box in drawn.boxes[1:]]
    assert [arrow.points[0][0] < arrow.points[1][0] for arrow in drawn.arrows] == [True] * 5
    assert [box.tone for box in drawn.boxes][3:] == [Tone.AT_RISK, Tone.AT_RISK, Tone.HARM]
    first, second = drawn.marks
    assert (first.tone, second.tone) == (Tone.GOOD, Tone.WEAK)
    assert first.from_y == drawn.boxes[0].y + drawn.boxes[0].height < first.y < second.y
    assert [line.text for line in first.lines[: first.named]] == ["Firewall rule"]
    assert "TR-0417" in " ".join(line.text for line in first.lines)


def test_on_a_phone_it_is_a_column() -> None:
    """One wide box in a row, and every arrow goes straight down on the top of the next, past the controls."""
    drawn = layout(Pathway(with_controls(firewall())), per_row=1)

    assert {box.x for box in drawn.boxes} == {0}
    for arrow, box in zip(drawn.arrows, drawn.boxes[1:], strict=True):
        (left, _), (right, end) = arrow.points
        assert left == right < box.width
        assert end == box.y
    assert drawn.marks[0].x < drawn.arrows[0].points[0][0]


def test_nothing_is_drawn_of_nothing() -> None:
    """An empty pathway has no picture."""
    assert (layout(Pathway()).width, layout(Pathway()).boxes) == (0, ())


texts = st.text(st.characters(codec="ascii", categories=["L", "Nd", "Zs"]), min_size=1, max_size=200)
hung = st.lists(
    st.builds(StepControl, st.integers(1, 9), texts, st.sampled_from(ControlState), texts, texts), max_size=3
)
steps = st.lists(st.builds(Step, st.sampled_from(StepKind), texts, texts, hung.map(tuple)), min_size=1, max_size=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps, st.integers(1, 6))
def test_whatever_is_written_stays_inside_and_apart(made: list[Step], per_row: int) -> None:
    """Boxes never overlap, every text of a box is within it, and the picture holds everything."""
    drawn = layout(Pathway(tuple(made)), per_row=per_row)

    assert len(drawn.boxes) == len(made)
    for box in drawn.boxes:
        for line in (box.title, *box.lines, *box.detail):
            assert box.x < line.x < box.x + box.width
            assert box.y < line.y < box.y + box.height
        assert box.x + box.width <= drawn.width
        assert box.y + box.height <= drawn.height
    for mark in drawn.marks:
        assert all(mark.from_y < line.y <= drawn.height for line in mark.lines)
        for box in drawn.boxes:
            if box.x <= mark.x <= box.x + box.width:
                assert not box.y <= mark.y <= box.y + box.height
    for one, two in pairwise(drawn.boxes):
        assert one.x + one.width <= two.x or one.y + one.height <= two.y
