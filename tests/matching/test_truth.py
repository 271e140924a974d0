"""Three values over a whole device: the laws of Kleene's strong logic."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from postmarket.matching.truth import Truth, all_of, any_of, evaluate
from postmarket.sources.interface import Node, Operator

truths = st.sampled_from([True, False, None])
nodes = st.recursive(
    st.builds(
        Node,
        operator=st.sampled_from(Operator),
        criteria=st.lists(st.integers(0, 3), max_size=3).map(tuple),
        negate=st.booleans(),
    ),
    lambda children: st.builds(
        Node,
        operator=st.sampled_from(Operator),
        criteria=st.lists(st.integers(0, 3), max_size=2).map(tuple),
        nodes=st.lists(children, max_size=2).map(tuple),
        negate=st.booleans(),
    ),
    max_leaves=5,
)


def test_an_empty_node_is_unknown() -> None:
    """Nothing said is neither true nor false."""
    assert evaluate(Node(Operator.AND), lambda _: True) is None
    assert evaluate(Node(Operator.OR), lambda _: True) is None


@given(st.lists(truths, min_size=1))
def test_and_and_or_are_each_others_mirror(values: list[Truth]) -> None:
    """De Morgan, with unknown staying unknown."""
    mirrored = [None if value is None else not value for value in values]

    either, both = any_of(values), all_of(mirrored)

    assert either == (None if both is None else not both)


@given(nodes, st.lists(truths, min_size=4, max_size=4))
def test_a_known_result_survives_any_answer_to_the_unknowns(node: Node, leaves: list[Truth]) -> None:
    """Decided while a platform is unknown means decided the same, whatever the platform turns out to be."""
    result = evaluate(node, lambda position: leaves[position])
    unknown = [position for position, value in enumerate(leaves) if value is None]

    for answers in product((True, False), repeat=len(unknown)):
        known = dict(zip(unknown, answers, strict=True))
        settled = evaluate(node, lambda position, known=known: known.get(position, leaves[position]))  # type: ignore[misc]
        assert result is None or settled is result or settled is None
