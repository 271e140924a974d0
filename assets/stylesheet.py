"""Cutting a style sheet down to the selectors a site can use."""

from __future__ import annotations

import re
from collections.abc import Iterator

CLASS = re.compile(r"\.((?:[A-Za-z_-]|\\.)(?:[\w-]|\\.)*)")
STRINGS = re.compile(r"\"[^\"]*\"|'[^']*'|/\*.*?\*/", re.DOTALL)
GROUPS = ("@media", "@supports", "@layer", "@container")


def trimmed(css: str, keep: re.Pattern[str]) -> str:
    """
    `css` without the selectors that name a class `keep` does not match whole.

    Selectors without a class stay; so do at-rules, with what is left in them; animations nobody names go.
    """
    kept = "".join(_kept(css, keep))
    for name in set(re.findall(r"@keyframes ([\w-]+)", kept)):
        if not re.search(rf"animation(?:-name)?:[^;}}]*\b{re.escape(name)}\b", kept):
            kept = "".join(text for head, text in _rules(kept) if head != f"@keyframes {name}")
    return kept


def _kept(css: str, keep: re.Pattern[str]) -> Iterator[str]:
    for head, text in _rules(css):
        if head.startswith(GROUPS):
            inner = "".join(_kept(text[text.index("{") + 1 : -1], keep))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield text
        else:
            selectors = [one for one in _split(head) if all(keep.fullmatch(name) for name in CLASS.findall(one))]
            if selectors:
                yield ",".join(selectors) + text[text.index("{", len(head)) :]


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Each rule or statement at the top of `css`: what stands before its brace, and the whole of it."""
    # Braces and semicolons inside strings and comments are blanked, so positions stay those of `css`.
    blank = STRINGS.sub(lambda match: " " * len(match[0]), css)
    start = depth = 0
    head = ""
    for match in re.finditer(r"[{};]", blank):
        mark, at = match[0], match.start()
        if mark == "{":
            if depth == 0:
                head = _uncommented(css[start:at])
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth == 0:
                yield head, _uncommented(css[start : at + 1])
                start = at + 1
        elif depth == 0:
            statement = _uncommented(css[start : at + 1])
            yield statement, statement
            start = at + 1


def _uncommented(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).strip()


def _split(selectors: str) -> list[str]:
    """The selectors of a list; commas inside parentheses part nothing."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(selectors):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and depth == 0:
            parts.append(selectors[start:at])
            start = at + 1
    return [*parts, selectors[start:]]
