"""
Maven (POM reference, "Version Order Specification", https://maven.apache.org/pom.html#Version_Order_Specification,
and ComparableVersion with MNG-7644): tokens between `.`, `-` and changes from digit to letter, which count as a
hyphen; null tokens (0, "", final, ga, release) fall away at the end, before every hyphen and before every qualifier.

alpha < beta < milestone < rc = cr < snapshot < "" < sp < other qualifiers by the alphabet < -number < .number
"""

from __future__ import annotations

import re

from postmarket.versions.schemes.encoding import ZERO, number

_QUALIFIERS = {
    "alpha": b"\x01",
    "beta": b"\x02",
    "milestone": b"\x03",
    "rc": b"\x04",
    "cr": b"\x04",
    "snapshot": b"\x05",
    "sp": b"\x11",
}
_BEFORE_DIGIT = {"a": "alpha", "b": "beta", "m": "milestone"}
_NULL = frozenset(("", "final", "ga", "release"))
_END = b"\x10"
_OTHER = b"\x12"
_DASH_NUMBER = b"\x20"
_DOT_NUMBER = b"\x30"
_VERSION = re.compile(r"[0-9a-z._+-]+")
_TOKEN = re.compile(r"([.-]?)(?:([0-9]+)|([^0-9.-]*))")


def key(text: str) -> bytes | None:
    """The key of a Maven version, or None when it has no digit or characters Maven coordinates do not have."""
    text = text.lower()
    if not _VERSION.fullmatch(text) or not any(char.isdigit() for char in text):
        return None
    kept: list[bytes] = []
    first = True  # the first token counts as one after a dot
    for dash, digits, word in _tokens(text):
        if digits is not None:
            if dash and not first:
                _drop_nulls(kept)
            kept.append((_DASH_NUMBER if dash and not first else _DOT_NUMBER) + number(digits))
        else:
            _drop_nulls(kept)
            kept.append(_qualifier(word))
        first = False
    _drop_nulls(kept)
    return b"".join(kept) + _END


def _qualifier(word: str) -> bytes:
    if word in _NULL:
        return _END
    return _QUALIFIERS.get(word) or _OTHER + word.encode("ascii") + b"\x00"


def _tokens(text: str) -> list[tuple[bool, str | None, str]]:
    """Each token as (whether a hyphen or a change of kind comes before it, its digits or None, its word)."""
    out: list[tuple[bool, str | None, str]] = []
    for found in _TOKEN.finditer(text):
        separator, digits, word = found.groups()
        if not found[0]:
            continue
        dash = separator != "."
        if digits is not None:
            out.append((dash, digits, ""))
        elif word:
            follows = text[found.end() : found.end() + 1]
            out.append((dash, None, _BEFORE_DIGIT.get(word, word) if follows.isdigit() else word))
        else:
            out.append((dash, "0", ""))  # an empty token is 0
    return out


def _drop_nulls(kept: list[bytes]) -> None:
    while kept and kept[-1] in (_DOT_NUMBER + ZERO, _DASH_NUMBER + ZERO, _END):
        kept.pop()
