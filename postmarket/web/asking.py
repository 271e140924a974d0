"""Who asks, and how a refusal of ours is said in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission

if TYPE_CHECKING:
    from django import forms

    from postmarket.errors import PostmarketError


def signed_in_person(request: HttpRequest) -> Person:
    """The person of a page that asks for sign-in."""
    assert isinstance(request.user, Person)  # noqa: S101 - SignInRequiredMiddleware lets nobody else through
    return request.user


def reader(request: HttpRequest) -> Person:
    """Who asks for content. Raises NotAllowed for somebody who may read content of no line."""
    person = signed_in_person(request)
    require(person, Permission.CONTENT_READ, on=ANYWHERE)
    return person


def say(form: forms.Form, error: PostmarketError) -> None:
    """Say an error above the form: what, why, and the next step."""
    form.add_error(None, error.reason())
