"""What monitoring does when the inventory changes, and when the portfolio was matched."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postmarket.monitoring.hooks import Rematched


def listing_changed(version_ids: Collection[int], now: datetime) -> None:
    """Have the portfolio matched with the identities that came; in the transaction of the change."""
    from postmarket.monitoring.services.rematching import want_rematch

    want_rematch(now=now)


def rematched(what: Rematched, now: datetime) -> None:
    """Have the projection of findings, and what advisories have to do with us, brought up to it."""
    from postmarket import tasks
    from postmarket.inventory.store import store
    from postmarket.matching import facts
    from postmarket.monitoring.models import Advisory
    from postmarket.monitoring.services.projecting.asking import ask

    # Without a new generation the projection cannot see for itself what changed.
    touched = what.vulnerabilities if what.before == what.visible else ()
    ask(now=now, leads=sorted(set(facts.leads(store(), touched).values())) if touched else ())
    if Advisory.objects.exists():
        tasks.enqueue("monitoring.advisories", {}, key="portfolio", now=now)
