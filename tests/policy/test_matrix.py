"""The risk matrix."""

from __future__ import annotations

from itertools import pairwise

import pytest

from postmarket.policy.interface import Authority, Determination, HarmSeverity
from postmarket.policy.matrix import determine, harm_words
from postmarket.policy.pack import Pack
from postmarket.scoring.interface import Exploitability

ORDER = [Determination.CONTROLLED, Determination.REVIEW, Determination.UNCONTROLLED]


@pytest.mark.parametrize(
    ("exploitability", "cells"),
    [(Exploitability.LOW, "CCCRU"), (Exploitability.MEDIUM, "CCRUU"), (Exploitability.HIGH, "CRUUU")],
)
def test_the_default_cells(pack: Pack, exploitability: Exploitability, cells: str) -> None:
    """The matrix of the regulatory reference §1.2, cell by cell."""
    assert "".join(determine(exploitability, harm, pack).determination for harm in HarmSeverity) == cells


def test_fdas_example(pack: Pack) -> None:
    """Moderate exploitability with permanent impairment or death is uncontrolled (2016 guidance)."""
    for harm in (HarmSeverity.CRITICAL, HarmSeverity.CATASTROPHIC):
        assert determine(Exploitability.MEDIUM, harm, pack).determination is Determination.UNCONTROLLED


def test_only_a_review_needs_two_people(pack: Pack) -> None:
    """R must be resolved by two signatures; C and U are answers already."""
    for exploitability in Exploitability:
        for harm in HarmSeverity:
            cell = determine(exploitability, harm, pack)
            assert cell.signatures == (2 if cell.determination is Determination.REVIEW else 0)


def test_worse_is_never_milder(pack: Pack) -> None:
    """Monotone along both axes."""
    grid = [[ORDER.index(determine(e, h, pack).determination) for h in HarmSeverity] for e in Exploitability]

    for row in grid:
        assert row == sorted(row)
    for easier, harder in pairwise(reversed(grid)):
        assert all(more >= less for more, less in zip(easier, harder, strict=True))


def test_the_cells_are_the_firms(pack: Pack) -> None:
    """FDA drew a gradient, not a table: the cells are not worded as FDA's."""
    cell = determine(Exploitability.HIGH, HarmSeverity.MINOR, pack)

    assert cell.citation.authority is Authority.FIRM
    assert cell.rule == "matrix.high.minor"


def test_what_the_severities_mean(pack: Pack) -> None:
    """FDA's words for each severity."""
    assert [harm_words(harm, pack) for harm in HarmSeverity] == [
        "inconvenience or temporary discomfort",
        "temporary injury or impairment not needing professional medical intervention",
        "injury or impairment needing professional medical intervention",
        "permanent impairment or life-threatening injury",
        "patient death",
    ]
