"""The rows of findings that carry state, made from their components' decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from postmarket.documents.vex.interface import Status
from postmarket.monitoring.models import Finding, VersionDecision
from postmarket.monitoring.queries.findings import Asked, FindingRow, Findings
from postmarket.monitoring.rules.answers import worst
from postmarket.monitoring.services.deciding.answering import EVERY_LINE
from postmarket.monitoring.words import DecisionState, FindingState

STANDING = (DecisionState.IN_EFFECT.value, DecisionState.REOPENED.value, DecisionState.LAPSED.value)

Pair = tuple[int, int]
"""Device version and alias group."""


def refresh_findings(pairs: Collection[Pair], *, now: datetime) -> None:
    """Make the findings of these pairs anew from what stands. Call inside the transaction of what changed."""
    if not pairs:
        return
    versions, leads = {version for version, _ in pairs}, {lead for _, lead in pairs}
    rows: dict[Pair, list[FindingRow]] = defaultdict(list)
    for row in Findings(Asked(versions=sorted(versions), vulnerabilities=sorted(leads)), EVERY_LINE).every():
        rows[row.version.pk, row.match.lead].append(row)
    standing: dict[Pair, list[VersionDecision]] = defaultdict(list)
    decisions = VersionDecision.objects.filter(version__in=versions, lead__in=leads, state__in=STANDING)
    for one in decisions.select_related("decision").order_by("pk"):
        standing[one.version_id, one.lead].append(one)
    kept = {
        (finding.version_id, finding.lead): finding
        for finding in Finding.objects.filter(version__in=versions, lead__in=leads)
    }
    for pair in sorted(pairs):
        if standing[pair]:
            _save(kept.get(pair), pair, standing[pair], rows[pair], now=now)


def _save(
    kept: Finding | None,
    pair: Pair,
    standing: list[VersionDecision],
    rows: list[FindingRow],
    *,
    now: datetime,
) -> None:
    finding = kept or Finding(version_id=pair[0], lead=pair[1])
    before = finding.status, finding.inherited_from_id, finding.reopened_because
    finding.vulnerability = finding.vulnerability or standing[0].decision.vulnerability
    # Where nothing matches any more, what was decided last stays to be read.
    finding.status = worst([_status(row) for row in rows] or [Status(standing[0].decision.status)]).value
    inherited = (one.decision.made_for_id for one in standing if one.is_inherited)
    finding.inherited_from_id = next(inherited, None)
    finding.reopened_because = [
        sentence for one in standing if one.state == DecisionState.REOPENED.value for sentence in one.reopened_because
    ]
    if kept is None or before != (finding.status, finding.inherited_from_id, finding.reopened_because):
        finding.changed_at = now
        finding.save()


def _status(row: FindingRow) -> Status:
    if row.state is FindingState.DECIDED and row.standing_decision is not None:
        return Status(row.standing_decision.decision.status)
    return Status.UNDER_INVESTIGATION
