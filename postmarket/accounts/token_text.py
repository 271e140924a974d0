"""
How an API token is written: `pm_KEY_SECRETCHECK`.

KEY (10 characters) finds the row, SECRET (32 characters of 62, 190 bits) opens it, CHECK (6) is the CRC-32 of what
stands before it: a secret scanner can tell a token from a chance string without asking anybody
(`pm_[0-9A-Za-z]{10}_[0-9A-Za-z]{38}`).
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib
from dataclasses import dataclass, field
from typing import Final

DIGITS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX: Final = "pm_"
KEY_LENGTH: Final = 10
SECRET_LENGTH: Final = 32
CHECK_LENGTH: Final = 6
_WRITTEN = re.compile(
    rf"pm_([0-9A-Za-z]{{{KEY_LENGTH}}})_([0-9A-Za-z]{{{SECRET_LENGTH}}})([0-9A-Za-z]{{{CHECK_LENGTH}}})"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A token's two parts. The secret stays out of every printed form."""

    key: str
    secret: str = field(repr=False)

    def text(self) -> str:
        """The whole token, for the one moment when it is shown."""
        body = f"{PREFIX}{self.key}_{self.secret}"
        return body + check(body)

    def sha256(self) -> str:
        """What is kept of the secret, in hexadecimal; bound to the key, so that rows cannot be mixed up."""
        return hashlib.sha256(f"{self.key}:{self.secret}".encode("ascii")).hexdigest()


def make() -> Written:
    """A new token from the operating system's randomness."""
    return Written(key=_random(KEY_LENGTH), secret=_random(SECRET_LENGTH))


def read(text: str) -> Written | None:
    """The parts of a token as written; None for anything else, a mistyped one included."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    written = Written(key=found[1], secret=found[2])
    return written if check(f"{PREFIX}{written.key}_{written.secret}") == found[3] else None


def check(body: str) -> str:
    """The CRC-32 of `body` in base 62, six characters."""
    number = zlib.crc32(body.encode("ascii"))
    written = ""
    for _ in range(CHECK_LENGTH):
        number, digit = divmod(number, len(DIGITS))
        written = DIGITS[digit] + written
    return written


def _random(length: int) -> str:
    return "".join(secrets.choice(DIGITS) for _ in range(length))
