"""Which handlers are taken, and what is said of the others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from postmarket import tasks
from postmarket.tasks.errors import UnknownTask, WrongHandler
from postmarket.tasks.registry import find, kinds
from postmarket.tasks.run import Run
from postmarket.tasks.schedules import Tick
from tests.tasks.kinds import Note, plain


def no_payload(run: Run) -> None:
    """Takes too little."""


def any_payload(payload: dict[str, Any], run: Run) -> None:
    """Takes anything."""


def test_a_handler_is_found_by_its_name_with_its_payload() -> None:
    """The payload's type is what the first parameter is annotated with."""
    assert find("testing.plain").payload is Note
    assert find("testing.hourly").payload is Tick


@pytest.mark.parametrize("name", ["plain", "Testing.plain", "testing.", "testing.plain!", "a." + "b" * 100])
def test_a_name_says_its_room_and_what_it_does(name: str) -> None:
    """Anything else is refused when the program starts."""
    with pytest.raises(WrongHandler, match=r"room\.what_it_does"):
        tasks.task(name)(plain)


def test_a_name_is_given_once() -> None:
    """Two handlers of one name would hide each other."""
    with pytest.raises(WrongHandler, match="Two handlers"):
        tasks.task("testing.plain")(plain)


@pytest.mark.parametrize("handler", [no_payload, any_payload])
def test_a_handler_takes_a_struct_and_the_run(handler: Any) -> None:
    """What cannot be checked when it is enqueued is not registered."""
    with pytest.raises(WrongHandler):
        tasks.task("testing.wrong")(handler)
    assert "testing.wrong" not in kinds()


def test_a_schedule_faster_than_a_second_is_refused() -> None:
    """Such a schedule would do nothing but enqueue."""
    with pytest.raises(WrongHandler, match="too often"):
        tasks.Every(timedelta(milliseconds=10))


def test_an_unknown_name_says_where_to_register_it() -> None:
    """A typing error is found by whoever enqueues, not by a worker at night."""
    with pytest.raises(UnknownTask, match=r"tasks\.py"):
        find("testing.nobody")


def test_each_room_s_own_tasks_are_known_when_the_site_has_started() -> None:
    """The queue's own housekeeping is registered by importing the room's tasks.py."""
    assert "tasks.forget" in kinds()


def test_the_door_offers_what_it_names() -> None:
    """Every name in `__all__` is there."""
    assert all(getattr(tasks, name) for name in tasks.__all__)
    with pytest.raises(AttributeError):
        tasks.nothing  # noqa: B018 - looking it up is the test
