"""A web process settles before its first page."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from postmarket.config.settling import settle


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """The collector as it was."""
    yield
    gc.unfreeze()


def test_what_is_there_for_good_is_left_out_of_garbage_collection_and_the_rest_is_not() -> None:
    """A cycle that a request leaves is still found."""
    settle()
    frozen = gc.get_freeze_count()
    gc.collect()
    cycle: list[object] = []
    cycle.append(cycle)
    del cycle

    assert frozen > 10_000
    assert gc.collect() >= 1
