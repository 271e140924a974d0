"""What the tests of assessment share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from postmarket.cases.hooks import Registrations
from tests.cases.conftest import hit
from tests.monitoring.conftest import bring_up, kept, pack, store

__all__ = ["bring_up", "hit", "kept", "pack", "store"]


@pytest.fixture(autouse=True)
def registrations() -> Iterator[None]:
    """What a test registers with the hooks of cases is gone after it."""
    before = Registrations()
    yield
    before.put_back()
