"""API tokens somebody may see: their own, and those they may revoke."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from postmarket.accounts.authority import ANYWHERE, lines, require
from postmarket.accounts.errors import NotHere
from postmarket.accounts.models import ApiToken, Person
from postmarket.accounts.permissions import Permission


class TokenState(StrEnum):
    """Whether a token opens anything."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"


def state_of(token: ApiToken, *, now: datetime) -> TokenState:
    """The state at `now`."""
    if token.revoked_at is not None:
        return TokenState.REVOKED
    return TokenState.EXPIRED if token.expires_at <= now else TokenState.OPEN


def tokens(*, by: Person) -> list[ApiToken]:
    """Newest first. Raises NotAllowed for somebody who may neither issue nor revoke any."""
    require(by, Permission.TOKENS_REVOKE, on=ANYWHERE)
    held = lines(by, Permission.TOKENS_REVOKE)
    seen = Q() if held.every else Q(issued_by=by) | Q(line_id__in=held.ids)
    found = ApiToken.objects.filter(seen)
    return list(found.select_related("issued_by", "line", "revoked_by"))


def token(*, by: Person, key: str) -> ApiToken:
    """One of them. Raises NotAllowed, NotHere."""
    found = next((one for one in tokens(by=by) if one.key == key), None)
    if found is None:
        raise NotHere("There is no such API token for you", next_step="Look for it in the list of tokens.")
    return found
