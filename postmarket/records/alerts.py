"""What somebody should know at once: rooms that can tell people register here."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from postmarket.records.interface import Actor


class AlertKind(StrEnum):
    """What happened."""

    SIGNING_FAILED = "signing-failed"
    ANCHORING_FAILED = "anchoring-failed"
    VERIFY_FAILED = "verify-failed"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something somebody should know at once: what, when, who did it, and a sentence."""

    kind: AlertKind
    at: datetime
    actor: Actor
    text: str


class Hook(Protocol):
    """Somebody who tells people."""

    def __call__(self, alert: Alert) -> None:
        """Tell them. What happened is recorded already, and no transaction of records is open."""


_hooks: list[Hook] = []
log = logging.getLogger("postmarket.records")


def register(hook: Hook) -> None:
    """Have `hook` called with every alert, in the order of registering. Raises TypeError for what cannot be called."""
    if not callable(hook):
        raise TypeError(f"an alert hook is called with an Alert; {hook!r} cannot be called")
    if hook not in _hooks:
        _hooks.append(hook)


def unregister(hook: Hook) -> None:
    """No longer call `hook`. Raises ValueError when it was not registered."""
    _hooks.remove(hook)


def tell(alert: Alert) -> None:
    """Call every hook. One that fails is logged: what happened is recorded, and stays so whoever cannot be told."""
    for hook in tuple(_hooks):
        try:
            hook(alert)
        except Exception:
            # Whatever it is: the act that is told of has ended, and its outcome is not the hook's to change.
            log.exception("an alert could not be told: %s", alert.kind.value)
