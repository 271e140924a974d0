"""The sites of these tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backup.sites import Site
from tests.stores import Stores


@pytest.fixture
def site(store_address: str, tmp_path: Path) -> Site:
    """A site with something in it."""
    found = Site(tmp_path / "home", store_address)
    found.fill()
    return found


@pytest.fixture(scope="module")
def standing(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with something in it that no test changes."""
    folder = tmp_path_factory.mktemp("standing")
    with stores(folder) as address:
        found = Site(folder / "home", address)
        found.fill()
        yield found


@pytest.fixture(scope="module")
def whole(standing: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    return standing.backed_up(tmp_path_factory.mktemp("whole") / "site.backup")


@pytest.fixture
def elsewhere(stores: Stores, tmp_path: Path) -> Iterator[Site]:
    """A home and a database that are not there yet."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with stores(folder) as address:
        yield Site(tmp_path / "new", address)
