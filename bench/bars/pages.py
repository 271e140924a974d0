"""Server time of the pages over the demo portfolio × 100, at rest and while a feed of 330,000 CVEs is loaded."""

from __future__ import annotations

from bench import inputs
from bench.bars.bar import Bar, Options
from bench.inside.child import ask
from bench.table import Row, verdict

COPIES = 100
MILLISECONDS = 150
AT_REST = f"pages, demo portfolio × {COPIES}"
LOADING = f"the same, while {inputs.CVES:,} CVEs are loaded"
BAR = f"server time p95 ≤ {MILLISECONDS} ms"


def measure(options: Options) -> list[Row]:
    """Each page again and again, in one process with the site's own middleware; the slowest page decides."""
    load = (options.places.postmarket, "feeds", "load", "nvd", inputs.feed(options.places), "--json")
    _, answer = ask(options.places, "pages", str(COPIES), *load)
    findings, seconds = f"{answer['findings']:,} findings", f"load in {answer['load_seconds']:.0f} s beside them"
    return [
        _row(AT_REST, answer["milliseconds"], findings),
        _row(LOADING, answer["milliseconds_during_load"], seconds),
    ]


def _row(what: str, times: dict[str, float], said: str) -> Row:
    slowest = max(times, key=times.__getitem__)
    return Row(
        what=what,
        measured=f"{times[slowest]:.0f} ms ({slowest}), {min(times.values()):.0f} ms at best, {said}",
        bar=BAR,
        verdict=verdict(times[slowest] <= MILLISECONDS),
        numbers={f"ms {name}": round(time, 1) for name, time in times.items()},
    )


BARS = (Bar(AT_REST, BAR, measure),)
