"""Server time of the pages over the demo portfolio × 100."""

from __future__ import annotations

from bench.bars.bar import Bar, Options
from bench.inside.child import ask
from bench.table import Row, verdict

COPIES = 100
MILLISECONDS = 150
WHAT = f"pages, demo portfolio × {COPIES}"
BAR = f"server time p95 ≤ {MILLISECONDS} ms"


def measure(options: Options) -> list[Row]:
    """Each page again and again, in one process with the site's own middleware; the slowest page decides."""
    _, answer = ask(options.places, "pages", str(COPIES))
    times: dict[str, float] = answer["milliseconds"]
    slowest = max(times, key=times.__getitem__)
    return [
        Row(
            what=WHAT,
            measured=f"{times[slowest]:.0f} ms ({slowest}), {min(times.values()):.0f} ms at best, "
            f"{answer['findings']:,} findings",
            bar=BAR,
            verdict=verdict(times[slowest] <= MILLISECONDS),
            numbers={"findings": answer["findings"], **{f"ms {name}": round(time, 1) for name, time in times.items()}},
        )
    ]


BARS = (Bar(WHAT, BAR, measure),)
