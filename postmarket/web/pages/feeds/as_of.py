"""How old the data is, on every page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from postmarket.monitoring.queries.feeds import ages
from postmarket.web import clock
from postmarket.web.pages.source_names import NAMES
from postmarket.web.shell import AsOf, SourceAge


def data_as_of(request: HttpRequest) -> AsOf | None:
    """
    As of when the sources that are fresh speak, and which is the oldest of those that are not; one query.

    None before anything came. When none is fresh, it is as of the newest, and the oldest is named beside it.
    """
    found = ages(now=clock.now())
    heard = [(age.at, age) for age in found if age.at is not None]
    if not heard:
        return None
    fresh = [at for at, age in heard if not age.stale]
    oldest = min(((at, NAMES[age.source]) for at, age in heard if age.stale), default=None)
    return AsOf(
        min(fresh) if fresh else max(at for at, _ in heard),
        tuple(SourceAge(NAMES[age.source], age.at) for age in found),
        reverse("feeds"),
        None if oldest is None else SourceAge(oldest[1], oldest[0]),
    )
