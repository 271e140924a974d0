"""Decisions held against what is so now: re-opened where a premise they name changed, proposed where they may hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from django.db import connection as database

from postmarket.inventory.store import store
from postmarket.matching.facts import named
from postmarket.monitoring import hooks
from postmarket.monitoring.models import Decision, Finding, VersionDecision
from postmarket.monitoring.queries.findings.sql import JUDGED, LANE, SAID, lane_of
from postmarket.monitoring.queries.grounds import Place, grounds_of
from postmarket.monitoring.rules.premises import Grounds, changes
from postmarket.monitoring.rules.states import become
from postmarket.monitoring.services.deciding.answering import propose
from postmarket.monitoring.services.deciding.finding_rows import STANDING, refresh_findings
from postmarket.monitoring.words import DecisionState, Premise
from postmarket.records import Actor, ActorKind, Subject, act
from postmarket.records.evidence import keep, put_away
from postmarket.worklist.interface import Lane

MACHINE = Actor("monitoring", "Monitoring", ActorKind.MACHINE)
WHY = "What decisions rest on was compared with what is so now."
RUN = Subject("monitoring-run", "decisions")
ALIVE = (*STANDING, DecisionState.PROPOSED.value)
CHUNK = 500

LATER = f"""
SELECT l.version_id, l.identity_id, e.lead, max(e.decision_id)
FROM monitoring_versiondecision e
JOIN inventory_listing l ON l.identity_id = e.identity_id
JOIN inventory_componentidentity i ON i.id = l.identity_id
JOIN monitoring_match m ON m.identity = i.match_id AND m.lead = e.lead
{JUDGED} {SAID}
LEFT JOIN monitoring_judgement k ON k.version_id = e.version_id AND k.identity_id = e.identity_id AND k.lead = e.lead
LEFT JOIN monitoring_supplierword u ON u.version_id = e.version_id AND u.identity_id = e.identity_id AND u.lead = e.lead
WHERE e.state = '{DecisionState.IN_EFFECT.value}' AND NOT EXISTS (
  SELECT 1 FROM monitoring_versiondecision x
  WHERE x.version_id = l.version_id AND x.identity_id = l.identity_id AND x.lead = e.lead
    AND (x.state IN ({", ".join(f"'{state}'" for state in ALIVE)})
      OR (x.decision_id = e.decision_id AND x.state = '{DecisionState.WITHDRAWN.value}')))
  AND {LANE} IN ('{Lane.WORKLIST.value}', {lane_of("u", "coalesce(k.grade, m.grade)")})
GROUP BY l.version_id, l.identity_id, e.lead
ORDER BY 4, 1
"""  # noqa: S608 - our own words
"""
Versions that list a decided component and have neither decision nor proposal; what somebody took back stays so.

As in `queries.proposing`: those to judge, and those in the lane of the version that was decided.
"""


@dataclass(slots=True)
class Reconsidered:
    """What one run changed: a line for each, as it is kept as evidence."""

    lines: list[tuple[str, int, tuple[str, ...]]] = field(default_factory=list)
    pairs: set[tuple[int, int]] = field(default_factory=set)

    def add(self, what: str, row: VersionDecision, because: Sequence[str] = ()) -> None:
        """One change."""
        self.lines.append((what, row.pk, tuple(because)))
        self.pairs.add((row.version_id, row.lead))


def mark_decisions_due(*, leads: Collection[int] = (), version: int | None = None, every: bool = False) -> None:
    """
    Have decisions compared with the next run: those on these groups, of this version, or all of them.

    Rooms above that rest on the same are told.
    """
    rows = VersionDecision.objects.filter(state__in=ALIVE)
    if version is not None:
        rows = rows.filter(version=version)
    if not every and version is None:
        rows = rows.filter(lead__in=leads)
    rows.update(due=True)
    hooks.grounds_changed(hooks.GroundsChanged(tuple(leads), version, every))


def reconsider(*, policy: str, now: datetime) -> Reconsidered:
    """
    Compare what is due with its grounds, and propose to later versions: one transaction, recorded once.

    `policy` is the version of the pack in force.
    """
    done = Reconsidered()
    with act(actor=MACHINE, at=now, why=WHY, policy=policy) as doing:
        _follow_names(done)
        rows = VersionDecision.objects.select_for_update(of=("self",)).filter(due=True, state__in=ALIVE)
        waiting = list(rows.select_related("decision").order_by("pk"))
        for start in range(0, len(waiting), CHUNK):
            chunk = waiting[start : start + CHUNK]
            grounds = grounds_of([_place(row) for row in chunk], policy=policy)
            for row in chunk:
                _compare(row, grounds[_place(row)], done, now=now)
        _propose_to_later(done, now=now)
        refresh_findings(done.pairs, now=now)
        if done.lines:
            kept = put_away(msgspec.json.encode(done.lines))
            keep(doing, kept, media_type="application/json", source="What a run of monitoring changed of decisions")
            counts: dict[str, int] = defaultdict(int)
            for what, *_ in done.lines:
                counts[what] += 1
            doing.note_run("decisions.reconsidered", subject=RUN, counts=counts, changes_sha256=kept.sha256)
        hooks.reconsidered(now=now)
    return done


def _compare(row: VersionDecision, grounds: Grounds, done: Reconsidered, *, now: datetime) -> None:
    state = DecisionState(row.state)
    because = changes(msgspec.convert(row.grounds, Grounds), grounds, [Premise(name) for name in row.decision.premises])
    if state is DecisionState.PROPOSED:
        if grounds.grade == "none":
            row.state = become(state, DecisionState.WITHDRAWN).value
            done.add("withdrawn", row, because)
    elif not grounds.listed:
        if state is not DecisionState.LAPSED:
            row.state, row.reopened_because = become(state, DecisionState.LAPSED).value, list(because)
            done.add("lapsed", row, because)
    elif state is DecisionState.LAPSED:
        again = ("The SBOM lists the component again.", *because)
        row.state, row.reopened_at = become(state, DecisionState.REOPENED).value, now
        row.reopened_because = list(again)
        done.add("re-opened", row, again)
    elif state is DecisionState.IN_EFFECT and because:
        row.state, row.reopened_at = become(state, DecisionState.REOPENED).value, now
        row.reopened_because = list(because)
        done.add("re-opened", row, because)
    elif state is DecisionState.REOPENED and because and list(because) != row.reopened_because:
        row.reopened_because = list(because)
        done.add("re-opened", row, because)
    row.due = False
    row.save(update_fields=["state", "reopened_at", "reopened_because", "due"])


def _follow_names(done: Reconsidered) -> None:
    """A decision stays on the name it was made on: where that name's group is another now, it moves there."""
    rows = list(
        VersionDecision.objects.select_for_update(of=("self",)).filter(state__in=ALIVE).select_related("decision")
        if _some_moved()
        else ()
    )
    leads = named(store(), {row.decision.vulnerability for row in rows})
    for row in rows:
        lead = leads.get(row.decision.vulnerability, row.lead)
        if lead == row.lead:
            continue
        there = VersionDecision.objects.filter(
            version=row.version_id, identity=row.identity_id, lead=lead, state__in=ALIVE
        )
        held = STANDING if row.state in STANDING else (DecisionState.PROPOSED.value,)
        if there.filter(state__in=held).exists():
            row.state = become(DecisionState(row.state), DecisionState.REPLACED).value
            done.add("merged", row)
        _move_finding(row, lead)
        row.lead, row.due = lead, True
        row.save(update_fields=["state", "lead", "due"])


def _some_moved() -> bool:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM monitoring_versiondecision e JOIN monitoring_decision d ON d.id = e.decision_id"
            " JOIN vulnerability v ON v.name = d.vulnerability WHERE v.lead_id <> e.lead"
        )
        return bool(cursor.fetchone()[0])


def _move_finding(row: VersionDecision, lead: int) -> None:
    found = Finding.objects.filter(version=row.version_id, lead=row.lead).first()
    if found is None:
        return
    if Finding.objects.filter(version=row.version_id, lead=lead).exists():
        found.delete()
    else:
        found.lead = lead
        found.save(update_fields=["lead"])


def _propose_to_later(done: Reconsidered, *, now: datetime) -> None:
    with database.cursor() as cursor:
        cursor.execute(LATER)
        rows = cursor.fetchall()
    by_decision: dict[int, list[Place]] = defaultdict(list)
    for version, identity, lead, decision in rows:
        by_decision[decision].append((version, identity, lead))
    decisions = Decision.objects.in_bulk(by_decision)
    for pk, places in by_decision.items():
        for made in propose(decisions[pk], places, now=now):
            done.add("proposed", made)


def _place(row: VersionDecision) -> Place:
    return row.version_id, row.identity_id, row.lead
