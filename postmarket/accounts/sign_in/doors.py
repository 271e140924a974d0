"""Lock-out where somebody signs in, and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from django.http import HttpRequest

from postmarket.accounts.models import Door
from postmarket.accounts.notices import tell_of_lock
from postmarket.accounts.services.attempts import Counted, account_key, count_attempt, forgive, take_back


@dataclass(frozen=True, slots=True)
class Knock:
    """An attempt to sign in, counted at both doors."""

    typed: str
    account: Counted
    address: Counted

    def succeeded(self, *, now: datetime) -> None:
        """Clear the account's count; of the address's, only this one."""
        forgive(self.account)
        take_back(self.address, now=now)

    def failed(self, *, now: datetime) -> None:
        """Leave it counted; tell people when this failure shut the account."""
        if self.account.locked_until is not None:
            tell_of_lock(typed=self.typed, until=self.account.locked_until, now=now)


def knock(request: HttpRequest, typed: str, *, now: datetime) -> Knock:
    """Count an attempt on the account `typed` from this request's address. Raises LockedOut."""
    return Knock(
        typed=typed,
        address=count_attempt(door=Door.ADDRESS, key=truncate_ip(get_adapter().get_client_ip(request)), now=now),
        account=count_attempt(door=Door.ACCOUNT, key=account_key(typed), now=now),
    )
