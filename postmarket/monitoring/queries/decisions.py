"""Decisions as lists: what waits to be signed, what was re-opened, what holds."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from postmarket.accounts.authority import Caller, lines
from postmarket.accounts.permissions import Permission
from postmarket.accounts.rules import Lines
from postmarket.monitoring.models import VersionDecision
from postmarket.monitoring.words import DecisionState

ALIVE = (DecisionState.PROPOSED, DecisionState.IN_EFFECT, DecisionState.REOPENED, DecisionState.LAPSED)


def decisions(*, by: Caller, states: Sequence[DecisionState] = ALIVE) -> QuerySet[VersionDecision]:
    """Decisions for device versions in these states that `by` may read, newest first."""
    rows = VersionDecision.objects.filter(state__in=[state.value for state in states])
    return _whole(rows.filter(_of(lines(by, Permission.CONTENT_READ))))


def to_sign(*, by: Caller) -> QuerySet[VersionDecision]:
    """Proposals that `by` may sign: where they hold both permissions, for a shipped version first."""
    rows = VersionDecision.objects.filter(state=DecisionState.PROPOSED.value)
    for permission in (Permission.SIGN, Permission.FINDINGS_DECIDE):
        rows = rows.filter(_of(lines(by, permission)))
    return _whole(rows).order_by("-version__state", "decision__vulnerability", "version__device__name", "pk")


def reopened(*, by: Caller) -> QuerySet[VersionDecision]:
    """What was signed and no longer stands, the newest first; `reopened_because` says why."""
    return decisions(by=by, states=(DecisionState.REOPENED,)).order_by("-reopened_at", "-pk")


def _of(held: Lines) -> Q:
    return Q() if held.every else Q(version__device__line__in=held.ids)


def _whole(rows: QuerySet[VersionDecision]) -> QuerySet[VersionDecision]:
    return rows.select_related(
        "decision__made_by", "decision__made_for__device", "identity", "version__device__line", "signature"
    )
