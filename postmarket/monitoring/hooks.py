"""
What happens after the portfolio was matched: whoever keeps something made of its matches registers, and is called.

It is called inside the transaction of the re-match: what a listener writes stays or goes with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rematched:
    """
    What was matched: the store's generations after `before` up to `visible`.

    `vulnerabilities` are ids of the store (not of alias groups) whose words changed, or which a retired criterion
    touched; `first_identity` to `last_identity` are identities that came (none where the first is the larger). With
    `everything` the whole portfolio was matched anew, and neither is listed.
    """

    before: int
    visible: int
    vulnerabilities: tuple[int, ...] = ()
    first_identity: int = 1
    last_identity: int = 0
    everything: bool = False


RematchListener = Callable[[Rematched, datetime], None]

_listeners: list[RematchListener] = []


def on_rematched(listener: RematchListener) -> RematchListener:
    """Have `listener` called after every re-match; once, however often it registers."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def forget_rematch_listener(listener: RematchListener) -> None:
    """Take a listener out again: for tests that register their own."""
    _listeners.remove(listener)


def rematched(what: Rematched, *, now: datetime) -> None:
    """Tell every listener, in the order in which they registered. Call inside the transaction of the re-match."""
    for listener in list(_listeners):
        listener(what, now)
