"""What every room's tests share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from postmarket.matching.store import runs
from postmarket.matching.store.connection import open_address
from postmarket.matching.store.engine import Connection
from postmarket.matching.store.loading import load
from postmarket.matching.store.records import RecordWriter
from postmarket.sources.interface import EpssScore, KevEntry, Record, Source
from tests.builders import NOW, Tell, epss_scores, kev_catalogue
from tests.postgresql import end_other_sessions
from tests.stores import Stores, new_store

SHARED_DATA = Path(os.environ.get("POSTMARKET_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")  # how busy the machine is says nothing about the code
signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background programs would inherit that it is ignored

PROGRAMS = frozenset({"cli", "backup", "browser"})
"""Folders of tests that run whole programs."""
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "stores"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database` keeps what touches the database; the rest is the same on every engine."""
    parser.addoption("--database", action="store_true", help="only the tests that touch the database")
    parser.addoption("--unit", action="store_true", help="only those that touch neither database, browser nor program")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what `--database` or `--unit` does not ask for."""
    if config.getoption("--database"):
        kept = [item for item in items if _touches_database(item)]
    elif config.getoption("--unit"):
        kept = [item for item in items if not _touches_database(item) and item.path.parts[-2] not in PROGRAMS]
    else:
        return
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _touches_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


@pytest.fixture(autouse=True)
def anchors_of_its_own(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The anchors of one test are none of the next, whose records are another chain."""
    if _touches_database(request.node):
        settings: Settings = request.getfixturevalue("settings")
        settings.ANCHOR_FOLDER = tmp_path / "anchors"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real feeds, SBOMs and reference answers kept beside the project; skips where it is absent."""
    if not SHARED_DATA.is_dir():
        message = f"no real data at {SHARED_DATA}: set POSTMARKET_TEST_DATA to its folder to run this test"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED_DATA


@pytest.fixture(scope="session")
def stores() -> Stores:
    """New stores on the engine that is tested: SQLite, or PostgreSQL where DATABASE_URL names it."""
    return new_store


@pytest.fixture
def store_address(stores: Stores, tmp_path: Path) -> Iterator[str]:
    """The address of a store that is not there yet."""
    with stores(tmp_path) as address:
        yield address


@pytest.fixture
def store(store_address: str) -> Iterator[Connection]:
    """An empty store."""
    connection = open_address(store_address, create=True)
    yield connection
    connection.close()


@pytest.fixture
def tell(store: Connection, tmp_path: Path) -> Tell:
    """Publish what one source says (records, a KEV catalogue, or EPSS scores) as one load."""

    def tell(*items: Record | KevEntry | EpssScore) -> None:
        records = [item for item in items if isinstance(item, Record)]
        entries = [item for item in items if isinstance(item, KevEntry)]
        scores = [item for item in items if isinstance(item, EpssScore)]
        if records:
            publish_records(store, records)
        if entries:
            load_bytes(Source.KEV, kev_catalogue(*entries))
        if scores:
            load_bytes(Source.EPSS, epss_scores(*scores))

    def load_bytes(source: Source, content: bytes) -> None:
        path = tmp_path / f"{source.value}.feed"
        path.write_bytes(content)
        run = load(store, source, [path], home=tmp_path, clock=lambda: NOW)
        assert not run.refused, run.refusals

    return tell


def publish_records(store: Connection, records: list[Record]) -> None:
    """Write records of one source as one load."""
    run = runs.begin(store, records[0].source, now=NOW)
    writer = RecordWriter(store, source=run.source.value, run_id=run.id, generation=run.generation)
    for item in records:
        run.count(writer.add(item))
        run.data_as_of = max(run.data_as_of, item.modified)
    writer.flush()
    runs.publish(store, run, now=NOW)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """As pytest-django has it; PostgreSQL drops no database in which a browser's last request still is."""
    yield
    with django_db_blocker.unblock():
        end_other_sessions()
