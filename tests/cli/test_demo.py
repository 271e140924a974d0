"""`postmarket demo`: the worklist of an example manufacturer, then its site; offline, with nothing left behind."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from postmarket.cli.demo_site import free_address
from postmarket.cli.serving.errors import ServeError
from postmarket.demo.home import MARK
from tests.cli.conftest import PROGRAM, Run
from tests.cli.serving import PATIENCE_SECONDS, Serving, environment, free_port, is_free, until

SOMEBODYS = "postgresql://nobody:secretword@127.0.0.1:1/somebodys"
"""The database of a site somebody has: it does not answer, so that touching it would end the demo."""


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection can be made, not even a name looked up."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the demo went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("offline")
def test_the_demo_shows_the_worklist_and_leaves_nothing_behind(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows with reason, dates and next step; neither a home nor a temporary file is there afterwards."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))

    ran = run("demo", "--no-site")

    assert (ran.code, ran.err) == (0, "")
    for said in ("cannot wait, on Ventorsa 5", "KEV since", "why   CPE", "dates ", "next  ", "unmatched", "monitored"):
        assert said in ran.out, said
    for device in ("Ventorsa 5", "Dosimere 3", "Vigilorn 7", "Lumisarn 2", "Ledgrane 4"):
        assert device in ran.out
    assert not list(scratch.iterdir())
    assert not home.exists()


def test_the_demo_is_the_same_every_time(run: Run) -> None:
    """At one moment, one answer."""
    assert run("demo", "--no-site").out == run("demo", "--no-site").out


def test_the_demo_shows_as_many_rows_as_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """SHOW=2 shows two."""
    monkeypatch.setenv("SHOW", "2")

    assert run("demo", "--no-site").out.count("        next  ") == 2


@pytest.mark.parametrize("show", ["", "many"])
def test_a_number_that_is_none_is_passed_over(run: Run, monkeypatch: pytest.MonkeyPatch, show: str) -> None:
    """A variable nobody meant for us ends no demo."""
    monkeypatch.setenv("SHOW", show)

    assert run("demo", "--no-site").code == 0


def demo_environment(tmp_path: Path) -> dict[str, str]:
    """As of somebody who has a site of their own, with settings; what is temporary lies in `scratch`."""
    (tmp_path / "scratch").mkdir()
    settings = {"POSTMARKET_HTTPS": "1", "POSTMARKET_HOSTS": "psirt.example", "TMPDIR": str(tmp_path / "scratch")}
    return environment(tmp_path / "somebodys-home", SOMEBODYS, **settings)


@contextmanager
def taken_port() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_without_a_terminal_it_checks_its_first_page_and_ends(tmp_path: Path) -> None:
    """The worklist, then Today with the same number; on the next port; no home, database or setting of ours is used."""
    with taken_port() as port:
        ended = subprocess.run(
            [*PROGRAM, "demo", "--port", str(port)],
            env=demo_environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS * 2,
        )

    assert (ended.returncode, ended.stderr) == (0, "")
    worklist = re.search(r"(\d+) rows cannot wait.*?, (\d+) rows: ", ended.stdout, re.DOTALL)
    site = re.search(
        r"Today: “.*?(\d+) findings cannot wait.*”.* (\d+) rows (\d+) are to judge there, "
        r"(\d+) wait for a signature and (\d+) are decided",
        ended.stdout,
    )
    assert worklist is not None
    assert site is not None
    assert site.groups()[:2] == worklist.groups()
    assert int(site[2]) == int(site[3]) + int(site[4]) + int(site[5])
    assert f"Port {port} cannot be had" in ended.stdout
    assert not list((tmp_path / "scratch").iterdir())
    assert not (tmp_path / "somebodys-home").exists()


def test_on_a_terminal_it_serves_until_ctrl_c_and_takes_its_home_away(tmp_path: Path) -> None:
    """Whoever opens the address sees Today, signed in, with a bar that says so."""
    port = free_port()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "demo", "--port", str(port)],
        env=demo_environment(tmp_path),
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    os.close(theirs)
    shown = Serving(process, port)
    try:
        said = ""
        while f"http://localhost:{port}" not in said:
            said += os.read(ours, 65536).decode("utf-8", "replace")
        status, page = shown.get("/")

        assert status == 200
        assert "findings cannot wait" in page
        assert "You are Mara Lindqvist, PSIRT manager" in page
        assert list((tmp_path / "scratch").iterdir())
        assert shown.end(signal.SIGINT) == 0
        until(lambda: "free" if is_free(port) else "")
        assert not list((tmp_path / "scratch").iterdir())
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)
        os.close(ours)


def test_a_demo_that_is_told_to_stop_while_it_prepares_leaves_nothing(tmp_path: Path) -> None:
    """SIGTERM, as a closed terminal or a stopped job sends it."""
    scratch = tmp_path / "scratch"
    process = subprocess.Popen(
        [*PROGRAM, "demo", "--port", str(free_port())],
        env=demo_environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    shown = Serving(process, 0)
    until(lambda: "".join(map(str, scratch.glob(f"*/{MARK}"))), shown)

    assert shown.end(signal.SIGTERM) == 128 + signal.SIGTERM
    assert not list(scratch.iterdir())


def test_the_port_that_was_asked_for_is_taken_where_it_is_free() -> None:
    """And nothing is said about it."""
    port = free_port()

    assert free_address(port).port == port


def test_ports_that_cannot_be_had_at_all_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the error of the last one."""
    monkeypatch.setattr("postmarket.cli.demo_site.MOST_TRIES", 1)
    with taken_port() as port, pytest.raises(ServeError, match="The port is taken"):
        free_address(port)
