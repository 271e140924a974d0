"""What the store says differently since the projection was last made."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from postmarket.matching import facts
from postmarket.matching.store.engine import Connection

RECORDS = """
SELECT DISTINCT v.lead_id FROM record r JOIN vulnerability v ON v.id = r.vulnerability_id
WHERE r.since > ? AND r.since <= ?
"""
"""What a record said before may be swept away already; what says it now is new."""
CATALOGUE = """
SELECT DISTINCT v.lead_id FROM {table} t JOIN vulnerability v ON v.name = t.cve
WHERE t.since > ? AND t.since <= ?
"""
GONE = """
SELECT f.lead FROM monitoring_vulnerabilityfacts f
WHERE f.{column} IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM vulnerability v JOIN {table} t ON t.cve = v.name
  WHERE v.lead_id = f.lead AND t.since <= ? AND t.until > ?)
"""
"""What left a catalogue leaves no row behind, so it is known by what we still say of it."""
GROUPS = """
SELECT f.lead, f.name, f.aliases, (SELECT count(*) FROM vulnerability g WHERE g.lead_id = f.lead)
FROM monitoring_vulnerabilityfacts f
"""


@dataclass(slots=True)
class Changed:
    """Alias groups: of `matched` other criteria may hold now; of `told` anything that is shown may be another."""

    matched: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)


def changed(connection: Connection, *, before: int, visible: int) -> Changed:
    """What changed after generation `before`, up to `visible`."""
    between = (before, visible)
    found = Changed(matched={lead for (lead,) in connection.execute(RECORDS, between)})
    found.matched |= _regrouped(connection)
    found.told |= found.matched
    for table, column in (("kev", "kev_added"), ("epss", "epss")):
        came, gone = CATALOGUE.format(table=table), GONE.format(table=table, column=column)
        found.told |= {lead for (lead,) in connection.execute(came, between)}
        found.told |= {lead for (lead,) in connection.execute(gone, (visible, visible))}
    return found


def _regrouped(connection: Connection) -> set[int]:
    """The groups that were merged or split: a name joins another group although no record under it changed."""
    names: set[str] = set()
    found: set[int] = set()
    for lead, name, aliases, members in connection.execute(GROUPS).fetchall():
        known = _names(aliases)
        if members != len(known) + 1:
            names |= {name, *known}
            found.add(lead)
    return found | set(facts.named(connection, names).values())


def _names(aliases: str | list[str]) -> list[str]:
    """A list that Django keeps as JSON: text on SQLite; on PostgreSQL the driver has read it."""
    names: list[str] = json.loads(aliases) if isinstance(aliases, str) else aliases
    return names
