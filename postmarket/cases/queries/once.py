"""What several parts of one page ask of a case is read once: for a page that shows and asks, and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

Read = TypeVar("Read")

_read: ContextVar[dict[Hashable, object] | None] = ContextVar("read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Inside it `once` reads what has one key a single time."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def once(key: Hashable, read: Callable[[], Read]) -> Read:
    """What `read` gives: outside `read_once` anew each time, so that what was written meanwhile is seen."""
    known = _read.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    return cast(Read, known[key])
