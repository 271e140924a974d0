"""
The scheme for sources that name none, NVD above all. Its rules are our own and are written out in docs/versions.md,
section "The generic scheme", closely enough to write a second comparator from.
"""

from __future__ import annotations

import re

from postmarket.versions.schemes.encoding import NUMBERS, ZERO, number

_PRE = {
    **dict.fromkeys(("dev", "devel", "nightly", "canary"), b"\x11"),
    "alpha": b"\x12",
    "beta": b"\x13",
    **dict.fromkeys(("milestone", "next", "preview", "prerelease", "pre", "insider"), b"\x14"),
    **dict.fromkeys(("rc", "cr"), b"\x15"),
    "snapshot": b"\x16",
}
_SHORT_PRE = {"a": b"\x12", "b": b"\x13", "m": b"\x14", "ea": b"\x14"}
_SAME_AS_NOTHING = frozenset(("final", "ga", "release", "lts"))
_SYNONYMS = {
    **dict.fromkeys(("update", "upd"), "u"),
    **dict.fromkeys(("patch", "patchlevel", "pl"), "p"),
    **dict.fromkeys(("rev", "revision"), "r"),
    "hotfix": "hf",
}
_END = b"\x20"
_WORD = b"\x30"

_LEAD = re.compile(r"(?:version|ver|v)[ ._-]*(?=[0-9])")
_TOKEN = re.compile(r"([0-9]+)|([a-z]+)")
_ONE_TO_THREE_DIGITS = re.compile(r"[0-9]{1,3}(?![0-9])")
_NO_VERSION = re.compile(
    r"[*<>=,;|?\x00-\x08\x0e-\x1f\x7f]|^(?=[0-9]*[a-f])(?:[0-9a-f]{40}|[0-9a-f]{64})\Z"
    r"|^(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{12,39}\Z"
)
_BEFORE_SHORT = frozenset("0123456789.-_~+ ")
_SEPARATORS = frozenset(".-_~+ ")


def key(text: str) -> bytes | None:
    """The key of `text` by the rules of docs/versions.md; None for no digit, a list, a range or a commit hash."""
    end = text
    while end.endswith(".0"):
        end = end[:-2]
    try:
        parts = [NUMBERS[part] for part in end.split(".")]
    except KeyError:
        return _key_of_words(text.lower())
    if end == "0":
        return _END
    return b"".join(parts) + _END if parts[-1] != ZERO else _key_of_words(text)


def _key_of_words(text: str) -> bytes | None:
    if _NO_VERSION.search(text):
        return None
    lead = _LEAD.match(text)
    out = bytearray()
    zeros = 0
    any_number = False
    for token in _TOKEN.finditer(text, lead.end() if lead else 0):
        digits, word = token.groups()
        if digits is None:
            if word in _SAME_AS_NOTHING:
                continue
            zeros = 0  # 1.0-rc1 is 1.0.0-rc1
            out += _word(word, text, token.start(), token.end())
            continue
        any_number = True
        code = number(digits)
        if code == ZERO:
            zeros += 1
        else:
            out += ZERO * zeros + code
            zeros = 0
    return bytes(out + _END) if any_number else None


def _word(word: str, text: str, start: int, end: int) -> bytes:
    pre = _PRE.get(word)
    if pre is None and word in _SHORT_PRE and _is_short_pre(word, text, start, end):
        pre = _SHORT_PRE[word]
    return pre or _WORD + _SYNONYMS.get(word, word).encode("ascii")


def _is_short_pre(word: str, text: str, start: int, end: int) -> bool:
    """`1.0b2`, `5.0.0-M1` and `20-ea` are pre-releases; `1.0.2b`, `15.2(4)m1` and `12.1(22)ea1` are not."""
    before = text[start - 1] if start else ""
    if word == "ea":
        return before in _SEPARATORS
    allowed = _SEPARATORS if word == "m" else _BEFORE_SHORT
    return before in allowed and _ONE_TO_THREE_DIGITS.match(text, end) is not None
