"""What the tests of the queue share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.tasks import effects, kinds


@pytest.fixture(autouse=True)
def known_kinds() -> Iterator[None]:
    """The kinds of `kinds.py`."""
    kinds.register()
    yield
    kinds.unregister()


@pytest.fixture
def effect_table(db: None) -> Iterator[None]:
    """The table in which handlers leave what they did."""
    with effects.table():
        yield


@pytest.fixture
def committed_effects(transactional_db: None) -> Iterator[None]:
    """The same, seen by other threads and processes."""
    with effects.table():
        yield
