"""Standard output and standard error as they are found: closed, narrow, or a disk that is full."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

STANDARD_OUTPUT = "standard output"


def show_everything() -> None:
    """A screen that cannot show a character shows its number: rows about patients do not end in the middle."""
    if sys.stdout is None or sys.stderr is None:
        # Closed by whoever started us: then nobody listens, which is no failure.
        nobody = Path(os.devnull).open("w")  # noqa: SIM115 - it stays open as long as the program
        sys.stdout, sys.stderr = sys.stdout or nobody, sys.stderr or nobody
    if not isinstance(sys.stdout, io.TextIOWrapper):
        return
    if sys.stdout is sys.__stdout__:
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(_StandardOutput(sys.stdout.fileno(), "wb", closefd=False)),
            encoding=sys.stdout.encoding,
            line_buffering=sys.stdout.line_buffering,
        )
    sys.stdout.reconfigure(errors="backslashreplace")


class _StandardOutput(io.FileIO):
    """Standard output whose error says that it is standard output (Python names no file), and says so once."""

    broken = False

    def write(self, content: Buffer) -> int | None:  # type: ignore[override]  # the stubs forget that it may block
        if self.broken:
            return memoryview(content).nbytes
        try:
            return super().write(content)
        except OSError as error:
            self.broken = True
            error.filename = STANDARD_OUTPUT
            raise


def complain(line: str) -> None:
    """One line on standard error, with who says it."""
    sys.stderr.write(f"postmarket: {line}\n")
