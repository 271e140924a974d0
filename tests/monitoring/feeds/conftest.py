"""What tests of monitoring share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.sources.sync.server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """Somebody else's web server, on this machine."""
    running = Server()
    yield running
    running.close()


@pytest.fixture(autouse=True)
def home_of_its_own(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Downloads and evidence of one test are none of the next."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        settings: Settings = request.getfixturevalue("settings")
        home = tmp_path / "home"
        home.mkdir()
        settings.POSTMARKET_HOME = home
