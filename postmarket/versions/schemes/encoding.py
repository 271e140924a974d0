"""
Numbers as bytes that sort as numbers, whatever their length.

A number is one byte, 0x40 plus how many digits it has, then the digits without leading zeros; from 32 digits on the
byte is 0x60 and the count follows in two bytes. Every other mark of a scheme is chosen below 0x40 or above 0x60.
"""

from __future__ import annotations

ZERO = b"\x40"
"""The number zero."""


def number(digits: str) -> bytes:
    """The key of a run of ASCII digits; leading zeros say nothing."""
    digits = digits.lstrip("0")
    length = len(digits)
    if length < 32:
        return bytes((0x40 + length,)) + digits.encode("ascii")
    return b"\x60" + length.to_bytes(2) + digits.encode("ascii")


class _Numbers(dict[str, bytes]):
    """`digits -> number(digits)`: the small ones kept, the others made; KeyError for anything but digits."""

    def __missing__(self, text: str) -> bytes:
        if not text.isdigit():
            raise KeyError(text)
        return number(text)


NUMBERS = _Numbers((str(small), number(str(small))) for small in range(256))
"""Look-up instead of `number` where most numbers are small and a text that is no number must be noticed."""


def numbers(dotted: list[str]) -> bytes:
    """The keys of numbers in a row without trailing zeros, so that 1.0 is 1. KeyError when one is no number."""
    end = len(dotted)
    while end and not dotted[end - 1].strip("0") and dotted[end - 1]:
        end -= 1
    return b"".join([NUMBERS[part] for part in dotted[:end]])
