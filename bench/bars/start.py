"""How long the program needs to say hello: its cold start."""

from __future__ import annotations

from bench.bars.bar import Bar, Options
from bench.measure import median, run
from bench.table import Row, Verdict, megabytes

RUNS = 9


def measure(options: Options) -> list[Row]:
    """`postmarket --help`, a new process each time."""
    places = options.places
    runs = [
        run([places.postmarket, "--help"], env=places.environment(places.cache / "no-home"), log=places.logs / "help")
        for _ in range(RUNS)
    ]
    middle = median(runs)
    return [
        Row(
            what="postmarket --help, cold process",
            measured=f"{middle.wall_seconds:.2f} s, {megabytes(middle.peak_bytes):.0f} MB (median of {middle.runs})",
            bar="",
            verdict=Verdict.NO_BAR,
            numbers={
                "wall_seconds": middle.wall_seconds,
                "cpu_seconds": middle.cpu_seconds,
                "peak_bytes": middle.peak_bytes,
                "runs": middle.runs,
            },
        )
    ]


BARS = (Bar("postmarket --help, cold process", "", measure),)
