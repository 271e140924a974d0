"""
Every kind of task, by name: what runs it, what it takes, how often it is tried again, and when it comes by itself.

    @task("monitoring.rematch", retries=5)
    def rematch(payload: Rematch, run: Run) -> None: ...

    @periodic("monitoring.sync", Every(timedelta(hours=1)))
    def sync(tick: Tick, run: Run) -> None: ...
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

import msgspec

from postmarket.tasks.errors import UnknownTask, WrongHandler
from postmarket.tasks.schedules import Schedule, Tick

if TYPE_CHECKING:
    from postmarket.tasks.run import Run

P = TypeVar("P", bound=msgspec.Struct)
Handler = Callable[[P, "Run"], None]

RETRIES = 5
NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
NAME_LENGTH = 100


@dataclass(frozen=True)
class Kind:
    """One kind of task. `final` are the errors that no retry mends: they park the task at once."""

    name: str
    handler: Callable[[Any, Run], None]
    payload: type[msgspec.Struct]
    retries: int
    priority: int
    final: tuple[type[Exception], ...]
    schedule: Schedule | None


_kinds: dict[str, Kind] = {}


def task(
    name: str, *, retries: int = RETRIES, priority: int = 0, final: tuple[type[Exception], ...] = ()
) -> Callable[[Handler[P]], Handler[P]]:
    """
    Register a handler as `room.what_it_does`; its first parameter is annotated with the payload's Struct.

    `retries` are the attempts after the first. A higher `priority` runs before all lower ones that are due.
    Raises WrongHandler for a name taken or malformed, and for a payload that is no Struct.
    """

    def register(handler: Handler[P]) -> Handler[P]:
        _add(name, handler, retries=retries, priority=priority, final=final, schedule=None)
        return handler

    return register


def periodic(
    name: str,
    schedule: Schedule,
    *,
    retries: int = RETRIES,
    priority: int = 0,
    final: tuple[type[Exception], ...] = (),
) -> Callable[[Handler[Tick]], Handler[Tick]]:
    """
    Register a handler that comes by itself, once a tick however many workers run, and never beside itself.

    A tick that passed while no worker ran is made up for once, not once for each missed tick.
    """

    def register(handler: Handler[Tick]) -> Handler[Tick]:
        _add(name, handler, retries=retries, priority=priority, final=final, schedule=schedule)
        return handler

    return register


def find(name: str) -> Kind:
    """The kind of this name. Raises UnknownTask."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownTask(name) from None


def kinds() -> Mapping[str, Kind]:
    """Every kind by name."""
    return MappingProxyType(_kinds)


def forget(name: str) -> None:
    """Take a kind out again: for tests that register their own."""
    _kinds.pop(name, None)


def _add(
    name: str,
    handler: Callable[[Any, Run], None],
    *,
    retries: int,
    priority: int,
    final: tuple[type[Exception], ...],
    schedule: Schedule | None,
) -> None:
    if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        raise WrongHandler(f"{name!r} is no name for a task", next_step="Write room.what_it_does, in lower case.")
    if name in _kinds:
        raise WrongHandler(f"Two handlers are called {name!r}", next_step="Give one of them another name.")
    if retries < 0:
        raise WrongHandler(f"{name} has fewer than no retries", next_step="Give 0 or more.")
    _kinds[name] = Kind(name, handler, _payload_of(name, handler), retries, priority, final, schedule)


def _payload_of(name: str, handler: Callable[[Any, Run], None]) -> type[msgspec.Struct]:
    """The Struct that the handler's first parameter is annotated with; the other is not looked at."""
    parameters = list(inspect.signature(handler).parameters)
    if len(parameters) != len(("payload", "run")):
        raise WrongHandler(
            f"The handler of {name} takes {len(parameters)} arguments", next_step="Take payload and run."
        )
    first = {parameters[0]: handler.__annotations__.get(parameters[0], object)}
    found = get_type_hints(SimpleNamespace(__annotations__=first), globalns=handler.__globals__)[parameters[0]]
    if not (isinstance(found, type) and issubclass(found, msgspec.Struct)):
        raise WrongHandler(
            f"The payload of {name} is no msgspec.Struct", next_step="Annotate the handler's first parameter with one."
        )
    return found
