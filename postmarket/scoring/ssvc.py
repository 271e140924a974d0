"""
SSVC decisions: CISA's coordinator tree, and the supplier tree, which fits a manufacturer better (reference §6.1).

A point that is not known stays unknown: the answer is then every outcome still possible, never a guess. Points are
taken as sources write them: any case, `poc` for `public poc`, `_` or `-` for a space, empty for unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

from postmarket.scoring import ssvc_trees as trees
from postmarket.scoring.errors import ScoringError
from postmarket.scoring.interface import CisaLevel, Decision, SupplierPriority

_SPELLINGS = {"poc": "public poc", "proof of concept": "public poc", "super-effective": "super effective"}


def decide(
    exploitation: str = "", automatable: str = "", technical_impact: str = "", mission: str = ""
) -> Decision[CisaLevel]:
    """
    CISA's coordinator tree 2.0.3: track, track*, attend or act.

    `exploitation` none, poc or active; `automatable` no or yes; `technical_impact` partial or total; `mission`
    (mission and well-being) low, medium or high. Raises ScoringError for a value that the point does not have.
    """
    return _decide_cisa(exploitation, automatable, technical_impact, mission)


def decide_supplier(
    exploitation: str = "", utility: str = "", technical_impact: str = "", public_safety_impact: str = ""
) -> Decision[SupplierPriority]:
    """
    The supplier tree 1.0.0: defer, scheduled, out-of-cycle or immediate work on a fix.

    `utility` laborious, efficient or super effective (see `utilities`); `public_safety_impact` minimal or
    significant, the latter from marginal harm upwards. Raises ScoringError for a value the point does not have.
    """
    return _decide_supplier(exploitation, utility, technical_impact, public_safety_impact)


def utilities(automatable: str = "", value_density: str = "") -> tuple[str, ...]:
    """
    The utility values that `automatable` (no, yes) and `value_density` (diffuse, concentrated) leave possible.

    Least first. Raises ScoringError for a value the point does not have.
    """
    left = product(_values("automatable", automatable), _values("value density", value_density))
    found = {trees.UTILITY_ROWS[pair] for pair in left}
    return tuple(value for value in trees.POINTS["utility"] if value in found)


@lru_cache(maxsize=512)
def _decide_cisa(*given: str) -> Decision[CisaLevel]:
    points = trees.CISA_COORDINATOR_POINTS
    found = _outcomes(_table(trees.CISA_COORDINATOR_ROWS, points[-1]), points, given)
    possible = tuple(level for level in CisaLevel if level.value in found)
    return Decision(trees.CISA_COORDINATOR, possible, _unknown(points, given))


@lru_cache(maxsize=512)
def _decide_supplier(*given: str) -> Decision[SupplierPriority]:
    points = trees.SUPPLIER_POINTS
    found = _outcomes(_table(trees.SUPPLIER_ROWS, points[-1]), points, given)
    possible = tuple(priority for priority in SupplierPriority if priority.value in found)
    return Decision(trees.SUPPLIER, possible, _unknown(points, given))


@lru_cache(maxsize=2)
def _table(rows: str, last_point: str) -> Mapping[tuple[str, ...], str]:
    """The rows of a tree as a mapping from every point's value to the outcome's name."""
    table: dict[tuple[str, ...], str] = {}
    for row in rows.strip().splitlines():
        cells = [cell.strip() for cell in row.split("|")]
        for value, outcome in zip(trees.POINTS[last_point], cells[3:], strict=True):
            table[(*cells[:3], value)] = outcome
    return table


def _outcomes(table: Mapping[tuple[str, ...], str], points: tuple[str, ...], given: tuple[str, ...]) -> set[str]:
    left = (_values(point, value) for point, value in zip(points, given, strict=True))
    return {table[combination] for combination in product(*left)}


def _values(point: str, given: str) -> tuple[str, ...]:
    """What the point may be: the value given, or all of them when it is unknown."""
    words = " ".join(given.lower().replace("_", " ").split())
    words = _SPELLINGS.get(words, words)
    possible = trees.POINTS[point]
    if words in ("", "unknown"):
        return possible
    if words not in possible:
        raise ScoringError(
            f"SSVC {point} cannot be {given[:60]!r}",
            next_step=f"Use one of {', '.join(possible)}, or leave it empty when it is unknown.",
        )
    return (words,)


def _unknown(points: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(point for point, value in zip(points, given, strict=True) if len(_values(point, value)) > 1)
