"""Who asks, and how a refusal is said on the page they come back to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.errors import PostmarketError
from postmarket.web.pages.accounts.asking import signed_in_person


def reader(request: HttpRequest) -> Person:
    """Who asks. Raises NotAllowed unless they may read; for a file, unless they may take content away."""
    person = signed_in_person(request)
    require(person, Permission.CONTENT_READ, on=ANYWHERE)
    if request.GET.get("format"):
        require(person, Permission.CONTENT_EXPORT, on=ANYWHERE)
    return person


@contextmanager
def said_on_the_page(request: HttpRequest) -> Iterator[None]:
    """Say what a service refuses as a message; that somebody may not has a page of its own."""
    try:
        yield
    except NotAllowed:
        raise
    except PostmarketError as error:
        messages.error(request, error.line())
