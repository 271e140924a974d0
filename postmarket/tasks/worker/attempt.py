"""One attempt at one task, whatever its handler does."""

from __future__ import annotations

import traceback
from enum import StrEnum

from postmarket.errors import PostmarketError, visible
from postmarket.tasks.errors import LeaseLost, WrongPayload
from postmarket.tasks.models import State
from postmarket.tasks.payloads import decode
from postmarket.tasks.registry import Kind, find
from postmarket.tasks.run import Run, Stopping
from postmarket.tasks.services import ending

ERROR_LENGTH = 1_000
TRACE_LENGTH = 8_000


class Outcome(StrEnum):
    """How an attempt ended."""

    DONE = "done"
    FAILED = "failed"
    """It will be tried again."""
    PARKED = "parked"
    RETURNED = "returned"
    """The worker stops; it did not count."""
    LOST = "lost"
    """The lease had ended; what the attempt did not save before was taken back."""


def attempt(run: Run) -> Outcome:
    """Run the handler of `run.task` and write down how it ended. Raises only database errors."""
    kind = find(run.task.name)
    try:
        kind.handler(decode(kind, run.task.payload), run)
        if not run.finished:
            ending.finish(run.task, now=run.now())
    except LeaseLost:
        return Outcome.LOST
    except Stopping:
        ending.give_back(run.task, now=run.now())
        return Outcome.RETURNED
    except (Exception, SystemExit) as error:  # a handler may raise anything, and the worker outlives it
        return _failed(kind, run, error)
    return Outcome.DONE


def _failed(kind: Kind, run: Run, error: BaseException) -> Outcome:
    if run.finished:
        # What it did after its last transaction failed; its work is kept and the task is done.
        return Outcome.DONE
    try:
        state = ending.fail(
            run.task,
            error=_in_words(error)[:ERROR_LENGTH],
            trace=_trace(error)[-TRACE_LENGTH:],
            retries=kind.retries,
            final=isinstance(error, (*kind.final, WrongPayload)),
            now=run.now(),
        )
    except LeaseLost:
        return Outcome.LOST
    return Outcome.PARKED if state is State.PARKED else Outcome.FAILED


def _in_words(error: BaseException) -> str:
    """The error in one line."""
    if isinstance(error, PostmarketError):
        return error.line()
    return visible(f"{type(error).__name__}: {error}".rstrip(": "))


def _trace(error: BaseException) -> str:
    """Where it was raised, in characters that any database takes."""
    lines = "".join(traceback.format_exception(error)).replace("\0", "")
    return lines.encode("utf-8", "backslashreplace").decode("utf-8")
