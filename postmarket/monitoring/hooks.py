"""
What happens after the portfolio was matched: whoever keeps something made of its matches registers, and is called.

A listener is called inside the transaction of the change: what it writes stays or goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


@dataclass(frozen=True, slots=True)
class GroundsChanged:
    """Something that decisions can rest on changed: of these alias groups, of a device version, or (`every`) of all."""

    leads: tuple[int, ...] = ()
    version: int | None = None
    every: bool = False


GroundsListener = Callable[[GroundsChanged], None]
ReconsideredListener = Callable[[datetime], None]
Followed = Callable[[], Iterable[str]]
"""Names of vulnerabilities to be followed although they match nothing."""

_grounds_listeners: list[GroundsListener] = []
_reconsidered_listeners: list[ReconsideredListener] = []
_followed: list[Followed] = []


def on_grounds_changed(listener: GroundsListener) -> GroundsListener:
    """Have `listener` told what to compare with the next run; once, however often it registers."""
    if listener not in _grounds_listeners:
        _grounds_listeners.append(listener)
    return listener


def on_reconsidered(listener: ReconsideredListener) -> ReconsideredListener:
    """Have `listener` called in each run, after decisions were compared; once, however often it registers."""
    if listener not in _reconsidered_listeners:
        _reconsidered_listeners.append(listener)
    return listener


def follow(names: Followed) -> Followed:
    """Have what sources say of these vulnerabilities kept up, matched or not; once, however often it registers."""
    if names not in _followed:
        _followed.append(names)
    return names


def grounds_changed(what: GroundsChanged) -> None:
    """Tell every listener. Call inside the transaction of the change."""
    for listener in list(_grounds_listeners):
        listener(what)


def reconsidered(*, now: datetime) -> None:
    """Call every listener. Call inside the transaction in which decisions were compared."""
    for listener in list(_reconsidered_listeners):
        listener(now)


def followed() -> set[str]:
    """Every name that somebody wants followed."""
    return {name for names in _followed for name in names()}
