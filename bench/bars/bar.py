"""What a bar is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.inputs import Absent
from bench.measure import NotMeasured
from bench.places import Places
from bench.table import Row, Verdict


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller asked for; `quick` leaves the slow peer out and loads once."""

    places: Places
    quick: bool


class LeftOut(Exception):
    """Not asked for, or not built yet; the message says which."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Something to measure; `what` and `bar` are shown when `measure` cannot say more."""

    what: str
    bar: str
    measure: Callable[[Options], Iterable[Row]]

    def rows(self, options: Options) -> list[Row]:
        """The measured rows; where it broke off, a last row says why."""
        rows: list[Row] = []
        try:
            for row in self.measure(options):  # not extend(): the rows before a break are kept
                rows.append(row)
        except (Absent, LeftOut) as reason:
            rows.append(Row(self.what, str(reason), self.bar, Verdict.SKIPPED))
        except NotMeasured as reason:
            rows.append(Row(self.what, str(reason), self.bar, Verdict.NOT_MEASURED))
        return rows
