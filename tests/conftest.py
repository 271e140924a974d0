"""What every room's tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection

import pytest

from postmarket.matching.store import runs
from postmarket.matching.store.catalogues import EpssWriter, KevWriter
from postmarket.matching.store.connection import open_store
from postmarket.matching.store.records import RecordWriter
from postmarket.sources.interface import EpssScore, KevEntry, Record
from tests.builders import NOW, Tell, source_of

SHARED_DATA = Path(os.environ.get("POSTMARKET_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real feeds, SBOMs and reference answers kept beside the project; skips where it is absent."""
    if not SHARED_DATA.is_dir():
        message = f"no real data at {SHARED_DATA}: set POSTMARKET_TEST_DATA to its folder to run this test"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED_DATA


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Connection]:
    """An empty store."""
    connection = open_store(tmp_path / "store.sqlite3", create=True)
    yield connection
    connection.close()


@pytest.fixture
def tell(store: Connection) -> Tell:
    """Publish what one source says (records, KEV entries or EPSS scores) as one load."""

    def tell(*items: Record | KevEntry | EpssScore) -> None:
        run = runs.begin(store, source_of(items[0]), now=NOW)
        records = RecordWriter(store, source=run.source.value, run_id=run.id, generation=run.generation)
        exploited = KevWriter(store, generation=run.generation)
        forecasts = EpssWriter(store, generation=run.generation)
        for item in items:
            if isinstance(item, Record):
                run.count(records.add(item))
                run.data_as_of = max(run.data_as_of, item.modified)
            elif isinstance(item, KevEntry):
                run.count(exploited.add(item))
            else:
                run.count(forecasts.add(item))
        records.flush()
        forecasts.flush()
        runs.publish(store, run, now=NOW)

    return tell
