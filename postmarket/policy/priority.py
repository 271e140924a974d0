"""
The order of work: clinical first.

Device type and the component's clinical role give the stake; stake and exploitability give the priority. A KEV entry
or an exploit in circulation raises. A CVSS score only orders rows of equal priority; unknown orders as the highest.
The tables are the pack's, by authority of the firm: the article gives the principle and one example.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import ClinicalRole, Criticality, Priority, Ranking
from postmarket.scoring.interface import Exploitability, ExploitMaturity
from postmarket.sources.interface import Certainty

if TYPE_CHECKING:
    from postmarket.policy.pack import Pack
    from postmarket.policy.tables import PriorityRule, PriorityTable

STAKES = ("remote", "limited", "serious", "vital")
DEVICES = (
    Criticality.ADMINISTRATIVE,
    Criticality.DIAGNOSTIC,
    Criticality.LIFE_SUPPORTING,
    Criticality.LIFE_SUSTAINING,
)
HIGHEST_SCORE = 10.0


class _Clinical(NamedTuple):
    """What is at stake, and the words for it."""

    stake: str
    device: int
    weight: int
    words: str


def rank(
    criticality: Criticality,
    role: ClinicalRole,
    exploitability: Exploitability | None,
    *,
    score: float | None,
    pack: Pack,
    kev: bool = False,
    maturity: ExploitMaturity = ExploitMaturity.UNKNOWN,
    certainty: Certainty = Certainty.STATED,
) -> Ranking:
    """
    The priority of one finding and the rule that gave it.

    An unknown device counts as life-supporting, an unknown role as the most clinical one plausible on that device,
    `exploitability` None as the pack says (medium: this orders work; the assessment takes the worst case). `certainty`
    never lowers: it orders a suspicion after an equal match. A worse value of any input never gives a later
    (`priority`, `order`). Raises PolicyError for a score outside 0–10. Cheap for many rows: equal calls share one.
    """
    found = _without_score(criticality, role, exploitability, kev, maturity, certainty, pack)
    return Ranking(
        found.priority, found.rule, found.reason, found.citation, (*found.order[:-1], -_tenths(score), found.order[-1])
    )


@lru_cache(maxsize=8192)
def _without_score(
    criticality: Criticality,
    role: ClinicalRole,
    exploitability: Exploitability | None,
    kev: bool,
    maturity: ExploitMaturity,
    certainty: Certainty,
    pack: Pack,
) -> Ranking:
    """The ranking before the score takes its place as the last but one in `order`."""
    table = pack.priority
    level = _exploitability(exploitability, kev, maturity, table)
    clinical = _clinical(criticality, role, table)
    rule = _rule(clinical.stake, level, table)
    priority, name = Priority[rule.priority], rule.id
    if kev and Priority[table.kev_at_least] < priority:
        priority, name = Priority[table.kev_at_least], table.kev_rule
    sentence = f"{clinical.words}; {_exploitation(exploitability, kev, maturity, table)}"
    if certainty is not Certainty.STATED:
        sentence += f", {table.exploitation_words['possible']}"
    return Ranking(
        priority=priority,
        rule=name,
        reason=f"{sentence}.",
        citation=table.cited(),
        order=(
            -STAKES.index(clinical.stake),
            0 if kev else 1,
            -level,
            0 if exploitability is not None or kev else 1,
            -clinical.device,
            -clinical.weight,
            0 if certainty is Certainty.STATED else 1,
        ),
    )


def _clinical(criticality: Criticality, role: ClinicalRole, table: PriorityTable) -> _Clinical:
    device = table.unknown_criticality_as if criticality is Criticality.UNKNOWN else criticality
    part = table.most_clinical_role[device] if role is ClinicalRole.UNKNOWN else role
    weight = table.role_weight[part]
    role_words = table.role_words[role].format(role=part.value)
    device_words = table.device_words[criticality].format(criticality=device.value)
    return _Clinical(table.stake[device][weight - 1], DEVICES.index(device), weight, f"{role_words} {device_words}")


def _exploitability(
    known: Exploitability | None, kev: bool, maturity: ExploitMaturity, table: PriorityTable
) -> Exploitability:
    level = Exploitability[table.unknown_exploitability_as.upper()] if known is None else known
    floor = table.maturity_at_least.get(maturity.value)
    if floor is not None:
        level = max(level, Exploitability[floor.upper()])
    if kev:
        level = max(level, Exploitability[table.kev_exploitability_at_least.upper()])
    return level


def _rule(stake: str, level: Exploitability, table: PriorityTable) -> PriorityRule:
    for rule in table.rule:
        if rule.stake == stake and rule.exploitability == level.name.lower():
            return rule
    raise PolicyError("the policy has no priority rule", where="priority", why=f"for {stake} and {level.name.lower()}")


def _exploitation(known: Exploitability | None, kev: bool, maturity: ExploitMaturity, table: PriorityTable) -> str:
    words = table.exploitation_words
    if maturity is ExploitMaturity.ACTIVE:
        return words["active"]
    if kev:
        return words["kev"]
    ease = words["unknown" if known is None else known.name.lower()]
    if maturity is ExploitMaturity.PROOF_OF_CONCEPT:
        return f"{words['proof-of-concept']}, {ease}"
    return ease


def _tenths(score: float | None) -> int:
    if score is None:
        return round(HIGHEST_SCORE * 10)
    if math.isnan(score) or not 0 <= score <= HIGHEST_SCORE:
        raise PolicyError("the CVSS score is not one", why=f"{score} is not between 0 and 10")
    return round(score * 10)
