"""The policy of this site: the packs that come with postmarket, and the firm's own files over them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache

from django.conf import settings
from django.utils import timezone

from postmarket.policy.overlay import Overlay, read_overlay
from postmarket.policy.pack import Pack, with_overlays


def pack_in_force() -> Pack:
    """
    What ranks, dates and decides today (UTC).

    The firm's files (`settings.POLICY_FILES`) are read once a process; each counts from its effective date by itself.
    Raises PolicyError for one that is wrong: `start_site` asks, so that no site starts with it.
    """
    return _on(timezone.now().astimezone(UTC).date())


def pack_on(at: datetime) -> Pack:
    """What ranked, dated and decided on the day of `at` (UTC), as far as the firm's files of today still say it."""
    return _on(at.astimezone(UTC).date())


@cache
def _firm_files() -> tuple[Overlay, ...]:
    now = timezone.now()
    return tuple(read_overlay(path, now=now) for path in settings.POLICY_FILES)


@cache
def _on(day: date) -> Pack:
    return with_overlays(_firm_files(), now=datetime.combine(day, time.min, UTC))
