"""Which shipped device versions a vulnerability hits, and since when the system has known it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from postmarket.accounts.rules import Lines
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.store import store
from postmarket.matching.facts import named
from postmarket.monitoring.queries.findings import Asked, FindingRow, Findings
from postmarket.policy.interface import Priority
from postmarket.worklist.interface import Lane

EVERY_LINE = Lines(every=True)
MATCHED = "matched"
POSSIBLE = "possible match"


@dataclass(frozen=True, slots=True)
class Hit:
    """
    A shipped device version that a vulnerability hits.

    `since` is when the system first knew it (UTC), by `because`, in words; `how` is "matched" or "possible match".
    """

    version: DeviceVersion
    how: str
    since: datetime
    because: str


@dataclass(frozen=True, slots=True)
class Hits:
    """All of them, and the most pressing rank among them with its reason."""

    versions: Sequence[Hit]
    priority: Priority | None
    reason: str

    @property
    def first(self) -> Hit | None:
        """The one the system knew first."""
        return min(self.versions, key=lambda hit: (hit.since, hit.version.pk), default=None)


NO_HITS = Hits((), None, "")


def lead_of(name: str) -> int | None:
    """The alias group of a vulnerability's name, in whatever case it is written; None when no source knows it."""
    written = name.strip()
    leads = named(store(), dict.fromkeys((written, written.upper()))) if written else {}
    return next(iter(leads.values()), None)


def hits(lead: int | None) -> Hits:
    """
    The shipped versions of every line that this alias group hits; a fixed number of queries for each 500 rows.

    What is only possible is among them: a suspicion is not dropped. What a device's own profile contradicts is not.
    """
    if lead is None:
        return NO_HITS
    asked = Asked(vulnerabilities=(lead,), lanes=(Lane.WORKLIST, Lane.POSSIBLE), shipped=True)
    by_version: dict[int, list[FindingRow]] = {}
    for row in Findings(asked, EVERY_LINE).every():
        by_version.setdefault(row.version.pk, []).append(row)
    rows = [row for found in by_version.values() for row in found]
    worst = min(rows, key=lambda row: row.priority, default=None)
    return Hits(
        tuple(_hit(found) for found in by_version.values()),
        None if worst is None else worst.priority,
        "" if worst is None else worst.standing.reason,
    )


def _hit(rows: Sequence[FindingRow]) -> Hit:
    first = min(rows, key=lambda row: row.aware or row.match.first_matched)
    sure = any(row.lane is Lane.WORKLIST for row in rows)
    return Hit(
        version=first.version,
        how=MATCHED if sure else POSSIBLE,
        since=first.aware or first.match.first_matched,
        because=f"{first.facts.name} matched {first.identity} in {first.version}.",
    )
