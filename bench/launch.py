"""
Run one command and say what it cost: `python -I -S launch.py FORM`, FORM being a JSON object (see `measure.run`).

A program of its own on purpose: Linux counts the memory of the process that starts a command into the command's
peak, so whoever starts it must be small. It imports only what it needs and stands on nothing of the bench.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

SAMPLE_SECONDS = 0.2
UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


def tree_bytes(session: int) -> int:
    """
    Resident bytes of all processes of `session` together, a page they share counted once; 0 without /proc.

    0 for a single process too: its own peak is exact, and asking for the share of each page would slow it down.
    """
    places = [place for place in Path("/proc").glob("[0-9]*") if _session(place) == session]
    return sum(map(_proportional_bytes, places)) if len(places) > 1 else 0


def _session(place: Path) -> int:
    try:
        return int((place / "stat").read_text().rpartition(")")[2].split()[3])
    except OSError:  # it ended meanwhile
        return 0


def _proportional_bytes(place: Path) -> int:
    try:
        lines = (place / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


class Tree:
    """The largest sum of the memory of all processes of one session, sampled; for commands with helpers."""

    def __init__(self, session: int) -> None:
        self.session = session
        self.peak = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while not self.ended.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, tree_bytes(self.session))

    def stop(self) -> int:
        """The peak in bytes."""
        self.ended.set()
        self.thread.join()
        return self.peak


def main() -> None:
    """Start the command in a session of its own, wait, print wall seconds, peak bytes and exit code as JSON."""
    form = json.loads(sys.argv[1])
    files = [
        (os.POSIX_SPAWN_OPEN, number, form[stream], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        for number, stream in ((1, "stdout"), (2, "stderr"))
    ]
    files.insert(0, (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0))
    os.chdir(form["cwd"])
    start = time.perf_counter()
    pid = os.posix_spawn(form["argv"][0], form["argv"], os.environ, file_actions=files, setsid=True)
    timed_out = False

    def end(number: int, _: FrameType | None) -> None:
        nonlocal timed_out
        timed_out = timed_out or number == signal.SIGALRM
        os.killpg(pid, signal.SIGKILL)

    for name in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM):
        signal.signal(name, end)
    signal.alarm(form["timeout_seconds"])
    tree = Tree(pid) if form["tree"] else None
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    signal.alarm(0)
    peak = max(usage.ru_maxrss * UNIT, tree.stop() if tree else 0)
    print(
        json.dumps(
            {
                "wall_seconds": wall,
                "cpu_seconds": usage.ru_utime + usage.ru_stime,
                "peak_bytes": peak,
                "exit_code": os.waitstatus_to_exitcode(status),
                "timed_out": timed_out,
            }
        )
    )


if __name__ == "__main__":
    main()
