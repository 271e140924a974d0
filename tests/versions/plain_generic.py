"""A second comparator of the generic scheme, written from docs/versions.md alone: lists, no bytes, no haste."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

Item = tuple[int, int, str]
"""What it is (pre-release 0, end 1, word 2, number 3), its value as a number, its value as a word."""

END: Item = (1, 0, "")
MARKS = ".-_~+ "
NOTHING = {"final", "ga", "release", "lts"}
PRE = [
    {"dev", "devel", "nightly", "canary"},
    {"alpha"},
    {"beta"},
    {"milestone", "next", "preview", "prerelease", "pre", "insider"},
    {"rc", "cr"},
    {"snapshot"},
]
SAME = {"update": "u", "upd": "u", "patch": "p", "patchlevel": "p", "pl": "p", "rev": "r", "revision": "r"}


def items(text: str) -> list[Item] | None:
    """The items of a version by rules 1 to 4, the end included; None when it is unknown."""
    text = text.strip().lower()
    controls = {chr(code) for code in (*range(32), 127)} - set("\t\n\v\f\r")
    if _is_commit(text) or set(text) & (set("*<>=,;|?") | controls) or not text.isascii():
        return None
    text = _without_lead(text)
    cut = list(_runs(text))
    if not any(run[0].isdigit() for run, _ in cut):
        return None
    named = [_named(run, at, text) for run, at in cut if run not in NOTHING]
    return [*_without_zeros(named), END]


def _is_commit(text: str) -> bool:
    """Whole (40 or 64 digits, not all decimal) or abbreviated (12 to 39, letters and decimal digits among them)."""
    if not set(text) <= set("0123456789abcdef"):
        return False
    if len(text) in (40, 64):
        return not text.isdigit()
    return 12 <= len(text) <= 39 and bool(set(text) & set(string.digits)) and bool(set(text) & set("abcdef"))


def _without_lead(text: str) -> str:
    for lead in ("version", "ver", "v"):
        rest = text.removeprefix(lead)
        if rest != text and rest.lstrip(" ._-")[:1].isdigit():
            return rest.lstrip(" ._-")
    return text


def _runs(text: str) -> Iterator[tuple[str, int]]:
    for kind in (string.digits, string.ascii_lowercase):
        yield from ((found[0], found.start()) for found in re.finditer(f"[{kind}]+", text))


def _named(run: str, at: int, text: str) -> tuple[int, Item]:
    if run[0].isdigit():
        return at, (3, int(run), "")
    before = text[at - 1] if at else "none"
    digits = re.match(r"[0-9]*", text[at + len(run) :])
    short = digits is not None and 1 <= len(digits[0]) <= 3
    for rank, words in enumerate(PRE, 1):
        if run in words:
            return at, (0, rank, "")
    if run in ("a", "b") and short and (before in MARKS or before.isdigit()):
        return at, (0, 2 if run == "a" else 3, "")
    if (run == "m" and short and before in MARKS) or (run == "ea" and before in MARKS):
        return at, (0, 4, "")
    return at, (2, 0, "hf" if run == "hotfix" else SAME.get(run, run))


def _without_zeros(named: list[tuple[int, Item]]) -> list[Item]:
    kept: list[Item] = []
    only_zeros = True
    for _, item in sorted(named, reverse=True):
        zero = item == (3, 0, "")
        if not (zero and only_zeros):
            kept.append(item)
        only_zeros = item[0] != 3 or (zero and only_zeros)
    return kept[::-1]
