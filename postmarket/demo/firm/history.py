"""The history from its first day to the moment a visitor comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from postmarket.accounts.roles import Role
from postmarket.demo.firm import cases, decisions, inventory, people, portfolio, proof
from postmarket.demo.firm.firm import Firm
from postmarket.monitoring.queries.findings import Asked, findings
from postmarket.monitoring.words import FindingState
from postmarket.worklist.interface import Lane

STEPS: Final[tuple[tuple[str, Callable[[Firm], None]], ...]] = (
    ("people", people.gather),
    ("vulnerability data", portfolio.load_feeds),
    ("devices and SBOMs", portfolio.take_in),
    ("matching", portfolio.match),
    ("suppliers' VEX", portfolio.hear_suppliers),
    ("determinations", inventory.determine),
    ("ends of support", inventory.state_ends_of_support),
    ("decisions", decisions.decide_and_sign),
    ("an assessment", cases.assess_alarms),
    ("an incident", cases.answer_a_hospital),
    ("a restricted case", cases.keep_a_secret),
    ("builds", inventory.build),
    ("advisories", proof.review_an_advisory),
    ("names", inventory.propose_names),
    ("criteria", proof.retire_a_criterion),
    ("known exploited", portfolio.hear_of_exploitation),
    ("anchor", proof.anchor_and_verify),
)
"""In the order of their times."""


@dataclass(frozen=True, slots=True)
class Lived:
    """
    What is on the site in the end, of versions on the market: rows of the worklist, and how far people are with them.

    `open` counts what re-opened as well.
    """

    rows: int
    open: int
    proposed: int
    decided: int


def live(firm: Firm) -> Iterator[str]:
    """Do each step, named before it is done."""
    for name, step in STEPS:
        yield name
        step(firm)


def lived(firm: Firm) -> Lived:
    """What came of it, as the visitor sees it."""
    states = (FindingState.PROPOSED, FindingState.DECIDED)
    proposed, decided = (_rows(firm, state) for state in states)
    rows = _rows(firm)
    return Lived(rows, rows - proposed - decided, proposed, decided)


def _rows(firm: Firm, *states: FindingState) -> int:
    asked = Asked(shipped=True, lanes=(Lane.WORKLIST,), states=states)
    return findings(by=firm.people[Role.PSIRT_MANAGER], asked=asked).count()
