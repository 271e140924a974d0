"""What every page of content starts from: who asks, when, and by which policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from postmarket.accounts.authority import ANYWHERE, lines, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.policy import pack_in_force
from postmarket.web import clock
from postmarket.web.pages.remembered import remembered, stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest

    from postmarket.accounts.rules import Lines
    from postmarket.policy.pack import Pack

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Asking:
    """
    `by` may read content on the device lines of `held`; `now` is the instant of the request (UTC).

    `stamp` says what everything shown is made from (`pages.remembered`).
    """

    by: Person
    held: Lines
    now: datetime
    pack: Pack
    stamp: str

    def remembered(self, name: str, make: Callable[[], Made], *also: object) -> Made:
        """A figure over the whole portfolio as this person may see it, made once until something changes."""
        return remembered(name, self.stamp, self.held, make, *also)


def asking(request: HttpRequest) -> Asking:
    """Who asks for content. Raises NotAllowed for somebody without a role that reads it."""
    assert isinstance(request.user, Person)  # noqa: S101 - nobody else gets past the sign-in
    require(request.user, Permission.CONTENT_READ, on=ANYWHERE)
    held = lines(request.user, Permission.CONTENT_READ)
    return Asking(by=request.user, held=held, now=clock.now(), pack=pack_in_force(), stamp=stamp())
