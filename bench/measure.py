"""Run a command as a separate process and measure it from outside: wall time and peak memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")


class NotMeasured(Exception):
    """A measurement could not be made; the message is one line saying why."""


@dataclass(frozen=True, slots=True)
class Run:
    """
    One finished process.

    `peak_bytes` is its largest resident memory (with `tree`, of it and its helpers together); `stdout` and `stderr`
    are files.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    exit_code: int
    stdout: Path
    stderr: Path

    @property
    def last_words(self) -> str:
        """The last line the process wrote to stderr, else to stdout."""
        for file in (self.stderr, self.stdout):
            lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
            words = [line.strip() for line in lines if line.strip()]
            if words:
                return words[-1][:300]
        return "it said nothing"


def run(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    accept: Sequence[int] = (0,),
    timeout_seconds: int = 600,
    tree: bool = False,
) -> Run:
    """
    Run `argv` once with exactly `env`, in the folder of `log`; its output goes to `log`.out and `log`.err.

    Raises NotMeasured when it cannot be started, exits with a code not in `accept`, or takes longer than the timeout.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    out, err = log.with_name(f"{log.name}.out"), log.with_name(f"{log.name}.err")
    form = {
        "argv": [str(part) for part in argv],
        "cwd": str(log.parent),
        "stdout": str(out),
        "stderr": str(err),
        "timeout_seconds": timeout_seconds,
        "tree": tree,
    }
    launched = subprocess.run(  # noqa: S603 - the bench's own launcher, with commands the bench composes
        [sys.executable, "-I", "-S", str(LAUNCHER), json.dumps(form)], env=dict(env), capture_output=True, text=True
    )
    name = Path(argv[0]).name
    if launched.returncode:
        raise NotMeasured(f"{name} could not be started: {launched.stderr.strip().splitlines()[-1]}")
    facts = json.loads(launched.stdout)
    finished = Run(
        facts["wall_seconds"], facts["cpu_seconds"], facts["peak_bytes"], facts["exit_code"], stdout=out, stderr=err
    )
    if facts["timed_out"]:
        raise NotMeasured(f"{name} was ended after {timeout_seconds} s")
    if finished.exit_code not in accept:
        raise NotMeasured(f"{name} {argv[1]} ended with exit code {finished.exit_code}: {finished.last_words}")
    return finished


@dataclass(frozen=True, slots=True)
class Median:
    """Several runs of the same command: medians, and the slowest."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    slowest_seconds: float
    runs: int


def median(runs: Sequence[Run]) -> Median:
    """The medians of `runs` (at least one)."""
    return Median(
        wall_seconds=statistics.median(each.wall_seconds for each in runs),
        cpu_seconds=statistics.median(each.cpu_seconds for each in runs),
        peak_bytes=int(statistics.median(each.peak_bytes for each in runs)),
        slowest_seconds=max(each.wall_seconds for each in runs),
        runs=len(runs),
    )
