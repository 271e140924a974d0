"""`postmarket demo`: the worklist of an example manufacturer, offline, with nothing left behind."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Run


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

    ran = run("demo")

    assert (ran.code, ran.err) == (0, "")
    for said in ("cannot wait, on Ventorsa 5", "KEV since", "why   CPE", "dates ", "next  ", "unmatched", "monitored"):
        assert said in ran.out, said
    for device in ("Ventorsa 5", "Dosimere 3", "Vigilorn 7", "Lumisarn 2", "Ledgrane 4"):
        assert device in ran.out
    assert not list(scratch.iterdir())
    assert not home.exists()


def test_the_demo_is_the_same_every_time(run: Run) -> None:
    """At one moment, one answer."""
    assert run("demo").out == run("demo").out


def test_the_demo_shows_as_many_rows_as_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """SHOW=2 shows two."""
    monkeypatch.setenv("SHOW", "2")

    assert run("demo").out.count("        next  ") == 2


@pytest.mark.parametrize("show", ["", "many"])
def test_a_number_that_is_none_is_passed_over(run: Run, monkeypatch: pytest.MonkeyPatch, show: str) -> None:
    """A variable nobody meant for us ends no demo."""
    monkeypatch.setenv("SHOW", show)

    assert run("demo").code == 0
