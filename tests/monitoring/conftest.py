"""What the tests of monitoring share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from postmarket.inventory.store import store as portfolio_store
from postmarket.matching.aliases import builtin
from postmarket.matching.store.engine import Connection
from postmarket.matching.store.loading import load
from postmarket.monitoring.policy import pack_in_force
from postmarket.monitoring.services.projecting.run import Projected, project
from postmarket.policy.pack import Pack
from postmarket.sources.interface import Source
from tests.monitoring.builders import NOW


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The policy that comes with postmarket."""
    return pack_in_force()


@pytest.fixture
def kept(db: None) -> Connection:
    """The store in the site's own database."""
    return portfolio_store()


@pytest.fixture
def store(kept: Connection) -> Connection:
    """`tell` publishes into the site's own store."""
    return kept


@pytest.fixture
def bring_up(kept: Connection, pack: Pack) -> Callable[..., Projected]:
    """Bring the projection up to what the store says."""

    def bring_up(now: datetime = NOW) -> Projected:
        return project(pack=pack, aliases=builtin(), now=now)

    return bring_up


@pytest.fixture
def demo_feeds(kept: Connection, tmp_path: Path) -> None:
    """The intelligence of the demo, loaded."""
    from postmarket.demo import feed_paths

    for source, paths in feed_paths().items():
        run = load(kept, Source(source), paths, home=tmp_path, clock=lambda: NOW)
        assert not run.refused
