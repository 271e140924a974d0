"""One line of log per request: what kind, how it ended, how long it took; never what was asked for in words."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

REFERENCE_BYTES = 5
UNMATCHED = "(no such page)"

log = structlog.get_logger("postmarket.web")


class RequestLogMiddleware:
    """
    Logs the route (its pattern, not the path: a path may hold a one-time link), status, time and who, by number.

    Query strings, bodies, cookies, headers and addresses of people are never logged. `request.reference` is shown on
    error pages and found in the log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.static = f"/{settings.STATIC_URL.lstrip('/')}"

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then log."""
        request.reference = secrets.token_hex(REFERENCE_BYTES)  # type: ignore[attr-defined]
        if request.path_info.startswith(self.static):
            return self.get_response(request)
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(reference=request.reference):  # type: ignore[attr-defined]
            response = self.get_response(request)
            self._tell(request, response.status_code, milliseconds=round((time.perf_counter() - began) * 1000, 1))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Log what nobody caught, with its stack."""
        log.error("defect", route=_route(request), exc_info=exception)

    def _tell(self, request: HttpRequest, status: int, *, milliseconds: float) -> None:
        line = {"method": request.method, "route": _route(request), "status": status, "ms": milliseconds}
        user = request.__dict__.get("user")
        # Asked for by nobody, the person would cost a query; the session knows already when somebody did.
        person = getattr(user, "pk", None) if user is not None and "_cached_user" in request.__dict__ else None
        (log.warning if status >= 500 else log.info)("request", **line, person=person)


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return f"/{match.route}" if match is not None else UNMATCHED
