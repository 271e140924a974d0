"""Kinds of task for tests, and the moment at which they happen."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import msgspec
from django.db import transaction

from postmarket.errors import PostmarketError
from postmarket.tasks.registry import forget, periodic, task
from postmarket.tasks.run import Run
from postmarket.tasks.schedules import Every, Tick
from tests.tasks import effects

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
HOURLY = timedelta(hours=1)
SLICE_SECONDS = 0.02


class Note(msgspec.Struct, frozen=True):
    """What a task of these tests is told."""

    text: str


class Hopeless(PostmarketError):
    """No retry mends it."""


def plain(note: Note, run: Run) -> None:
    """Do it once by the key, and let the worker say that it is done."""
    with transaction.atomic():
        effects.add_once(run.key)


def fenced(note: Note, run: Run) -> None:
    """Do it without looking, in the transaction in which the task is done."""
    with run.finishing():
        effects.add(run.key)


def failing(note: Note, run: Run) -> None:
    """Never succeed, and say which attempt it was."""
    raise ValueError(f"attempt {run.attempt}\nof {note.text}")


def once(note: Note, run: Run) -> None:
    """Fail the first time; then do it as `fenced` does."""
    if run.attempt == 1:
        raise ValueError("not yet")
    fenced(note, run)


def hopeless(note: Note, run: Run) -> None:
    """Fail in a way that no retry mends."""
    raise Hopeless("The file is no SBOM", next_step="Upload another.")


def patient(note: Note, run: Run) -> None:
    """Work until told to stop: the first attempt never ends by itself."""
    run.progress(3, 12, "files")
    while run.attempt == 1:
        run.checkpoint()
        time.sleep(SLICE_SECONDS)
    effects.add(run.key)


def hourly(tick: Tick, run: Run) -> None:
    """Leave the moment it was due."""
    with run.finishing():
        effects.add(tick.at.isoformat())


def register() -> None:
    """Make them known."""
    task("testing.plain")(plain)
    task("testing.fenced", retries=2)(fenced)
    task("testing.failing", retries=2)(failing)
    task("testing.once")(once)
    task("testing.hopeless", final=(Hopeless,))(hopeless)
    task("testing.patient")(patient)
    task("testing.urgent", priority=5)(plain)
    periodic("testing.hourly", Every(HOURLY))(hourly)


def unregister() -> None:
    """Take them out again: other rooms' tests run what is registered."""
    for name in ("plain", "fenced", "failing", "once", "hopeless", "patient", "urgent", "hourly"):
        forget(f"testing.{name}")
