"""What every room's tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection

import pytest

from postmarket.matching.store import runs
from postmarket.matching.store.connection import open_store
from postmarket.matching.store.records import RecordWriter
from postmarket.sources.interface import Record
from tests.builders import NOW, Tell

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
    """Publish records of one source as one load."""

    def tell(*records: Record) -> None:
        run = runs.begin(store, records[0].source, now=NOW)
        writer = RecordWriter(store, source=records[0].source.value, run_id=run.id, generation=run.generation)
        for item in records:
            run.count(writer.add(item))
        writer.flush()
        runs.publish(store, run, now=NOW)

    return tell
