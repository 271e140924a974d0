"""The site as a process of its own, and what a person sees of it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.cli.conftest import PROGRAM

PATIENCE_SECONDS = 90
LOOK_SECONDS = 0.05


@dataclass
class Serving:
    """A running command that serves."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def get(self, path: str) -> tuple[int, str]:
        """What it answers: status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def line(self, begins: str) -> str:
        """The first line on standard output that begins so, waited for."""
        return until(lambda: next((line for line in self.lines if line.startswith(begins)), ""), self)

    def line_when_ended(self) -> str:
        """Its last line on standard output."""
        return until(lambda: self.lines[-1].strip() if self.lines and self.lines[-1].startswith("Stopped") else "")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


def until(found: Callable[[], str], serving: Serving | None = None) -> str:
    """What `found` gives, as soon as it is not empty."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (it := found()):
        said = "".join(serving.errors) if serving else ""
        assert time.monotonic() < end, f"it did not come: {said}"
        assert serving is None or serving.process.poll() is None, f"it ended: {said}"
        time.sleep(LOOK_SECONDS)
    return it


def free_port() -> int:
    """A port of loopback that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def environment(home: Path, address: str, **more: str) -> dict[str, str]:
    """The environment of a site with this home and database."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE"}}
    return kept | {"POSTMARKET_HOME": str(home), "DATABASE_URL": address, "PYTHONPATH": str(Path.cwd())} | more


@contextmanager
def serving(environment: dict[str, str], *arguments: str) -> Iterator[Serving]:
    """`postmarket serve`, or another command that serves, until the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [*PROGRAM, *(arguments or ("serve",)), "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    found = Serving(process, port)
    assert process.stdout is not None
    assert process.stderr is not None
    readers = [
        threading.Thread(target=_keep, args=(process.stdout, found.lines), daemon=True),
        threading.Thread(target=_keep, args=(process.stderr, found.errors), daemon=True),
    ]
    for reader in readers:
        reader.start()
    try:
        yield found
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)
        for reader in readers:
            reader.join(PATIENCE_SECONDS)
        process.stdout.close()
        process.stderr.close()


def _keep(stream: IO[str], lines: list[str]) -> None:
    for line in stream:
        lines.append(line)


def ran(environment: dict[str, str], *arguments: object) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own, to its end."""
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def inside(environment: dict[str, str], code: str) -> str:
    """What Python code prints that runs where the site of `environment` lives, Django set up."""
    set_up = "from postmarket.config.site import start_site; start_site(migrate=False)\n"
    ended = subprocess.run(
        [sys.executable, "-c", set_up + code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()
