"""
The `--fail-on` rule language: when a scan's exit code should stop a pipeline.

    rule       = term { "or" term }
    term       = check { "and" check }
    check      = "not" check | "(" rule ")" | word | field operator value
    word       = "kev" | "any"
    field      = "priority" | "severity" | "score" | "epss" | "unmatched" | "coverage" | "quality"
    operator   = ">=" | "<=" | ">" | "<" | "="

`priority >= urgent` means urgent or more pressing, and an unknown severity or score counts as the highest. An unknown
EPSS is neither high nor low: on a row without one every comparison with `epss` is false. The last three fields are
asked of each device version: how many components could not be identified, the percentage that could be monitored, and
the SBOM's quality under the seed profile in percent.

A rule is asked of every row of the worklist lane together with its device version, and of every device version alone.
Alone, what is asked of a row has no answer, and neither has its `not`: `not kev` never holds for a device version
without rows, `kev or coverage < 80` holds for one that is poorly covered.

A comparison that no row and no device version can ever fulfil (`score > 11`) is refused: it would be a gate that never
shuts.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.worklist.errors import RuleError
from postmarket.worklist.fail_on_fields import DEVICE_FIELDS, PRIORITIES, RANGE_WORDS, RANGES, ROW_FIELDS, SEVERITIES
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postmarket.worklist.interface import DeviceReport, Row, Worklist

MOST_NESTED = 50
HELP = "Write for example: priority >= urgent, or: kev and severity >= high, or: coverage < 80."

_TOKEN = re.compile(r"\s*(>=|<=|>|<|=|\(|\)|[A-Za-z][A-Za-z-]*|\d+(?:\.\d+)?)")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}

Check = Callable[["DeviceReport", "Row | None"], bool | None]
"""Of a row with its device version, or of a device version alone: then None where only a row has an answer."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed rule; `text` is as it was given, `asks_rows` whether anything in it is asked of rows."""

    text: str
    check: Check
    asks_rows: bool

    def holds(self, worklist: Worklist) -> bool:
        """Whether the scan should fail."""
        return next(self.offenders(worklist), None) is not None

    def offenders(self, worklist: Worklist) -> Iterator[tuple[DeviceReport, Row | None]]:
        """Every device version, and row of it, for which the rule holds."""
        reports = {id(report.device): report for report in worklist.devices}
        for report in worklist.devices:
            if self.check(report, None):
                yield report, None
        for row in worklist.lane(Lane.WORKLIST) if self.asks_rows else ():
            if self.check(reports[id(row.device)], row):
                yield reports[id(row.device)], row


def parse_rule(text: str) -> Rule:
    """The rule in `text`. Raises RuleError, quoting what it stumbled over."""
    parser = _Parser(text)
    check = parser.whole()
    return Rule(text=text, check=check, asks_rows=parser.asks_rows)


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split(text))
        self._at = 0
        self.asks_rows = False
        self._of_device: dict[str, Callable[[DeviceReport], float]] = {}
        if sum(token in {"(", "not"} for token in self._tokens) > MOST_NESTED:
            raise self._error(f"more than {MOST_NESTED} brackets and `not`s")

    def whole(self) -> Check:
        check = self._rule()
        if self._at < len(self._tokens):
            raise self._error(f"did not expect {self._tokens[self._at]!r}")
        return check

    def _rule(self) -> Check:
        checks = [self._term()]
        while self._take("or"):
            checks.append(self._term())
        return checks[0] if len(checks) == 1 else lambda device, row: _settled(checks, device, row, by=True)

    def _term(self) -> Check:
        checks = [self._check()]
        while self._take("and"):
            checks.append(self._check())
        return checks[0] if len(checks) == 1 else lambda device, row: _settled(checks, device, row, by=False)

    def _check(self) -> Check:
        if self._take("not"):
            inner = self._check()
            return lambda device, row: None if (answer := inner(device, row)) is None else not answer
        if self._take("("):
            inner = self._rule()
            if not self._take(")"):
                raise self._error("a bracket is not closed")
            return inner
        word = self._next("a check")
        if word == "kev":
            return self._of_row(lambda row: row.vulnerability.kev is not None)
        if word == "any":
            return self._of_row(lambda _row: True)
        return self._comparison(word)

    def _comparison(self, field: str) -> Check:
        if field not in ROW_FIELDS and field not in DEVICE_FIELDS:
            raise self._error(f"{field!r} is no field")
        compare = _OPERATORS.get(self._next("an operator"))
        if compare is None:
            raise self._error(f"{self._tokens[self._at - 1]!r} is no operator")
        value = self._possible(field, self._next("a value"), compare)
        if field in DEVICE_FIELDS:
            of_device = self._of_device.setdefault(field, _once(DEVICE_FIELDS[field]))
            return lambda device, _row: compare(of_device(device), value)
        of_row = ROW_FIELDS[field]
        return self._of_row(lambda row: (known := of_row(row)) is not None and compare(known, value))

    def _of_row(self, ask: Callable[[Row], bool]) -> Check:
        self.asks_rows = True
        return lambda _device, row: ask(row) if row is not None else None

    def _possible(self, field: str, word: str, compare: Callable[[float, float], bool]) -> float:
        """The value of `word`. Raises RuleError when nothing the field can be compares with it: a gate never shut."""
        value = self._value(field, word)
        lowest, highest = RANGES[field]
        if compare is operator.eq:
            fires = lowest <= value <= highest and (field != "unmatched" or value.is_integer())
        else:
            fires = compare(lowest, value) or compare(highest, value)
        if not fires:
            text = f"{field} {self._tokens[self._at - 2]} {word}"
            raise self._error(f"{text!r} can never hold: {field} is {RANGE_WORDS[field]}")
        return value

    def _value(self, field: str, word: str) -> float:
        names = {"severity": SEVERITIES, "priority": PRIORITIES}.get(field)
        if names is not None:
            if word not in names:
                raise self._error(f"{word!r} is no {field}: use {', '.join(names)}")
            return names[word]
        try:
            return float(word)
        except ValueError:
            raise self._error(f"{field} needs a number, not {word!r}") from None

    def _split(self, text: str) -> Iterator[str]:
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._error(f"{text[at:].strip()[:20]!r} cannot be read")
            yield found[1].lower()
            at = found.end()

    def _take(self, word: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == word:
            self._at += 1
            return True
        return False

    def _next(self, what: str) -> str:
        if self._at >= len(self._tokens):
            raise self._error(f"{what} is missing at the end")
        self._at += 1
        return self._tokens[self._at - 1]

    def _error(self, why: str) -> RuleError:
        return RuleError("This is no rule", where=f"--fail-on {self._text!r}", why=why, next_step=HELP)


def _settled(checks: Sequence[Check], device: DeviceReport, row: Row | None, *, by: bool) -> bool | None:
    """`or` (settled by one true answer) and `and` (by one false one); None when an open answer could settle it."""
    is_open = False
    for check in checks:
        answer = check(device, row)
        if answer is by:
            return by
        is_open = is_open or answer is None
    return None if is_open else not by


def _once(ask: Callable[[DeviceReport], float]) -> Callable[[DeviceReport], float]:
    """`ask`, each device version asked only once: the quality of an SBOM takes a while, and there are many rows."""
    answers: dict[int, tuple[DeviceReport, float]] = {}

    def answer(device: DeviceReport) -> float:
        if id(device) not in answers:
            answers[id(device)] = (device, ask(device))  # kept with its answer, so that no other gets its id
        return answers[id(device)][1]

    return answer
