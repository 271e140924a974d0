"""SSVC decisions, the unknown included."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.scoring import ssvc_trees as trees
from postmarket.scoring.errors import ScoringError
from postmarket.scoring.interface import CisaLevel, Decision, SupplierPriority
from postmarket.scoring.ssvc import decide, decide_supplier, utilities


@pytest.mark.parametrize(
    ("points", "outcome"),
    [
        (("none", "no", "partial", "low"), CisaLevel.TRACK),
        (("none", "no", "total", "high"), CisaLevel.TRACK_STAR),
        (("none", "yes", "partial", "high"), CisaLevel.ATTEND),
        (("poc", "no", "total", "medium"), CisaLevel.TRACK_STAR),
        (("public poc", "yes", "total", "high"), CisaLevel.ATTEND),
        (("Active", "No", "Total", "Medium"), CisaLevel.ATTEND),
        (("active", "yes", "total", "medium"), CisaLevel.ACT),
        (("active", "yes", "partial", "low"), CisaLevel.ATTEND),
    ],
)
def test_rows_of_the_cisa_tree(points: tuple[str, str, str, str], outcome: CisaLevel) -> None:
    """Known points give one outcome (reference §6.1)."""
    decision = decide(*points)

    assert decision.outcome is decision.worst is outcome
    assert decision.unknown == ()


@pytest.mark.parametrize(
    ("points", "outcome"),
    [
        (("none", "laborious", "partial", "minimal"), SupplierPriority.DEFER),
        (("none", "laborious", "total", "significant"), SupplierPriority.OUT_OF_CYCLE),
        (("poc", "laborious", "partial", "significant"), SupplierPriority.OUT_OF_CYCLE),
        (("poc", "super_effective", "total", "minimal"), SupplierPriority.OUT_OF_CYCLE),
        (("active", "super effective", "partial", "minimal"), SupplierPriority.IMMEDIATE),
    ],
)
def test_rows_of_the_supplier_tree(points: tuple[str, str, str, str], outcome: SupplierPriority) -> None:
    """Known points give one outcome (CERTCC/SSVC, supplier 1.0.0)."""
    assert decide_supplier(*points).outcome is outcome


def test_every_exploited_or_exploitable_threat_to_safety_is_urgent() -> None:
    """With significant safety impact every proof of concept is out-of-cycle or immediate (reference §6.1)."""
    for exploitation in ("poc", "active"):
        assert decide_supplier(exploitation, public_safety_impact="significant").possible[0] in (
            SupplierPriority.OUT_OF_CYCLE,
            SupplierPriority.IMMEDIATE,
        )


def test_unknown_points_leave_a_range() -> None:
    """CISA publishes three of the four points; the mission is the reader's own to know."""
    decision = decide("active", "yes", "total")

    assert decision.outcome is None
    assert decision.possible == (CisaLevel.ATTEND, CisaLevel.ACT)
    assert decision.worst is CisaLevel.ACT
    assert decision.label == "attend to act (mission unknown)"


def test_a_point_that_does_not_matter_need_not_be_known() -> None:
    """One outcome is one outcome, even with a point unknown, and the point is still named."""
    decision = decide("none", "no", "partial", "")

    assert decision.outcome is CisaLevel.TRACK
    assert decision.label == "track"
    assert decision.unknown == ("mission",)


def test_knowing_nothing_leaves_everything_possible() -> None:
    """Unknown is never low."""
    assert decide().possible == tuple(CisaLevel)
    assert decide_supplier().possible == tuple(SupplierPriority)


@pytest.mark.parametrize(
    ("automatable", "density", "expected"),
    [
        ("no", "diffuse", ("laborious",)),
        ("no", "concentrated", ("efficient",)),
        ("yes", "diffuse", ("efficient",)),
        ("yes", "concentrated", ("super effective",)),
        ("yes", "", ("efficient", "super effective")),
        ("", "", ("laborious", "efficient", "super effective")),
    ],
)
def test_utility(automatable: str, density: str, expected: tuple[str, ...]) -> None:
    """Utility follows from automatable and value density, a range when one is unknown."""
    assert utilities(automatable, density) == expected


@pytest.mark.parametrize("points", [("wild",), ("none", "maybe"), ("none", "no", "partial", "extreme\n")])
def test_a_value_the_point_does_not_have_is_refused(points: tuple[str, ...]) -> None:
    """One line, with the values that it has."""
    with pytest.raises(ScoringError, match="Use one of") as raised:
        decide(*points)

    assert raised.value.line().isprintable()


CISA_POINTS = [trees.POINTS[point] for point in trees.CISA_COORDINATOR_POINTS]
SUPPLIER_POINTS = [trees.POINTS[point] for point in trees.SUPPLIER_POINTS]


def test_each_tree_answers_every_combination() -> None:
    """36 rows each, and none missing."""
    cisa = [decide(*points).outcome for points in product(*CISA_POINTS)]
    supplier = [decide_supplier(*points).outcome for points in product(*SUPPLIER_POINTS)]

    assert len(cisa) == len(supplier) == 36
    assert None not in cisa
    assert None not in supplier


@given(st.tuples(*map(st.sampled_from, CISA_POINTS)), st.integers(0, 3))
def test_forgetting_a_point_only_widens_the_answer(points: tuple[str, str, str, str], forgotten: int) -> None:
    """What was the outcome stays possible."""
    left = [*points]
    left[forgotten] = ""

    assert set(decide(*points).possible) <= set(decide(*left).possible)


@given(st.tuples(*map(st.sampled_from, SUPPLIER_POINTS)), st.integers(0, 3))
def test_a_more_pressing_point_is_never_less_urgent(points: tuple[str, str, str, str], raised: int) -> None:
    """Both trees rise along each of their points."""
    values = SUPPLIER_POINTS[raised]
    more = [*points]
    more[raised] = values[min(values.index(points[raised]) + 1, len(values) - 1)]

    assert rank(decide_supplier(*points), tuple(SupplierPriority)) <= rank(
        decide_supplier(*more), tuple(SupplierPriority)
    )


def rank(decision: Decision[SupplierPriority], order: tuple[SupplierPriority, ...]) -> int:
    """How urgent the outcome is, 0 the least."""
    return order.index(decision.worst)
