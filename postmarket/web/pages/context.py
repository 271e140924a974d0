"""What every page of content starts from: who asks, when, and by which policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.policy import pack_in_force
from postmarket.web import clock

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from postmarket.policy.pack import Pack


@dataclass(frozen=True, slots=True)
class Asking:
    """`by` may read content on some line; `now` is the instant of the request (UTC)."""

    by: Person
    now: datetime
    pack: Pack


def asking(request: HttpRequest) -> Asking:
    """Who asks for content. Raises NotAllowed for somebody without a role that reads it."""
    assert isinstance(request.user, Person)  # noqa: S101 - nobody else gets past the sign-in
    require(request.user, Permission.CONTENT_READ, on=ANYWHERE)
    return Asking(by=request.user, now=clock.now(), pack=pack_in_force())
