"""Our own errors, wherever a view raises them, as a page that says what, why and the next step."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from postmarket.errors import PostmarketError
from postmarket.web import failures


class FailuresMiddleware:
    """Turns a PostmarketError, or a request too large, into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of an error we know; the rest is Django's."""
        match exception:
            case PostmarketError():
                return failures.of(request, exception)
            case RequestDataTooBig() | TooManyFieldsSent() | TooManyFilesSent():
                return failures.page(request, 413)
        return None
