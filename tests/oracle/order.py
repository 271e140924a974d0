"""
The generic version order, built from `docs/versions.md` ("The generic scheme") alone.

The numbers in the comments are the numbers of its rules.
"""

from __future__ import annotations

import re

Item = tuple[int, int, str]
"""Kind, number, word; the kinds are in the order of rule 5."""

PRE_RELEASE, END, WORD, NUMBER = range(4)

LIMIT = 512
"""Characters of a text without the white space around it, and bytes of a key."""
BLANKS = "\t\n\v\f\r"
"""The control characters that are only space."""
NEVER = set("*<>=,;|?")
BEFORE = set(".-_~+ ")

DROPPED = {"final", "ga", "release", "lts"}
PRE_RELEASES = {
    "dev": 1, "devel": 1, "nightly": 1, "canary": 1,
    "alpha": 2,
    "beta": 3,
    "milestone": 4, "next": 4, "preview": 4, "prerelease": 4, "pre": 4, "insider": 4,
    "rc": 5, "cr": 5,
    "snapshot": 6,
}  # fmt: skip
SAME_WORDS = {
    "update": "u", "upd": "u",
    "patch": "p", "patchlevel": "p", "pl": "p",
    "rev": "r", "revision": "r",
    "hotfix": "hf",
}  # fmt: skip


def order(text: str) -> tuple[Item, ...] | None:
    """
    What to sort `text` by: two versions are equal, or before one another, as these tuples are. None: unknown.

    The limits of 512 characters and 512 bytes are the text's ("How versions are ordered").
    """
    stripped = text.strip()
    if not stripped.isascii() or len(stripped) > LIMIT:
        return None
    prepared = stripped.lower()
    if _is_no_version(prepared):
        return None
    # 1. The leading word goes only when a digit follows; nothing between them is a word's neighbour then.
    prepared = re.sub(r"^(version|ver|v)(?=[ ._-]*[0-9])", "", prepared)
    # 2. and 3.
    items = [
        item for run in re.finditer(r"[0-9]+|[a-z]+", prepared) for item in _named(run.group(), prepared, run.span())
    ]
    kept = (*_without_zeros(items), (END, 0, ""))
    return kept if sum(_bytes(item) for item in kept) <= LIMIT else None


def _bytes(item: Item) -> int:
    """How long the key of an item is."""
    kind, value, word = item
    if kind == NUMBER and value:
        digits = len(str(value))
        return digits + (1 if digits < 32 else 3)
    return 1 + len(word)


def _is_no_version(text: str) -> bool:
    """Rule 1: a pattern, a list, a commit, or nothing to count by."""
    if any(character in NEVER for character in text):
        return True
    if any((ord(character) < 32 or ord(character) == 127) and character not in BLANKS for character in text):
        return True
    if _is_commit(text):
        return True
    return not any(character in "0123456789" for character in text)


def _is_commit(text: str) -> bool:
    """A hash in full (40 or 64 characters) or abbreviated (12 to 39)."""
    if not set(text) <= set("0123456789abcdef") or text.isdigit():
        return False
    return len(text) in {40, 64} or (12 <= len(text) < 40 and any(character.isdigit() for character in text))


def _named(run: str, text: str, span: tuple[int, int]) -> list[Item]:
    """Rule 3: what one run of digits or letters becomes; dropped words become nothing."""
    if run[0] in "0123456789":
        return [(NUMBER, int(run), "")]
    if run in DROPPED:
        return []
    if run in PRE_RELEASES:
        return [(PRE_RELEASE, PRE_RELEASES[run], "")]
    short = _short_pre_release(run, before=text[: span[0]][-1:], after=text[span[1] :])
    if short:
        return [(PRE_RELEASE, short, "")]
    return [(WORD, 0, SAME_WORDS.get(run, run))]


def _short_pre_release(run: str, *, before: str, after: str) -> int:
    """Rule 3, the words that are a pre-release only in the right company; 0 when they are not."""
    separated = before != "" and before in BEFORE
    few_digits = re.match(r"[0-9]{1,3}(?![0-9])", after) is not None
    if run in {"a", "b"} and (separated or before.isdigit()) and few_digits:
        return {"a": 2, "b": 3}[run]
    if run == "m" and separated and few_digits:
        return 4
    if run == "ea" and separated:
        return 4
    return 0


def _without_zeros(items: list[Item]) -> list[Item]:
    """Rule 4: a zero goes when only zeros stand between it and the next word or the end."""
    kept = []
    for position, item in enumerate(items):
        following = [later for later in items[position + 1 :] if later != (NUMBER, 0, "")]
        meaningless = not following or following[0][0] != NUMBER
        if item != (NUMBER, 0, "") or not meaningless:
            kept.append(item)
    return kept
