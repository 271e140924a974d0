"""
Where in a JSON text the first thing stands that the fast parser lets through and we do not.

Slow and simple: it runs once, for a file that is refused anyway.
"""

from __future__ import annotations

import json
import re
from math import isinf

MAX_DEPTH = 200
"""Levels of nesting; real SBOMs and feeds stay under 40."""
MAX_DIGITS = 4_000
"""Decimal digits of one integer; Python itself stops at 4,300."""
STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
"""How far each bracket changes the depth."""

# The closing quote is optional and the repeats are possessive: no input makes either one look twice at a character.
_QUOTED = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
STRING = re.compile(_QUOTED, re.DOTALL)
"""One JSON string, also one that never ends."""
_TOKEN = re.compile(rf'(?P<text>{_QUOTED})|(?P<bracket>[\[\]{{}}])|(?P<other>[^\s",:\[\]{{}}]++)', re.DOTALL)
_COLON = re.compile(r"\s*+:")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


def first_fault(text: str) -> tuple[int, str]:
    """
    The position of the first nesting too deep, key given twice, number that cannot be held, or NaN; and why.

    `text` is valid JSON up to there. Without a fault the answer points at the start.
    """
    keys: list[set[str] | None] = []
    for token in _TOKEN.finditer(text):
        fault = ""
        if bracket := token["bracket"]:
            if STEP[ord(bracket)] > 0:
                keys.append(set() if bracket == "{" else None)
            elif keys:
                keys.pop()
            fault = f"nested deeper than {MAX_DEPTH} levels" if len(keys) > MAX_DEPTH else ""
        elif token["text"]:
            fault = _repeated(token, keys[-1] if keys else None)
        else:
            fault = _not_a_value(token["other"])
        if fault:
            return token.start(), fault
    return 0, "it is not strict JSON"


def first_lone_surrogate(text: str) -> int:
    """
    Where half a character is escaped (`\\ud800` without its other half), or -1.

    Such text could be neither stored nor shown.
    """
    if not _HALF.search(text):
        return -1
    high = high_end = -1
    for escape in _ESCAPED.finditer(text):
        unit = int(escape[1], 16) if escape[1] else 0
        if 0xDC00 <= unit < 0xE000 and high_end != escape.start():
            return escape.start() if high < 0 else high
        if high >= 0 and not (0xDC00 <= unit < 0xE000):
            return high
        is_high = 0xD800 <= unit < 0xDC00
        high, high_end = (escape.start(), escape.end()) if is_high else (-1, -1)
    return high


def _repeated(token: re.Match[str], keys: set[str] | None) -> str:
    """Why this string may not stand here: it is a key its object already has. Remembers a new key."""
    if keys is None or not _COLON.match(token.string, token.end()):
        return ""
    try:
        key: str = json.loads(token["text"], strict=False)
    except json.JSONDecodeError:
        return "it is not strict JSON"
    if key in keys:
        return f'the key "{key[:60]}" is given twice in one object'
    keys.add(key)
    return ""


def _not_a_value(word: str) -> str:
    if word.lstrip("-") in ("NaN", "Infinity"):
        return f"{word} is not a JSON value"
    if len(word) > MAX_DIGITS and word.lstrip("-").isdigit():
        return f"an integer has more than {MAX_DIGITS:,} digits"
    try:
        return "a number is too large to be held" if isinf(float(word)) else ""
    except ValueError:
        return ""
