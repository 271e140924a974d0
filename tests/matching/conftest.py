"""Matching the components of one device version against a store filled by hand."""

from __future__ import annotations

import pytest

from postmarket.matching.aliases import builtin
from postmarket.matching.devices import match_device
from postmarket.matching.interface import DeviceMatches, DeviceProfile
from postmarket.matching.store.engine import Connection
from postmarket.sbom.interface import Component
from tests.builders import Match


@pytest.fixture
def match(store: Connection) -> Match:
    """Match the components of one device version."""

    def match(*components: Component, profile: DeviceProfile | None = None) -> DeviceMatches:
        return match_device(store, components, aliases=builtin(), profile=profile or DeviceProfile())

    return match
