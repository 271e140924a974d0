"""Who asks: the bearer of a token, for what its scopes say."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from postmarket.accounts.authority import Bearer
from postmarket.accounts.errors import InvalidToken, NotAllowed
from postmarket.accounts.scopes import Scope
from postmarket.accounts.services.tokens import check_token
from postmarket.api import clock


class ScopedToken(HttpBearer):
    """
    `Authorization: Bearer pm_…`: any one of the scopes lets it in. Cookies count for nothing here.

    Each request reads the token and its issuer's roles anew. Raises InvalidToken (401) and NotAllowed (403).
    """

    def __init__(self, *scopes: Scope) -> None:
        super().__init__()
        self.scopes = frozenset(scopes)

    def __call__(self, request: HttpRequest) -> Bearer:
        """The bearer."""
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not text.strip():
            raise InvalidToken(
                "This address takes an API token",
                next_step="Send it as: Authorization: Bearer pm_… (make one under People, API tokens).",
            )
        return self.authenticate(request, text.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        """The bearer of a token as written."""
        bearer = check_token(token, now=clock.now())
        if not bearer.scopes & self.scopes:
            raise NotAllowed(
                f"The token “{bearer.token.name}” is not for this",
                why=f"it takes the scope {' or '.join(sorted(self.scopes))}",
                next_step="Issue a token with that scope under People, API tokens.",
            )
        return bearer


def bearer_of(request: HttpRequest) -> Bearer:
    """Who asks, as ScopedToken found."""
    found = getattr(request, "auth", None)
    if not isinstance(found, Bearer):
        raise InvalidToken("This address takes an API token", next_step="Send it as: Authorization: Bearer pm_…")
    return found
