"""The code generators of the demo's people, which nobody holds in their hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt

from postmarket.accounts.models import Person, SpentCode

STEP_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Code:
    """Six digits that count now; none, and the seconds until there are, where all that do were used."""

    digits: str
    wait_seconds: int = 0


def code_now(person: Person, *, now: datetime) -> Code | None:
    """
    What to type at `now`: this half minute's code, or the next where it was used; None without a generator.

    The next one counts already: clocks may differ by one step either way (RFC 6238 §5.2).
    """
    kept = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    if kept is None:
        return None
    step = int(now.timestamp()) // STEP_SECONDS
    spent = set(SpentCode.objects.filter(person=person, step__gte=step).values_list("step", flat=True))
    for one in (step, step + 1):
        if one not in spent:
            return Code(code_of(decrypt(kept.data["secret"]), one))
    return Code("", STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS)


def code_of(secret: str, step: int) -> str:
    """The code of a half minute, counted since 1970."""
    digits: str = format_hotp_value(hotp_value(secret, step))
    return digits
