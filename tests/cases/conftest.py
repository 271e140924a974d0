"""What the tests of cases share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from postmarket.cases.hooks import Registrations
from postmarket.inventory.models import DeviceVersion
from tests.builders import Tell
from tests.cases.given import Assessed
from tests.monitoring.conftest import bring_up, demo_feeds, kept, pack, store
from tests.monitoring.given import pump, told

__all__ = ["bring_up", "demo_feeds", "kept", "pack", "store"]


@pytest.fixture(autouse=True)
def registrations() -> Iterator[None]:
    """What a test registers with the hooks is gone after it."""
    before = Registrations()
    yield
    before.put_back()


@pytest.fixture
def assessed() -> Assessed:
    """What is signed, without the room that has people sign it."""
    return Assessed()


@pytest.fixture
def hit(tell: Tell, bring_up: Callable[..., object]) -> DeviceVersion:
    """A shipped version of the pump, hit since yesterday's feed."""
    from tests.cases.given import MONDAY

    tell(told())
    version = pump("3.1", at=MONDAY)
    bring_up(MONDAY)
    return version
