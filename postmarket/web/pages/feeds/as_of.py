"""How old the data is, on every page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from postmarket.monitoring.queries.feeds import ages
from postmarket.web.pages.feeds.words import NAMES
from postmarket.web.shell import AsOf, SourceAge


def data_as_of(request: HttpRequest) -> AsOf | None:
    """The oldest of what was ever heard, and each source; one query. None before anything came."""
    found = ages()
    heard = [age.at for age in found if age.at is not None]
    if not heard:
        return None
    sources = tuple(SourceAge(NAMES[age.source], age.at) for age in found)
    return AsOf(min(heard), sources, reverse("feeds"))
