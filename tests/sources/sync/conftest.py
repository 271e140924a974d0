"""A server, a clock that only moves when someone sleeps, and no way to any other host."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from postmarket.sources.interface import Source
from postmarket.sources.sync import ClientOptions, Endpoints, Fetched, FetchFailed, Quiet, SyncState, sync
from tests.sources.sync.server import Server

NOW = datetime(2026, 10, 3, 12, 0, tzinfo=UTC)


class FakeClock:
    """Seconds that pass only by sleeping; `slept` holds every sleep."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        """The time."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.slept.append(seconds)
        self.time += seconds


class Notes(Quiet):
    """A Progress that keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.bytes = 0

    def note(self, line: str) -> None:
        """Keep the line."""
        self.lines.append(line)

    def received(self, size: int) -> None:
        """Count."""
        self.bytes += size


@dataclass
class Lab:
    """Everything a sync needs, pointed at the local server."""

    server: Server
    folder: Path
    clock: FakeClock
    endpoints: Endpoints
    options: ClientOptions
    notes: Notes = field(default_factory=Notes)
    now: datetime = NOW

    def items(self, source: Source, **endpoints: Any) -> Iterator[Fetched | FetchFailed]:
        """One run, lazily; closing the iterator is the kill."""
        with SyncState(self.folder) as state:
            yield from sync(
                source,
                folder=self.folder,
                state=state,
                now=self.now,
                endpoints=replace(self.endpoints, **endpoints),
                client_options=self.options,
                progress=self.notes,
            )

    def run(self, source: Source, **endpoints: Any) -> tuple[list[Fetched], list[FetchFailed]]:
        """One whole run: what came and what failed."""
        items = list(self.items(source, **endpoints))
        return [i for i in items if isinstance(i, Fetched)], [i for i in items if isinstance(i, FetchFailed)]

    def mark(self, name: str) -> str:
        """A watermark of the state on disk."""
        with SyncState(self.folder) as state:
            return state.mark(name)

    def take(self, source: Source, count: int) -> list[Fetched | FetchFailed]:
        """A run that is killed when it has yielded `count` items, the last one not taken."""
        items = self.items(source)
        taken = [next(items) for _ in range(count)]
        items.close()  # type: ignore[attr-defined]  # a generator has it
        return taken


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may reach another host, whatever proxy the environment names."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    real: Callable[..., Any] = socket.getaddrinfo

    def guarded(host: str | bytes | None, *args: Any, **kwargs: Any) -> Any:
        if host not in ("127.0.0.1", b"127.0.0.1"):
            raise socket.gaierror(socket.EAI_NONAME, f"tests may not reach {host!r}")
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", guarded)


@pytest.fixture
def server() -> Iterator[Server]:
    """A running server."""
    running = Server()
    yield running
    running.close()


@pytest.fixture
def clock() -> FakeClock:
    """A clock nobody moved yet."""
    return FakeClock()


@pytest.fixture
def lab(server: Server, clock: FakeClock, tmp_path: Path) -> Lab:
    """A sync pointed at `server`."""
    url = server.url
    endpoints = Endpoints(
        nvd_feeds=f"{url}/feeds",
        nvd_api=f"{url}/api",
        cve_releases=f"{url}/releases",
        kev=f"{url}/kev.json",
        epss=f"{url}/epss_scores-current.csv.gz",
        osv=f"{url}/osv",
        osv_ecosystems=("PyPI", "Red Hat"),
        csaf_providers=(f"{url}/csaf/provider-metadata.json",),
        csaf_well_known=url + "/{domain}/.well-known/csaf/provider-metadata.json",
        csaf_security_txt=(url + "/{domain}/.well-known/security.txt", url + "/{domain}/security.txt"),
        csaf_dns=url + "/dns/{domain}",
    )
    options = ClientOptions(
        user_agent="postmarket-test", attempts=4, clock=clock, sleep=clock.sleep, jitter=lambda: 0.0, read_timeout=10.0
    )
    return Lab(server, tmp_path / "downloads", clock, endpoints, options)
