"""The risk matrix: exploitability × severity of harm. A pure look-up; who signs what comes with the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.policy.interface import Determination, HarmSeverity, MatrixCell
from postmarket.scoring.interface import Exploitability

if TYPE_CHECKING:
    from postmarket.policy.pack import Pack
    from postmarket.policy.tables import Level

LEVELS: dict[Exploitability, Level] = {
    Exploitability.LOW: "low",
    Exploitability.MEDIUM: "medium",
    Exploitability.HIGH: "high",
}


def determine(exploitability: Exploitability, harm: HarmSeverity, pack: Pack) -> MatrixCell:
    """The cell for `exploitability` and `harm`; a review must be resolved by `signatures` people with a rationale."""
    table = pack.matrix
    level, severity = LEVELS[exploitability], harm.name.lower()
    column = [str(row.name) for row in table.severity].index(severity)
    found = Determination(table.cells[level][column])
    return MatrixCell(
        determination=found,
        signatures=table.review_signatures if found is Determination.REVIEW else 0,
        rule=f"matrix.{level}.{severity}",
        citation=table.cited(),
    )


def harm_words(harm: HarmSeverity, pack: Pack) -> str:
    """What `harm` means in FDA's words ("patient death")."""
    return next(row.description for row in pack.matrix.severity if row.name == harm.name.lower())
