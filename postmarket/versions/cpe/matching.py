"""
How two CPE names relate (NISTIR 7696 §6 and §7), and the three-valued question the matcher asks of one attribute.

`compare` and `compare_names` answer exactly as NIST's reference implementation does, including where it departs
from the report's text; `covers` follows the text and never mistakes unknown for no. docs/adr/0010-cpe-answers.md says
why there are both.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from postmarket.versions.cpe.name import ANY, NA, Cpe, unescape

_WILDCARD = re.compile(r"(?:[^\\*?]|\\.)*[*?]", re.DOTALL)
_UNQUOTED_IN_FORMATTED = re.compile(r"(\\.)|([.-])", re.DOTALL)


class Relation(StrEnum):
    """Of a source to a target: what the source is, seen from the target (NISTIR 7696 table 6-1)."""

    DISJOINT = "DISJOINT"
    SUBSET = "SUBSET"
    SUPERSET = "SUPERSET"
    EQUAL = "EQUAL"
    UNDEFINED = "UNDEFINED"
    OVERLAP = "OVERLAP"
    """Of names only: none of the others; some attributes are wider, some narrower, or undefined."""


class NameRelation(NamedTuple):
    """The relation of two names, and whether any of their attributes is UNDEFINED."""

    relation: Relation
    has_undefined: bool


class _Pattern(NamedTuple):
    """A value's text between its wildcards; how many characters may stand before and after it (None: any number)."""

    core: str
    before: int | None
    after: int | None


def has_wildcard(value: str) -> bool:
    """Whether an attribute's value holds an unquoted `*` or `?` (ANY itself does)."""
    return _WILDCARD.match(value) is not None


def compare(source: str, target: str) -> Relation:
    """The relation of two values of one attribute (NISTIR 7696 table 6-2), without regard to case."""
    source, target = source.lower(), target.lower()
    if source == target and (source in (ANY, NA) or not _is_undefined(target)):
        return Relation.EQUAL
    if target not in (ANY, NA) and _is_undefined(target):
        return Relation.UNDEFINED
    if source == ANY:
        return Relation.SUPERSET
    if target == ANY:
        return Relation.SUBSET
    if NA in (source, target):
        return Relation.DISJOINT
    held = _holds(_pattern(_quoted(source)), _quoted(target))
    return Relation.SUPERSET if held else Relation.DISJOINT


def compare_names(source: Cpe, target: Cpe) -> NameRelation:
    """The relation of two names by those of their attributes (NISTIR 7696 table 6-4)."""
    found = {compare(*pair) for pair in zip(source, target, strict=True)}
    undefined = Relation.UNDEFINED in found
    if Relation.DISJOINT in found:
        relation = Relation.DISJOINT
    elif found == {Relation.EQUAL}:
        relation = Relation.EQUAL
    elif found <= {Relation.EQUAL, Relation.SUBSET}:
        relation = Relation.SUBSET
    elif found <= {Relation.EQUAL, Relation.SUPERSET}:
        relation = Relation.SUPERSET
    else:
        relation = Relation.OVERLAP
    return NameRelation(relation, undefined)


def covers(criterion: str, stated: str) -> bool | None:
    """
    Whether a criterion's value covers the one an inventory states; None when the inventory leaves it open.

    In an inventory `*` means unknown, not any, and so does every value with a wildcard in it.
    """
    criterion, stated = criterion.lower(), stated.lower()
    if criterion == ANY:
        return True
    if has_wildcard(stated):
        return None
    if NA in (criterion, stated):
        return criterion == stated
    if not has_wildcard(criterion):
        return unescape(criterion) == unescape(stated)
    pattern = _pattern(criterion)
    return _holds(pattern._replace(core=unescape(pattern.core)), unescape(stated))


def _is_undefined(target: str) -> bool:
    """Wildcards in the target: NIST's implementation does not see them in a value that also quotes something."""
    return has_wildcard(target) and "\\" not in _quoted(target)


def _quoted(value: str) -> str:
    """The value as a well-formed name quotes it: `.` and `-` too (NISTIR 7695 §5.3.2)."""
    return _UNQUOTED_IN_FORMATTED.sub(lambda found: found[1] or f"\\{found[2]}", value)


def _pattern(value: str) -> _Pattern:
    """Cut the wildcards off a value's ends; a backslash before the last one makes it an ordinary character."""
    core = value.lstrip("?") if value[0] == "?" else value[1:] if value[0] == "*" else value
    before = None if value[0] == "*" else len(value) - len(core)
    body = core.rstrip("?") if core.endswith("?") else core.removesuffix("*")
    after = None if core.endswith("*") else len(core) - len(body)
    if _ends_in_backslash(body):
        body, after = core[: len(body) + 1], (len(core) - len(body) - 1 if core.endswith("?") else 0)
    return _Pattern(body, before, after)


def _ends_in_backslash(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _holds(pattern: _Pattern, target: str) -> bool:
    """
    Whether `target` is the core with no more than the allowed characters around it (NISTIR 7696 §6.3.2).

    A `?` stands for one character or none.
    """
    at = target.find(pattern.core)
    while at >= 0:
        if pattern.before is not None and at > pattern.before:
            return False
        left = len(target) - at - len(pattern.core)
        if pattern.after is None or left <= pattern.after:
            return True
        at = target.find(pattern.core, at + 1)
    return False
