"""Who sees an entry of the navigation, by what they may."""

from __future__ import annotations

from django.http import HttpRequest

from postmarket.accounts.authority import ANYWHERE, On, may
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.web.navigation import Permit


def holds(permission: Permission, *, on: On = ANYWHERE) -> Permit:
    """
    Whether the person may do this on any device line: for `Item(permit=holds(Permission.CONTENT_READ))`.

    `on=None` asks for a grant for all lines: for a room that belongs to none.
    """

    def permit(request: HttpRequest) -> bool:
        user = getattr(request, "user", None)
        return isinstance(user, Person) and may(user, permission, on=on)

    return permit
