"""Only what somebody may read: every query of the inventory goes through here."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from postmarket.accounts.authority import Caller, lines
from postmarket.accounts.permissions import Permission

OF_ONE_DEVICE: Final = ("intended_use", "essential_performance", "markets", "roles", "profile")


def unlisted(at: str = "") -> tuple[str, ...]:
    """What only the page of one device shows, for `defer`: lists do not carry it. `at` leads to the device."""
    return tuple(f"{at}__{name}" if at else name for name in OF_ONE_DEVICE)


def readable(by: Caller, at: str = "line", permission: Permission = Permission.CONTENT_READ) -> Q:
    """
    A filter for rows whose device line `by` has the permission for; `at` is the way from the row to the line.

    Rows of no line belong to those who have all lines.
    """
    held = lines(by, permission)
    return Q() if held.every else Q(**{f"{at}__in": held.ids})
