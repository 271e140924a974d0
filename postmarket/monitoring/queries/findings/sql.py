"""
The statement behind every list of findings, the same on both engines.

Two orders of joining: a list over the portfolio walks the standings in the order of work and stops at the page's end;
one of a few versions, devices or vulnerabilities starts from those. CROSS JOIN keeps SQLite's planner to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from postmarket.accounts.rules import Lines
from postmarket.inventory.words import VersionState
from postmarket.matching.interface import Grade
from postmarket.monitoring.queries.findings.asked import Asked
from postmarket.monitoring.words import DecisionState, FindingState, Order
from postmarket.worklist.interface import Lane

GRADE = "coalesce(j.grade, m.grade)"
STANDING = (DecisionState.IN_EFFECT, DecisionState.REOPENED, DecisionState.LAPSED)


def _of(states: Sequence[DecisionState], table: str) -> str:
    """As the partial indexes say it, so that they are used."""
    named = ", ".join(f"'{state.value}'" for state in states)
    return f"{table}.state IN ({named})"


LISTING_OF_MATCH = """
CROSS JOIN monitoring_match m
CROSS JOIN inventory_componentidentity i
CROSS JOIN inventory_listing l
CROSS JOIN inventory_deviceversion v
CROSS JOIN inventory_device d
"""
FROM_STANDINGS = f"FROM monitoring_standing s {LISTING_OF_MATCH}"
FROM_VULNERABILITIES = f"FROM monitoring_vulnerabilityfacts f CROSS JOIN monitoring_standing s {LISTING_OF_MATCH}"
FROM_LISTINGS = """
FROM inventory_device d
CROSS JOIN inventory_deviceversion v
CROSS JOIN inventory_listing l
CROSS JOIN inventory_componentidentity i
CROSS JOIN monitoring_match m
CROSS JOIN monitoring_standing s
"""
FACTS = "CROSS JOIN monitoring_vulnerabilityfacts f"
JUDGED = """
LEFT JOIN monitoring_judgement j ON j.version_id = l.version_id AND j.identity_id = l.identity_id AND j.lead = m.lead
"""
SAID = """
LEFT JOIN monitoring_supplierword w ON w.version_id = l.version_id AND w.identity_id = l.identity_id AND w.lead = m.lead
"""


def lane_of(word: str, grade: str) -> str:
    """The lane of a row, by the table of suppliers' words joined to it and the grade of its match."""
    return f"""
CASE WHEN {word}.lane <> '' THEN {word}.lane
     WHEN {grade} = {Grade.POSSIBLE.value} THEN '{Lane.POSSIBLE.value}'
     WHEN {grade} = {Grade.CONTRADICTED.value} THEN '{Lane.SUGGESTED_NOT_AFFECTED.value}'
     ELSE '{Lane.WORKLIST.value}' END
"""


LANE = lane_of("w", GRADE)
DECIDED = f"""
LEFT JOIN monitoring_versiondecision e
  ON e.version_id = l.version_id AND e.identity_id = l.identity_id AND e.lead = m.lead AND {_of(STANDING, "e")}
LEFT JOIN monitoring_versiondecision p
  ON p.version_id = l.version_id AND p.identity_id = l.identity_id AND p.lead = m.lead
  AND p.state = '{DecisionState.PROPOSED.value}'
"""
STATE = f"""
CASE WHEN e.state = '{DecisionState.IN_EFFECT.value}' THEN '{FindingState.DECIDED.value}'
     WHEN p.id IS NOT NULL THEN '{FindingState.PROPOSED.value}'
     WHEN e.id IS NOT NULL THEN '{FindingState.REOPENED.value}'
     ELSE '{FindingState.OPEN.value}' END
"""
TOGETHER = f"""
WHERE m.lead = s.lead AND f.lead = s.lead AND i.match_id = m.identity AND l.identity_id = i.id AND l.role || '' = s.role
  AND v.id = l.version_id AND d.id = v.device_id AND d.device_type || '' = s.device_type
  AND s.certainty = CASE WHEN {GRADE} = {Grade.POSSIBLE.value} THEN 1 ELSE 0 END
"""
"""`|| ''` keeps SQLite from making an index of its own over all listings for each statement."""
FIRST_LISTED = """
(SELECT min(c.added_at) FROM inventory_component c
 WHERE c.version_id = l.version_id AND c.identity_id = l.identity_id)
"""
NEWLY_LISTED = f"""
(v.id IN (SELECT c.version_id FROM inventory_component c WHERE c.added_at >= %s) AND {FIRST_LISTED} >= %s)
"""  # noqa: S608 - our own words
"""Only of versions that got any component since is it asked when they first listed this one."""


Value = int | str | datetime


@dataclass(slots=True)
class Statement:
    """`FROM … WHERE …` of one question, with its values in order."""

    joined: str
    where: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)

    def add(self, condition: str, *values: Value) -> None:
        """One more condition."""
        self.where.append(condition)
        self.values.extend(values)

    def among(self, column: str, wanted: Sequence[Value]) -> None:
        """That `column` is one of `wanted`; nothing when none is named."""
        if wanted:
            self.add(f"{column} IN ({', '.join(['%s'] * len(wanted))})", *wanted)

    @property
    def text(self) -> str:
        """From FROM to the last condition."""
        return " AND ".join([self.joined, *self.where])


def statement(asked: Asked, lines: Lines, *, with_state: bool) -> Statement:
    """The rows that `asked` means, of these device lines; `with_state` where LANE, STATE or decisions are read."""
    decided = DECIDED if with_state or asked.states else ""
    said = SAID if with_state or asked.lanes else ""
    found = Statement(_from(asked) + JUDGED + said + decided + TOGETHER)
    if not lines.every:
        found.add("1 = 0") if not lines.ids else found.among("d.line_id", sorted(lines.ids))
    found.among("d.id", asked.devices)
    found.among("v.id", asked.versions)
    found.among("i.id", asked.identities)
    found.among("s.lead", asked.vulnerabilities)
    found.among("s.priority", [priority.value for priority in asked.priorities])
    found.among("l.role", [role.value for role in asked.roles])
    found.among("i.supplier", asked.suppliers)
    if asked.places:
        one = "(v.id = %s AND i.id = %s AND s.lead = %s)"
        found.add(f"({' OR '.join([one] * len(asked.places))})", *(part for place in asked.places for part in place))
    found.among(LANE, [lane.value for lane in asked.lanes])
    found.among(STATE, [state.value for state in asked.states])
    if asked.kev is not None:
        found.add("f.kev_added IS NOT NULL" if asked.kev else "f.kev_added IS NULL")
    if asked.shipped is not None:
        found.add("v.state = %s" if asked.shipped else "v.state <> %s", VersionState.SHIPPED.value)
    if asked.since is not None:
        since = _moment(asked.since)
        found.add(f"(m.first_matched >= %s OR v.shipped_at >= %s OR {NEWLY_LISTED})", since, since, since, since)
    if asked.text.strip():
        like = f"%{_literal(asked.text.strip().lower())}%"
        columns = ("f.name", "CAST(f.aliases AS text)", "i.name", "d.name")
        held = " OR ".join(f"lower({column}) LIKE %s ESCAPE '!'" for column in columns)
        found.add(f"({held})", *[like] * len(columns))
    return found


def ordered_by(order: Order, *, descending: bool) -> str:
    """ORDER BY, ending in what tells any two rows apart so that pages never overlap; unknown comes last either way."""
    way = "DESC" if descending else "ASC"
    last = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    names = [f"f.name{last}", f"d.name{last}", f"v.label{last}", f"i.name{last}", f"i.version{last}"]
    work = ["s.priority", "s.order_key", GRADE, *names, "l.id", "m.id"]
    first = {
        Order.WORK: [],
        Order.NEWEST: [f"m.first_matched {way}"],
        Order.VULNERABILITY: [f"f.name{last} {way}"],
        Order.DEVICE: [f"d.name{last} {way}", f"v.label{last} {way}"],
        Order.COMPONENT: [f"i.name{last} {way}", f"i.version{last} {way}"],
        Order.SCORE: ["f.score IS NULL", f"f.score {way}"],
        Order.EPSS: ["f.epss IS NULL", f"f.epss {way}"],
    }[order]
    if order is Order.WORK and descending:
        work = [f"{column} DESC" for column in work]
    return f"ORDER BY {', '.join([*first, *work])}"


def _from(asked: Asked) -> str:
    if asked.vulnerabilities:
        return FROM_VULNERABILITIES
    if asked.versions or asked.devices or asked.places:
        return FROM_LISTINGS + FACTS
    return FROM_STANDINGS + FACTS


def _moment(at: datetime) -> str | datetime:
    """A time as Django keeps it in this database."""
    return connection.ops.adapt_datetimefield_value(at) or at


def _literal(text: str) -> str:
    """`text` as LIKE takes it at its word."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
