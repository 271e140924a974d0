"""Run a module of this package in a process of its own, and read its answer."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from bench.measure import NotMeasured, Run, run
from bench.places import ROOT, Places


def ask(places: Places, module: str, *arguments: str | Path, timeout_seconds: int = 1200) -> tuple[Run, dict[str, Any]]:
    """Run `bench.inside.<module>`; what it cost and the JSON object it printed."""
    env = places.environment(places.cache) | {"PYTHONPATH": os.pathsep.join([str(ROOT)])}
    finished = run(
        [sys.executable, "-m", f"bench.inside.{module}", *arguments],
        env=env,
        log=places.logs / f"inside-{module}",
        timeout_seconds=timeout_seconds,
    )
    try:
        answer = json.loads(finished.stdout.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NotMeasured(f"bench.inside.{module} answered no JSON: {finished.last_words}") from error
    return finished, dict(answer)
