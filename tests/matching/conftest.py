"""A store filled by hand: a test says what a source says and what a device holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection

import pytest

from postmarket.matching.aliases import builtin
from postmarket.matching.devices import match_device
from postmarket.matching.interface import DeviceMatches, DeviceProfile
from postmarket.matching.store import runs
from postmarket.matching.store.connection import open_store
from postmarket.matching.store.records import RecordWriter
from postmarket.sbom.interface import Component
from postmarket.sources.interface import Criterion, NameKind, Record, Source
from postmarket.versions.interface import Scheme
from postmarket.versions.ranges import between, everything

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

Tell = Callable[..., None]
Match = Callable[..., DeviceMatches]


def nvd_range(product: str, below: str = "", *, since: str = "", **more: object) -> Criterion:
    """A criterion over a CPE product as NVD would give it: `since <= version < below`."""
    held = between(Scheme.GENERIC, lower=since or None, upper=below or None) if below or since else None
    text = " ".join(part for part in (since and f">= {since},", below and f"< {below}") if part) or "any"
    return Criterion(
        kind=NameKind.CPE,
        name=product,
        range=held or everything(Scheme.GENERIC),
        text=text,
        **more,  # type: ignore[arg-type]
    )


def component(name: str, version: str = "", **more: object) -> Component:
    """A component; its ref is its name."""
    return Component(ref=name, name=name, version=version, **more)  # type: ignore[arg-type]


def cpe(product: str, version: str, rest: str = "*:*:*:*:*:*:*") -> str:
    """A CPE 2.3 name of `part:vendor:product`."""
    return f"cpe:2.3:{product}:{version}:{rest}"


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


@pytest.fixture
def match(store: Connection) -> Match:
    """Match the components of one device version."""

    def match(*components: Component, profile: DeviceProfile | None = None) -> DeviceMatches:
        return match_device(store, components, aliases=builtin(), profile=profile or DeviceProfile())

    return match


def record(name: str, *criteria: Criterion, source: Source = Source.NVD, **more: object) -> Record:
    """What `source` says of the vulnerability `name`."""
    return Record(source=source, id=name, record_id=name, criteria=criteria, **more)  # type: ignore[arg-type]
