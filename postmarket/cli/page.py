"""Text on a screen: wrapped to its width, with a little colour on a terminal. Rich takes 60 ms that a scan has not."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.errors import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

PLAIN_WIDTH = 120
LEAST_WIDTH = 40
MOST_DIGITS = 5
STYLES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "bold red": "1;31"}
MOST_CELL = 48
RESET = "\x1b[0m"

Span = tuple[str, str]
"""Text and its style; "" is plain."""


@dataclass(frozen=True, slots=True)
class Page:
    """A stream with a width (columns) that may show colour."""

    stream: TextIO
    width: int = PLAIN_WIDTH
    colour: bool = False

    def line(self, text: str = "", style: str = "", *, indent: int = 0, hang: int = 0) -> None:
        """
        Write one paragraph, wrapped; control characters in it are made visible.

        Every line stands `indent` columns in, all but the first another `hang`.
        """
        wrapped = textwrap.wrap(
            visible(text),
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hang),
            break_on_hyphens=False,
        )
        for part in wrapped or [""]:
            self.stream.write(f"{self._styled(part, style)}\n")

    def spans(self, spans: Sequence[Span]) -> None:
        """Write pieces of different styles on one line, as they come."""
        self.stream.write("".join(self._styled(visible(text), style) for text, style in spans) + "\n")

    def table(self, header: Sequence[str], rows: Sequence[tuple[Sequence[str], str]]) -> None:
        """Write rows (cells and a style) under a dim header; the first column to the left, the others to the right."""
        cells = [tuple(shortened(visible(cell), MOST_CELL) for cell in row) for row, _ in rows]
        widths = [max(len(line[column]) for line in (*cells, tuple(header))) for column in range(len(header))]
        styles = ["dim", *(style for _, style in rows)]
        for line, style in zip((tuple(header), *cells), styles, strict=True):
            first = line[0].ljust(widths[0])
            rest = (cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))
            self.stream.write(f"{self._styled('  '.join((first, *rest)), style)}\n")

    def _styled(self, text: str, style: str) -> str:
        return f"\x1b[{STYLES[style]}m{text}{RESET}" if style and self.colour else text


def shortened(text: str, most: int) -> str:
    """`text` in at most `most` characters, its middle left out when it is longer."""
    if len(text) <= most:
        return text
    head = (most - 1) // 2
    return f"{text[:head]}…{text[len(text) - (most - 1 - head) :]}"


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its word: `1 row`, `1,200 rows`, or `many` where that is irregular."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def screen() -> Page:
    """Standard output: its own width and colours on a terminal (unless NO_COLOR), 120 plain columns elsewhere."""
    if sys.stdout.isatty():
        columns = max(shutil.get_terminal_size().columns, LEAST_WIDTH)
        return Page(sys.stdout, columns, colour="NO_COLOR" not in os.environ)
    return Page(sys.stdout, plain_width())


def plain_width() -> int:
    """The columns of what is no terminal: COLUMNS where that is a width one can read, else 120."""
    given = os.environ.get("COLUMNS", "")
    return int(given) if given.isdecimal() and len(given) <= MOST_DIGITS and int(given) >= LEAST_WIDTH else PLAIN_WIDTH
