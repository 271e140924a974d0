"""
What can go wrong with people, sign-in, permissions and signing.

AccountsError
├── NotAllowed          the person may not do this, and who may
├── NotHere             a person, role or token that is not there
├── InvalidPerson       an e-mail address, name or time zone that cannot be used
├── InvalidLink         a one-time link that is unknown, used or expired
├── InvalidToken        an API token that opens nothing
├── InvalidCalendar     a calendar address that opens nothing, or cannot be made
├── AskedTooOften       one address or token asked more often than it may; in how many seconds it may again
├── LastAdministrator   nobody would be left to manage people
├── SigningFailed       the authentication failed, or what was shown is no longer what would be signed
└── LockedOut           too many failures; until when
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class AccountsError(PostmarketError):
    """Something about people or their authority."""

    code = "accounts"


class NotAllowed(AccountsError):
    """The person may not do this; the next step names who may."""

    code = "not-allowed"


class NotHere(AccountsError):
    """Something was named that is not there, or not for this person to see."""

    code = "not-found"


class InvalidPerson(AccountsError):
    """What was given cannot describe a person."""

    code = "invalid-person"


class InvalidLink(AccountsError):
    """A one-time link that opens nothing: unknown, used, or expired. Which of them is not said."""

    code = "invalid-link"


class InvalidToken(AccountsError):
    """An API token that opens nothing here. The reason is told apart only where the token's secret was right."""

    code = "invalid-token"


class InvalidCalendar(AccountsError):
    """A calendar address that opens nothing (which reason it is, is not said), or that cannot be made."""

    code = "invalid-calendar"


class AskedTooOften(AccountsError):
    """Asked more often than it may; `retry_after` is in seconds."""

    code = "too-many"

    def __init__(self, retry_after: int) -> None:
        super().__init__("This is asked for too often", next_step=f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class LastAdministrator(AccountsError):
    """The last administrator stays: nobody would be left to manage people."""

    code = "last-administrator"


class SigningFailed(AccountsError):
    """Nothing was signed."""

    code = "signing-refused"


class LockedOut(AccountsError):
    """Too many failures; the next step says when to try again."""

    code = "locked-out"
