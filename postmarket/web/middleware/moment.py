"""Each request happens at one instant, seen from one place."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from postmarket.web import clock


class MomentMiddleware:
    """
    Holds `clock.now()` still while a request is answered, and shows times in the person's zone, else the site's.

    Views pass `clock.now()` to services as `now`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        zone = getattr(getattr(request, "user", None), "time_zone", "") or settings.SITE_TIME_ZONE
        with clock.one_instant(), timezone.override(zone):
            return self.get_response(request)
