"""The ways to look at cases: as a list, on the board, from their vulnerabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

WAYS: Final = (("cases", "List"), ("case-board", "Board"), ("case-vulnerabilities", "Vulnerabilities"))
KEPT: Final = ("q", "owner", "device")
"""What is asked of one of them is asked of the next."""


@dataclass(frozen=True, slots=True)
class Way:
    """One of them."""

    label: str
    url: str
    here: bool


def ways(request: HttpRequest, here: str) -> Sequence[Way]:
    """All of them, with the filters that they share."""
    query = request.GET.copy()
    for key in set(query) - set(KEPT):
        del query[key]
    asked = f"?{query.urlencode()}" if query else ""
    return [Way(label, reverse(route) + asked, route == here) for route, label in WAYS]
