"""
The pages over the demo portfolio × 100, at rest and while a feed is loaded:
`python -m bench.inside.pages COPIES [COMMAND…]`.

Inside the time: a request through every middleware, view and template to the last byte of the answer. Outside: the
network, and the browser. COMMAND is the load: it runs beside the second half on the same home, and the pages are asked
in turn until it ends.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

from bench.inside.site import filled, ready, signed_in

if TYPE_CHECKING:
    from django.test import Client

REQUESTS = 40
DONE, SOME_REFUSED = 0, 3


def main(copies: int, command: Sequence[str]) -> dict[str, object]:
    """For each page the 95th percentile in milliseconds, and how many findings there are."""
    with tempfile.TemporaryDirectory(prefix="postmarket-pages-") as home:
        ready(home)
        from postmarket.config.settling import settle

        person = filled(Path(home), copies)
        settle()  # a web process fills nothing
        from postmarket.monitoring.queries.findings import findings

        client, pages = signed_in(person), _pages()
        for path in pages.values():
            _timed(client, path)  # the first compiles the template
        answer: dict[str, object] = {"findings": findings(by=person).count()}
        rounds = iter(range(REQUESTS))
        answer["milliseconds"] = _p95(client, pages, lambda: next(rounds, None) is not None)
        if command:
            # A program of ours, with a database of its own in `home`.
            begun = time.perf_counter()
            load = subprocess.Popen(  # noqa: S603 - a command that the bench composes
                command,
                env=os.environ | {"POSTMARKET_HOME": home},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            answer["milliseconds_during_load"] = _p95(client, pages, lambda: load.poll() is None)
            assert load.wait() in (DONE, SOME_REFUSED), f"the load ended with {load.returncode}"
            answer["load_seconds"] = time.perf_counter() - begun
        return answer


def _pages() -> dict[str, str]:
    from postmarket.cases.models import Case
    from postmarket.inventory.models import Device, DeviceVersion

    device = Device.objects.order_by("-pk").values_list("pk", flat=True)[0]
    version = DeviceVersion.objects.order_by("-pk").values_list("pk", flat=True)[0]
    case = Case.objects.order_by("pk")[0]
    inside = case.versions.values_list("version", flat=True)[0]
    return {
        "Today": "/",
        "triage": "/triage/",
        "triage, exploited": "/triage/?kev=yes",
        "triage, a word": "/triage/?q=openssl",
        "triage, one device": f"/triage/?device={device}",
        "vulnerabilities": "/vulnerabilities/",
        "a vulnerability": "/vulnerabilities/CVE-2024-1086/",
        "a device version": f"/versions/{version}/",
        "search": "/search/?q=openssl",
        "cases": "/cases/",
        "cases, a board": "/cases/board/",
        "cases, by vulnerability": "/cases/vulnerabilities/",
        "a case": f"/cases/{case.number}/",
        "a case's record": f"/cases/{case.number}/record/",
        "an assessment": f"/cases/{case.number}/versions/{inside}/assessment/",
        "a pathway": f"/cases/{case.number}/versions/{inside}/pathway/",
        "devices": "/devices/",
        "components": "/components/",
    }


def _p95(client: Client, pages: dict[str, str], goes_on: Callable[[], bool]) -> dict[str, float]:
    times = defaultdict(list)
    while goes_on():
        for name, path in pages.items():
            times[name].append(_timed(client, path))
    return {name: quantiles(taken, n=20)[-1] for name, taken in times.items()}


def _timed(client: Client, path: str) -> float:
    begun = time.perf_counter()
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    assert answer.content
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), sys.argv[2:])))
