"""
Ranges of versions as people write them: `< V3.1.17`, `All versions prior to 4.2`, `4.1 through 4.3`, `vers:all/*`.

The words are read from left to right as a list of constraints. What the reader does not understand is the remainder:
it is handed back, and what was understood then counts only as possible. `|` and `,` join constraints alike: a lower
end directly followed by an upper end is one interval, as in `vers` (https://github.com/package-url/vers-spec) and as
CISA writes it; any other two are alternatives.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from postmarket.sources.spans import Edge, Span, edge, exact, whole
from postmarket.versions.errors import VersionsError
from postmarket.versions.interface import Scheme
from postmarket.versions.keys import scheme_of_purl_type

MAX_TEXT = 1_000
"""Characters; nobody states a range with more."""

_LEAD = r"(?:(?:versions?|ver\.?|v\.?(?=[ .]?[0-9])|release|rel\.|firmware|fw|build|bios|software|revision)[ :]*)*"
_LEVELS = (
    r"(?:sp|service pack|security patch|update|upd|u|patch|p|hf|hotfix|fp|cu|cumulative update|mp|mr|sr|rc|beta|alpha"
    r"|build|rev|r|ur|hfr|tcu|uc|ea|gen)"
)
_VERSION = (
    rf"{_LEAD}(?P<{{0}}>(?:[a-z]{{{{1,2}}}}[.-]?)?[0-9][a-z0-9.+~()_-]*(?:\.\*)?(?: {_LEVELS}[ .-]?[0-9][a-z0-9.]*)*)"
)
_AND_OR = r"(?:,? ?(?:and|or|&|/)? ?(?:all |any )?)"
_KINDS = r"(?:versions?|releases?|builds?|firmware|revisions?)"
_DOWN = rf"(?:prior|earlier|below|older|lower|previous|before|under|less)(?: {_KINDS})?(?![a-z])"
_UP = rf"(?:later|newer|above|higher|onwards?|upwards?|after|greater|up)(?: {_KINDS})?(?![a-z])"
_INCLUDING = r"(?:,? ?(?:and including|inclusive|including|\(inclusive\)|\(including\)))?"
_TO = (
    r"(?: ?(?:-|~|to|through|thru|until|till|up to(?: and including)?) (?=[^ ])| [-~](?=v?[0-9])"
    r"|[-~](?=v?[0-9]+\.[0-9]))"
)


class _Rule(NamedTuple):
    """A way to state a constraint, and the operators of its versions `a` and `b`."""

    pattern: re.Pattern[str]
    first: str
    second: str = ""


def _rule(pattern: str, first: str, second: str = "") -> _Rule:
    for group in ("a", "b"):
        pattern = pattern.replace(group.upper().join("{}"), _VERSION.format(group))
    return _Rule(re.compile(pattern, re.IGNORECASE | re.ASCII), first, second)


_RULES = (
    _rule(
        r"(?:from |between )?{A}(?: ?, ?| )(?:to |and )?(?:before|prior to|up to,? but not including) {B}", ">=", "<"
    ),
    _rule(r"{A} -? ?but not including {B}", ">=", "<"),
    _rule(r"(?:>=? ?)?{A} ?< ?{B}", ">=", "<"),
    _rule(r"(?:>=? ?)?{A} ?<= ?{B}", ">=", "<="),
    _rule(r"between {A} and {B}", ">=", "<="),
    _rule(rf"(?:from )?{{A}}{_TO}{{B}}", ">=", "<="),
    _rule(rf"{{A}}{_AND_OR}{_DOWN}", "<="),
    _rule(rf"{{A}}(?:{_AND_OR}{_UP}|\+(?![a-z0-9]))", ">="),
    _rule(r"(?:<=|=<) ?{A}", "<="),
    _rule(r"(?:>=|=>) ?{A}", ">="),
    _rule(r"< ?{A}", "<"),
    _rule(r"> ?{A}", ">"),
    _rule(r"==? ?{A}", "="),
    _rule(
        rf"(?:up to|prior to(?= (?:and )?including)|through|until|till|no later than) ?{_INCLUDING} ?{{A}}{_INCLUDING}",
        "<=",
    ),
    _rule(r"(?:before|prior to|earlier than|lower than|older than|below|less than|under) {A}", "<"),
    _rule(r"(?:since|from|starting (?:with|from|at|in)|at least) {A}", ">="),
    _rule(r"(?:after|later than|newer than|above|higher than|greater than) {A}", ">"),
    _rule(r"{A}", "="),
)
_ALL = re.compile(
    r"(?:all|any|every)(?: (?:bios|firmware|software|supported|available|known|released|existing|of its))?"
    rf"(?: (?:{_KINDS}|models?)(?! with\b| of\b))?(?![a-z0-9-])|\*(?![a-z0-9.])",
    re.IGNORECASE | re.ASCII,
)
_SEPARATOR = re.compile(r"[,;|&. ]*(?:[,;|&]|(?:and|or|as well as)(?![a-z0-9]))[,;|&. ]*", re.IGNORECASE)
_NOISE = re.compile(
    rf"[. ]+|(?:the|are|is|affected|{_KINDS}|software|bios|only|inclusive|including|\(inclusive\)|\(all versions\))"
    r"(?![a-z0-9])",
    re.IGNORECASE | re.ASCII,
)
_REST = re.compile(r"\([^()]*\)|[a-z0-9_.'\"/+-]+|.", re.IGNORECASE | re.DOTALL)
_VERS = re.compile(r"vers:([a-z0-9.+-]+)/(.*)", re.IGNORECASE)
_VERS_CONSTRAINT = re.compile(r"(>=|<=|>|<|=|)([^<>=!*]+)")
_ORDERED_AS_PROSE = frozenset(("all", "generic", "intdot"))
_ONE_SIGN = str.maketrans({"–": "-", "—": "-", "‐": "-", "‑": "-", "≤": "<=", "≥": ">="})
_JOINT = re.compile(r"(?<![0-9])_|_(?![0-9]|[a-uw-z]{1,2}[0-9])", re.IGNORECASE)
"""An underscore that stands for a space, as in CISA's V19_Update_2; not that of 9.4.0cu.652_b20230116."""
_COMMIT = re.compile(r"(?=[0-9a-f]*[a-f][0-9a-f]*[a-f])[0-9a-f]{7,64}")
"""A commit hash, short or whole: it has no order, and the short one may name several commits."""
_HOLE = re.compile(r"[0-9]\.[xX*]\.[0-9]")
"""A wildcard inside a version (V3.X.17) may stand for any train of it."""
_BARE = re.compile(r"[0-9]|[vr]\.?[0-9]", re.IGNORECASE)


class Reading(NamedTuple):
    """What was understood of a text: its spans, and the remainder that was not (empty when all was)."""

    spans: tuple[Span, ...]
    remainder: str


class _Constraint(NamedTuple):
    """`=`, `<`, … and a version."""

    operator: str
    version: str


@lru_cache(maxsize=2**14)
def read_ranges(text: str, scheme: Scheme, *, names: tuple[str, ...] = ()) -> Reading:
    """
    The versions that `text` speaks of, in `scheme`.

    Words of `names` (the vendor's and the product's) are passed over: "Pump OS 3.1 and earlier" of the product "Pump
    OS" is `<= 3.1`. A remainder without spans means that nothing was understood.
    """
    if len(text) > MAX_TEXT:
        return Reading((), text[:MAX_TEXT])
    vers = _VERS.fullmatch(text.strip())
    if vers and vers[1].lower() not in _ORDERED_AS_PROSE:
        return _vers(vers[2], scheme_of_purl_type(vers[1]))
    plain = " ".join(_JOINT.sub(" ", (vers[2] if vers else text).translate(_ONE_SIGN).replace("\\", "")).split())
    skipped = {word for name in names for word in re.findall(r"[a-z0-9]+", name.lower()) if not word.isdigit()}
    constraints, everything, remainder = _scan(plain, skipped)
    if everything and not constraints:
        return Reading((whole(scheme),), remainder)
    return _joined(constraints, scheme, remainder)


def _vers(text: str, scheme: Scheme) -> Reading:
    """The constraints of a `vers:` range of a known versioning scheme, whose versions keep their case and signs."""
    if text == "*":
        return Reading((whole(scheme),), "")
    constraints = []
    remainder = []
    for part in text.split("|"):
        found = _VERS_CONSTRAINT.fullmatch(unquote(part.strip()))
        if found:
            constraints.append(_Constraint(found[1] or "=", found[2]))
        else:
            remainder.append(part)
    return _joined(constraints, scheme, "|".join(remainder))


def _scan(text: str, skipped: set[str]) -> tuple[list[_Constraint], bool, str]:
    """The constraints in `text`, whether it says "all", and the remainder; no constraint counts that follows on one."""
    constraints: list[_Constraint] = []
    everything = False
    remainder: list[str] = []
    parted = True
    at = 0
    while at < len(text):
        if found := _SEPARATOR.match(text, at):
            parted = True
        elif found := _ALL.match(text, at):
            everything = True
        elif not (found := _NOISE.match(text, at)):
            read, end = ([], at) if remainder else _constraint(text, at, parted=parted)
            if read:
                constraints += read
                parted = False
                at = end
                continue
            found = _REST.match(text, at)
            assert found is not None  # noqa: S101 - for the type checker: its last branch takes any character
            if found[0].strip(":.") and found[0].strip(":.").lower() not in skipped:
                remainder.append(found[0])
        at = found.end()
    return constraints, everything, " ".join(remainder)


def _constraint(text: str, at: int, *, parted: bool) -> tuple[list[_Constraint], int]:
    """The constraint that begins here and where it ends. A bare version counts only when parted from the one before."""
    for rule in _RULES:
        found = rule.pattern.match(text, at)
        if not found or not _ends_well(text, found.end()):
            continue
        first = _version(found["a"])
        if _COMMIT.fullmatch(first) or any(_HOLE.search(version) for version in found.groups()):
            continue
        if rule.first == "=" and text[at] != "=" and not (parted and _BARE.match(first)):
            continue  # "BT9" and "MMT-500" alone are models, not versions
        read = [_Constraint(rule.first, first)]
        if rule.second:
            read.append(_Constraint(rule.second, _version(found["b"])))
        return read, found.end()
    return [], at


def _ends_well(text: str, end: int) -> bool:
    return end == len(text) or text[end] in " ,;|&.:)/<>" or text[end - 1] == "+"


def _version(text: str) -> str:
    """`text` without what closes a sentence, and wildcards written one way: `5.10.x.x` is `5.10.*`."""
    if text.count("(") != text.count(")"):
        text = text.rstrip(")")
    text = text.rstrip(".-")
    return re.sub(r"(?:\.[xX*])+$", ".*", text)


def _joined(constraints: list[_Constraint], scheme: Scheme, remainder: str) -> Reading:
    """The spans of the constraints: a lower end takes the upper end that follows it directly and lies above it."""
    spans: list[Span] = []
    left = [remainder] if remainder else []
    waiting: Edge | None = None
    for operator, version in constraints:
        try:
            alone = exact(scheme, version) if operator == "=" else None
            end = edge(scheme, version, after=operator in (">", "<="))
        except VersionsError as error:
            left.append(f"{operator} {version} ({error.why or error.what})")
            continue
        if waiting and operator in ("<", "<=") and waiting.key < end.key:
            spans.append(Span(scheme, waiting, end))
            waiting = None
            continue
        if waiting:
            spans.append(Span(scheme, waiting, None))
        waiting = end if operator in (">", ">=") else None
        if waiting is None:
            spans.append(alone or Span(scheme, None, end))
    if waiting:
        spans.append(Span(scheme, waiting, None))
    if not spans and not left:
        left.append("no version in it")
    return Reading(tuple(spans), "; ".join(left))
