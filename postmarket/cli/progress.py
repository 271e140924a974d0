"""A progress bar on a terminal, silence elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from postmarket.errors import visible

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

MOST_NAME = 40


class LoadBar:
    """Shows how much of a load is read, in bytes as the files lie on disk, with the time that is left."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                DownloadColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[name]}"),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task(self._what, total=None, name="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def total(self, size: int) -> None:
        """How much there is to read in all."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, total=size)

    def reading(self, name: str, done: int) -> None:
        """`done` bytes are read, now in the document `name`."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, name=visible(name)[-MOST_NAME:])


class CountBar:
    """Shows how many things were looked at, where nobody knows yet how many there are."""

    def __init__(self, what: str, unit: str) -> None:
        self._what = what
        self._unit = unit
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                TextColumn("{task.completed:,} {task.fields[unit]}"),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task(self._what, total=None, unit=self._unit)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def reached(self, number: int) -> None:
        """`number` of them are done."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=number)


class StepBar:
    """Shows how many of a known number of steps are done, and what the next one is about."""

    def __init__(self, what: str, unit: str) -> None:
        self._what = what
        self._unit = unit
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[unit]}"),
                TimeRemainingColumn(),
                TextColumn("{task.fields[name]}"),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task(self._what, total=None, unit=self._unit, name="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def total(self, size: int) -> None:
        """How many steps there are."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, total=size)

    def reading(self, name: str, done: int) -> None:
        """`done` steps are done, the next is about `name`."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, name=visible(name)[-MOST_NAME:])
