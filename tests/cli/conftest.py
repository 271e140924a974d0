"""The program as a person starts it, in a home and a folder of its own, at a time that stands still."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine

from postmarket.cli import main
from tests.builders import NOW
from tests.cli.files import CVE, SBOM, nvd, put, zlib_cve

PROGRAM = (sys.executable, "-c", "from postmarket.cli import main; main()")


@dataclass(frozen=True)
class Ran:
    """What a command left behind: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on standard error; fails when there is another or it could move a terminal's cursor."""
        (line,) = self.err.splitlines()
        assert line.startswith("postmarket: ")
        assert line.isprintable()
        assert "Traceback" not in line
        return line


Run = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that is not there yet; the working folder is `tmp_path`."""
    folder = tmp_path / "home"
    monkeypatch.setenv("POSTMARKET_HOME", str(folder))
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run one command in this process, as the installed program does."""
    thresholds = gc.get_threshold()

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["postmarket", *map(str, arguments)])
        capsys.readouterr()
        with time_machine.travel(NOW, tick=False), pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Ran(int(ended.value.code or 0), out, err)

    yield run
    gc.set_threshold(*thresholds)


@pytest.fixture
def loaded(run: Run, tmp_path: Path) -> Run:
    """The same, with one vulnerability of zlib loaded: 9.8, fixed in 1.2.12."""
    assert run("feeds", "load", "nvd", put(tmp_path / "nvd" / "nvd.json", nvd(zlib_cve(CVE)))).code == 0
    return run


def start(*arguments: object, **environment: str) -> subprocess.Popen[bytes]:
    """Start the program as a process of its own, its output in pipes."""
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
    )


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """The SBOM of a ventilator."""
    return put(tmp_path / "device.cdx.json", SBOM)
