"""
What can go wrong with people, sign-in, permissions and signing.

AccountsError
├── NotAllowed          the person may not do this, and who may
├── NotHere             a person, role or token that is not there
├── InvalidPerson       an e-mail address, name or time zone that cannot be used
├── InvalidLink         a one-time link that is unknown, used or expired
├── InvalidToken        an API token that opens nothing
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


class LastAdministrator(AccountsError):
    """The last administrator stays: nobody would be left to manage people."""

    code = "last-administrator"


class SigningFailed(AccountsError):
    """Nothing was signed."""

    code = "signing-refused"


class LockedOut(AccountsError):
    """Too many failures; the next step says when to try again."""

    code = "locked-out"
