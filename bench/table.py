"""What the bench says: rows of what was measured beside its bar, as a table for people and as JSON."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

WIDTHS = (38, 40, 30)


class Verdict(StrEnum):
    """Whether a bar is met, in words."""

    MET = "met"
    MISSED = "missed"
    NO_BAR = "no bar"
    """Measured to be known; nothing was promised."""
    SKIPPED = "skipped"
    """Left out on purpose, or its data is absent."""
    NOT_MEASURED = "not measured"
    """It should have been, and could not."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `numbers` are the raw figures behind `measured`, named with their unit."""

    what: str
    measured: str
    bar: str
    verdict: Verdict
    numbers: Mapping[str, float | str] = field(default_factory=dict)


def verdict(*holds: bool) -> Verdict:
    """Met when every part of the bar holds."""
    return Verdict.MET if all(holds) else Verdict.MISSED


def megabytes(count: float) -> float:
    """Bytes as MB of 10^6 bytes, the stricter reading of a bar in MB."""
    return count / 1e6


def lines(rows: Sequence[Row]) -> list[str]:
    """The table, one string a line, wrapped to stand in a terminal."""
    out = [_line(("what", "measured", "bar"), "met?"), _line(tuple("-" * width for width in WIDTHS), "-" * 12)]
    for row in rows:
        cells = [textwrap.wrap(text, width) or [""] for text, width in zip(_texts(row), WIDTHS, strict=True)]
        for number in range(max(len(cell) for cell in cells)):
            texts = tuple(cell[number] if number < len(cell) else "" for cell in cells)
            out.append(_line(texts, row.verdict.value if number == 0 else ""))
    return out


def as_json(row: Row) -> dict[str, object]:
    """A row as the results file keeps it."""
    return dataclasses.asdict(row)


def _texts(row: Row) -> tuple[str, ...]:
    return row.what, row.measured, row.bar


def _line(texts: Sequence[str], last: str) -> str:
    cells = [text.ljust(width) for text, width in zip(texts, WIDTHS, strict=True)]
    return " | ".join([*cells, last]).rstrip()
