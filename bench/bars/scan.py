"""`postmarket scan` on a store of 330,000 CVEs, a new process each time."""

from __future__ import annotations

import json
from pathlib import Path

from bench import inputs
from bench.bars.bar import Bar, Options
from bench.bars.load import loaded_home
from bench.measure import Median, NotMeasured, median, run
from bench.places import Places
from bench.table import Row, Verdict, megabytes, verdict

SECONDS = 0.5
MEMORY_MB = 120
RUNS = 9
COMPONENTS = 1000

WHAT = f"postmarket scan, {COMPONENTS:,} components, {inputs.CVES:,} CVEs, cold process"
BAR = f"≤ {SECONDS} s, ≤ {MEMORY_MB} MB"


def sbom(places: Places, components: int) -> Path:
    """The SBOM that both scanners read: the first drawn with so many components."""
    count = inputs.PORTFOLIO if components == inputs.PORTFOLIO_COMPONENTS else 3
    return sorted(inputs.sboms(places, count, components).glob("*.json"))[0]


def ours(places: Places, components: int) -> tuple[Median, Path]:
    """
    Medians of several cold scans as a person runs them (the table), and the whole worklist as JSON, written apart.

    The JSON holds every row with every reason, about 3 kB each: it says what was found, and is not in the time.
    """
    subject = sbom(places, components)
    out = places.logs / f"scan-{components}.json"
    out.unlink(missing_ok=True)
    env = places.environment(loaded_home(places))
    scan: list[str | Path] = [places.postmarket, "scan", subject]
    runs = [run(scan, env=env, log=places.logs / "scan") for _ in range(RUNS)]
    run([*scan, "--format", "json", "-o", out], env=env, log=places.logs / "scan-json")
    if not out.is_file():
        raise NotMeasured(f"postmarket scan ended well but wrote no {out.name}")
    return median(runs), out


def rows_in(worklist: Path) -> tuple[int, int]:
    """How many rows stand in the worklist, and how many apart as possible: a scan that finds nothing is no scan."""
    rows = json.loads(worklist.read_bytes())["rows"]
    sure = sum(row["lane"] == "worklist" for row in rows)
    return sure, len(rows) - sure


def measure(options: Options) -> list[Row]:
    """The bar's 1,000 components, and 400 to see how it grows."""
    rows = []
    for components in (COMPONENTS, inputs.PORTFOLIO_COMPONENTS):
        middle, worklist = ours(options.places, components)
        found, possible = rows_in(worklist)
        if not found:
            raise NotMeasured("postmarket scan ended well but found nothing")
        holds = verdict(middle.wall_seconds <= SECONDS, megabytes(middle.peak_bytes) <= MEMORY_MB)
        rows.append(
            Row(
                what=WHAT if components == COMPONENTS else f"the same, {components} components",
                measured=f"{middle.wall_seconds:.2f} s (slowest {middle.slowest_seconds:.2f}), "
                f"{megabytes(middle.peak_bytes):.0f} MB, {found:,} rows and "
                f"{possible:,} possible (median of {middle.runs})",
                bar=BAR if components == COMPONENTS else "",
                verdict=holds if components == COMPONENTS else Verdict.NO_BAR,
                numbers={
                    "wall_seconds": middle.wall_seconds,
                    "cpu_seconds": middle.cpu_seconds,
                    "slowest_seconds": middle.slowest_seconds,
                    "peak_bytes": middle.peak_bytes,
                    "rows": found,
                    "possible_rows": possible,
                    "runs": middle.runs,
                },
            )
        )
    return rows


BARS = (Bar(WHAT, BAR, measure),)
