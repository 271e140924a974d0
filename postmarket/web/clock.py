"""The site's clock: one instant per request, and one place that tests stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system
_instant: ContextVar[datetime | None] = ContextVar("instant", default=None)


def now() -> datetime:
    """The instant of the request at hand, else the time; UTC. Everything on one page is seen from one moment."""
    return _instant.get() or _source()


@contextmanager
def one_instant() -> Iterator[datetime]:
    """Hold `now()` still inside the block."""
    moment = _source()
    token = _instant.set(moment)
    try:
        yield moment
    finally:
        _instant.reset(token)


@contextmanager
def stopped(moment: datetime) -> Iterator[None]:
    """Let the clock of the whole process stand at `moment` (with a zone): for tests, also across threads."""
    global _source
    if moment.tzinfo is None:
        raise ValueError("a stopped clock needs a time zone")
    before, _source = _source, lambda: moment.astimezone(UTC)
    try:
        yield
    finally:
        _source = before
