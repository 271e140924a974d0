"""What a signature means, and what counts as a fresh proof of who signs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from postmarket.records.errors import RecordRefused

if TYPE_CHECKING:
    from datetime import datetime

    from postmarket.records.interface import Subject

HEX = frozenset("0123456789abcdef")
SHA256_DIGITS = 64


class Meaning(StrEnum):
    """What the signer takes upon them (21 CFR 11.50(a)(3): review, approval, responsibility, authorship)."""

    AUTHORED = "authored"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RESPONSIBLE = "responsible"


class Factor(StrEnum):
    """How somebody proves who they are."""

    PASSWORD = "password"  # noqa: S105 - the word
    TOTP = "totp"
    RECOVERY_CODE = "recovery-code"
    PASSKEY_VERIFIED = "passkey-verified"
    """A passkey whose device checked its user (PIN, finger): possession and user verification."""
    OIDC_FRESH_LOGIN = "oidc-fresh-login"
    """A sign-in that the organisation's identity provider made anew (`prompt=login`, `auth_time` checked)."""


COMPONENTS = {
    Factor.PASSWORD: 1,
    Factor.TOTP: 1,
    Factor.RECOVERY_CODE: 1,
    Factor.PASSKEY_VERIFIED: 2,
    Factor.OIDC_FRESH_LOGIN: 2,  # identification code and password, at the provider
}
"""How many distinct identification components each is (21 CFR 11.200(a)(1) demands two)."""


@dataclass(frozen=True, slots=True)
class Authentication:
    """What the signing ceremony established: by which factors the signer proved who they are, and when."""

    factors: frozenset[Factor]
    at: datetime

    @property
    def components(self) -> int:
        """How many distinct identification components that was."""
        return sum(COMPONENTS[factor] for factor in self.factors)


@dataclass(frozen=True, slots=True)
class Target:
    """
    What is signed: a subject, and the SHA-256 (lower-case hex) of exactly what was shown of it.

    Raises RecordRefused when that is no SHA-256.
    """

    subject: Subject
    sha256: str

    def __post_init__(self) -> None:
        if len(self.sha256) != SHA256_DIGITS or not HEX.issuperset(self.sha256):
            raise RecordRefused("This is no SHA-256 in lower-case hex", where=repr(self.sha256[:SHA256_DIGITS]))
