"""Watched feeds of suppliers, and their entries."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet

from postmarket.accounts.authority import ANYWHERE, Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.feed_words import ItemState
from postmarket.monitoring.models import Watch, WatchItem

IS_OPEN = Q(items__state=ItemState.OPEN.value)


def watches(*, by: Caller) -> QuerySet[Watch]:
    """Every watch, with `open_items` and `newest`. Raises NotAllowed."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    return Watch.objects.select_related("supplier").annotate(
        open_items=Count("items", filter=IS_OPEN), newest=Max("items__seen_at")
    )


def items(*, by: Caller) -> QuerySet[WatchItem]:
    """Every entry of every watch, newest first. Raises NotAllowed."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    return WatchItem.objects.select_related("watch__supplier", "reviewed_by")


def open_items() -> int:
    """How many entries nobody has looked at."""
    return WatchItem.objects.filter(state=ItemState.OPEN.value).count()
