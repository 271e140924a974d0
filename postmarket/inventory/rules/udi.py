"""
UDI device identifiers: who issued one, and whether its check digit is right.

Formats as in FDA's "UDI formats by FDA-accredited issuing agency" (version 1.3, 2017-01-27).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from postmarket.inventory.errors import InvalidUdi
from postmarket.inventory.words import IssuingAgency

GTIN_LENGTHS = frozenset({8, 12, 13, 14})
ALPHABET_43 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
"""The Code 39 characters in the order of their values (HIBC Supplier Labeling Standard, check character)."""
MOST_CHARACTERS = 40
_HIBC = re.compile(r"\+[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]")
"""Flag, labeler (4), product or catalogue number (1 to 18), unit of measure (1)."""
_ICCBBA = re.compile(r"=/[A-Z0-9]{16}")
_PRINTABLE = re.compile(r"[!-~]{1,40}")


@dataclass(frozen=True, slots=True)
class UdiDi:
    """A UDI-DI in the form it is kept in; `note` says why it is not verified, "" when it is."""

    di: str
    agency: IssuingAgency
    verified: bool
    note: str = ""


def read_udi_di(text: str) -> UdiDi:
    """
    The UDI-DI in `text`, as on the label: GS1's with or without (01), HIBCC's with its +, ICCBBA's with its =/.

    A check digit that is there and wrong is a typing mistake. One of an unknown issuer is kept, unverified.
    Raises InvalidUdi for a wrong check digit, and for what is no identifier at all.
    """
    di = text.strip().removeprefix("(01)").strip()
    if not _PRINTABLE.fullmatch(di):
        raise InvalidUdi(
            "This is no UDI-DI",
            where=repr(text[:MOST_CHARACTERS]),
            why=f"it has 1 to {MOST_CHARACTERS} characters and no spaces",
            next_step="Copy it from the label: only the device identifier, without lot or serial number.",
        )
    if di.isdecimal():
        return _gs1(di)
    if di.startswith("+"):
        return _hibcc(di.upper())
    if di.startswith("="):
        return _iccbba(di.upper())
    return UdiDi(di, IssuingAgency.UNKNOWN, verified=False, note="its issuer is not known by its form")


def gtin_check_digit(digits: str) -> str:
    """The last digit of a GTIN of which `digits` are all others (GS1 General Specifications, 7.9.1)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def check_character_43(text: str) -> str:
    """The modulo 43 character of `text` (HIBC Supplier Labeling Standard)."""
    return ALPHABET_43[sum(ALPHABET_43.index(character) for character in text) % len(ALPHABET_43)]


def _gs1(di: str) -> UdiDi:
    if len(di) not in GTIN_LENGTHS:
        note = f"{len(di)} digits are no GTIN, which has 8, 12, 13 or 14"
        return UdiDi(di, IssuingAgency.UNKNOWN, verified=False, note=note)
    expected = gtin_check_digit(di[:-1])
    if expected != di[-1]:
        raise _wrong(di, IssuingAgency.GS1, "check digit", expected)
    return UdiDi(di.zfill(14), IssuingAgency.GS1, verified=True)


def _hibcc(di: str) -> UdiDi:
    body, last = di[:-1], di[-1]
    if _HIBC.fullmatch(body) and check_character_43(body) == last:
        return UdiDi(di, IssuingAgency.HIBCC, verified=True)
    if _HIBC.fullmatch(di):  # it ends with the unit of measure, as GUDID lists it
        return UdiDi(di, IssuingAgency.HIBCC, verified=False, note="it is written without its check character")
    if _HIBC.fullmatch(body):
        raise _wrong(di, IssuingAgency.HIBCC, "check character", check_character_43(body))
    raise InvalidUdi(
        f"{di} is no HIBCC device identifier",
        why="it has +, a labeler of 4, a product number of 1 to 18 characters, a unit of measure",
        next_step="Copy it from the label.",
    )


def _iccbba(di: str) -> UdiDi:
    if not _ICCBBA.fullmatch(di):
        raise InvalidUdi(
            f"{di} is no ICCBBA device identifier",
            why="it has =/ and 16 letters and digits",
            next_step="Copy it from the label.",
        )
    note = "ICCBBA's device identifiers carry no check digit"
    return UdiDi(di, IssuingAgency.ICCBBA, verified=False, note=note)


def _wrong(di: str, agency: IssuingAgency, what: str, expected: str) -> InvalidUdi:
    return InvalidUdi(
        f"The {what} of the UDI-DI {di} is wrong",
        why=f"{agency.value} computes {expected!r} where it ends with {di[-1]!r}",
        next_step="Copy it again from the label.",
    )
