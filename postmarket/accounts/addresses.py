"""E-mail addresses and time zones as people type them."""

from __future__ import annotations

import re
from zoneinfo import available_timezones

from postmarket.accounts.errors import InvalidPerson

LONGEST = 254
"""RFC 5321 §4.5.3.1.3, less the angle brackets."""
LONGEST_NAME = 120
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)


def canonical_email(text: str) -> str:
    """
    The one form in which an address is kept and compared: ASCII, lower case, no surrounding space.

    Letters outside ASCII are refused before folding: U+212A KELVIN SIGN folds to "k" and U+0131 to "I", so that two
    addresses would open one account. An international domain is written in its ASCII form (xn--…).

    Raises InvalidPerson.
    """
    trimmed = text.strip()
    if not trimmed.isascii():
        raise InvalidPerson(
            "The e-mail address has letters outside ASCII",
            why="look-alike letters would let one address pass for another",
            next_step="Use the address's ASCII form; an international domain starts with xn--.",
        )
    address = trimmed.lower()
    if len(address) > LONGEST or not _ADDRESS.fullmatch(address):
        raise InvalidPerson("This is no e-mail address", next_step="Write it like name@example.com.")
    return address


def printed_name(text: str) -> str:
    """
    A name as it is printed beside a signature (21 CFR 11.50): printable, without doubled spaces.

    Raises InvalidPerson for none, for control or formatting characters (a name must not rearrange the line it stands
    in), and for more than 120 characters.
    """
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidPerson(
            "This is no name that can be printed",
            why=f"a printed name has 1 to {LONGEST_NAME} visible characters",
            next_step="Give the person's full name, as it stands beside their signature.",
        )
    return name


def known_time_zone(text: str) -> str:
    """The IANA name of a time zone, such as America/New_York. Raises InvalidPerson for any other text."""
    if text not in available_timezones():
        raise InvalidPerson("This is no time zone", why=text[:64], next_step="Give an IANA name: America/New_York.")
    return text
