"""
Where rooms above the inventory listen: they register, the inventory calls, and never knows who they are.

What a listener writes stays or goes with the change it heard of: it is called inside that transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

ListingListener = Callable[[Collection[int], datetime], None]
"""Takes the ids of device versions whose listing, or what it is matched by, changed; and when (UTC)."""

_listing_listeners: list[ListingListener] = []


def on_listing_changed(listener: ListingListener) -> ListingListener:
    """Have `listener` called after every change of what versions are made of; once, however often it registers."""
    if listener not in _listing_listeners:
        _listing_listeners.append(listener)
    return listener


def forget_listing_listener(listener: ListingListener) -> None:
    """Take a listener out again: for tests that register their own."""
    _listing_listeners.remove(listener)


def listing_changed(version_ids: Collection[int], *, now: datetime) -> None:
    """Tell every listener, in the order in which they registered. Call inside the transaction of the change."""
    if not version_ids:
        return
    for listener in _listing_listeners:
        listener(version_ids, now)
