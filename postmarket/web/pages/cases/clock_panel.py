"""The clocks of a case as its page shows them: what one act stops stands together, the earlier date drives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from postmarket.cases.words import ClockState
from postmarket.web.components import dates
from postmarket.web.components.tags import Meaning
from postmarket.web.pages.cases.words import BASES

if TYPE_CHECKING:
    from datetime import datetime

    from postmarket.cases.models import Clock
    from postmarket.cases.queries.case import CaseDetail
    from postmarket.cases.queries.clocks import ClockRow

SOON: Final = timedelta(days=7)
BASIS_WORDS: Final[Mapping[str, str]] = {basis.value: words for basis, words in BASES.items()}


@dataclass(frozen=True, slots=True)
class Shown:
    """One clock in words. `due` is what stands beside its name, `meaning` its colour."""

    row: ClockRow
    due: str
    meaning: Meaning
    started: str

    @property
    def clock(self) -> Clock:
        """The clock."""
        return self.row.clock

    @property
    def fold(self) -> str:
        """The id of what is folded under it."""
        return f"clock-{self.row.clock.pk}"

    @property
    def percent(self) -> float:
        """How much of it has passed; all of it once it has ended."""
        return 100.0 if not self.row.is_on else 100 * (self.row.share or 0.0)


@dataclass(frozen=True, slots=True)
class Duty:
    """Clocks that one act stops: the first one drives, where one does."""

    first: Shown
    others: Sequence[Shown]

    @property
    def several(self) -> bool:
        """Whether more than one rule sets a date for it."""
        return bool(self.others)


@dataclass(frozen=True, slots=True)
class Clocks:
    """Those that run, those that are done, and void ones, whose dates stay to be read."""

    running: Sequence[Duty]
    done: Sequence[Shown]
    void: Sequence[Shown]


def clocks(rows: Iterable[ClockRow], *, now: datetime) -> Clocks:
    """The rows of `queries.clocks.clocks_of`, put together by what stops them."""
    every = [shown(row, now=now) for row in rows]
    together: dict[tuple[str, int], list[Shown]] = {}
    for one in every:
        if one.row.is_on:
            together.setdefault((one.clock.duty, one.clock.pk if one.clock.each else 0), []).append(one)
    groups = [sorted(group, key=lambda one: not one.row.drives) for group in together.values()]
    return Clocks(
        running=[Duty(group[0], group[1:]) for group in groups],
        done=[one for one in every if one.clock.state == ClockState.STOPPED.value],
        void=[one for one in every if one.clock.state == ClockState.VOID.value],
    )


def row_of_timeline(found: CaseDetail) -> str:
    """Why the article's dates are those of another row than the source's score gives; "" when they are not."""
    judged, source = found.judged, None if found.facts is None else found.facts.score
    if judged.band:
        return f"The article’s dates are those of its row {judged.band}, by both leads’ clinical judgement."
    if source is not None and judged.doubted is not None and judged.doubted > max(source, judged.score or 0.0):
        return (
            f"The article’s dates still come from the score both leads signed for the device, {judged.doubted:.1f}:"
            f" it is open again, and a doubt gives no later date. The source’s is {source:.1f}."
        )
    if judged.score is None or judged.score == source:
        return ""
    said = "no source has one" if source is None else f"the source’s is {source:.1f}"
    return f"The article’s dates come from our signed score for the device, {judged.score:.1f}; {said}."


def shown(row: ClockRow, *, now: datetime) -> Shown:
    """One clock in words."""
    due, meaning = _due(row, now)
    return Shown(row, due, meaning, BASIS_WORDS.get(row.clock.start.basis, row.clock.start.basis))


def _due(row: ClockRow, now: datetime) -> tuple[str, Meaning]:
    clock = row.clock
    at = clock.day or clock.until
    when = "no date" if at is None else dates.in_words(at)
    if clock.state == ClockState.VOID.value:
        return f"was {when}", Meaning.PLAIN
    if clock.state == ClockState.PAUSED.value:
        return "paused", Meaning.SOON
    if clock.state == ClockState.STOPPED.value:
        done = "done" if clock.ended_at is None else f"done {dates.in_words(clock.ended_at)}"
        return (f"{done}, late", Meaning.HARM) if row.late else (done, Meaning.SAFE)
    if row.late:
        return f"{when}, has passed", Meaning.HARM
    if clock.until is None:
        return "no number", Meaning.UNKNOWN
    return when, Meaning.SOON if clock.until - now <= SOON else Meaning.ACT
