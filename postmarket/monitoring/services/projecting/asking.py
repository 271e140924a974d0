"""Asking for a run of the projection: after a load, a change of listings, a retired criterion."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from postmarket import tasks
from postmarket.monitoring.models import DueVulnerability
from postmarket.monitoring.services.projecting.baseline import mark_due
from postmarket.monitoring.services.projecting.standings import rank_what_is_listed

PROJECT = "monitoring.project"


def ask(*, now: datetime, leads: Collection[int] = ()) -> None:
    """
    Have the projection brought up once what the caller's transaction wrote is there.

    `leads` are alias groups to be matched anew although no source changed them.
    """
    DueVulnerability.objects.bulk_create([DueVulnerability(lead=lead) for lead in leads], ignore_conflicts=True)
    tasks.enqueue(PROJECT, {}, key=PROJECT, now=now)


def listing_changed(version_ids: Collection[int], now: datetime) -> None:
    """What versions are made of, or rank by, changed: judge them anew (`inventory.hooks`)."""
    rank_what_is_listed(version_ids)
    mark_due(version_ids)
    ask(now=now)
