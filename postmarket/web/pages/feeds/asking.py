"""Who asks, and how a refusal is said on the page they come back to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from postmarket.accounts.errors import NotAllowed
from postmarket.errors import PostmarketError


@contextmanager
def said_on_the_page(request: HttpRequest) -> Iterator[None]:
    """Say what a service refuses as a message; that somebody may not has a page of its own."""
    try:
        yield
    except NotAllowed:
        raise
    except PostmarketError as error:
        messages.error(request, error.line())
