"""The same portfolio in a PostgreSQL as Debian ships it, started for the bench on loopback."""

from __future__ import annotations

from collections.abc import Iterable

from bench import inputs
from bench.bars.bar import Bar, LeftOut, Options
from bench.bars.portfolio import SECONDS, identities
from bench.inside.child import ask
from bench.measure import NotMeasured
from bench.table import Row, verdict
from tests.postgresql import programs, server

WHAT = {
    "rematch": f"the same re-match of {inputs.PORTFOLIO:,} SBOMs on PostgreSQL",
    "delta": "the same day's delta on PostgreSQL",
}
BAR = f"≤ {SECONDS['rematch']:.0f} s, ≤ {SECONDS['delta']:.0f} s"


def measure(options: Options) -> Iterable[Row]:
    """Load, match and match a delta, each in one process, with the server's default settings."""
    places = options.places
    folder = programs()
    if folder is None:
        raise LeftOut("no PostgreSQL here (Debian: apt-get install postgresql)")
    listed, feed = identities(places), inputs.feed(places)
    with server(folder, settings=()) as address:
        _, answer = ask(places, "portfolio", "postgresql", address, feed, listed, timeout_seconds=1800)
    if not answer["matches"] or not answer["changed"]:
        raise NotMeasured("PostgreSQL ended well but matched nothing")
    for action, what in WHAT.items():
        seconds = float(answer[action])
        found = f"{answer['matches']:,} matches" if action == "rematch" else f"{answer['changed']:,} CVEs"
        more = f"; first load {answer['load']:.0f} s" if action == "rematch" else ""
        yield Row(
            what=what,
            measured=f"{seconds:.2f} s, {found}{more}",
            bar=f"≤ {SECONDS[action]:.0f} s",
            verdict=verdict(seconds <= SECONDS[action]),
            numbers={"seconds": seconds, "matches": answer["matches"], "load_seconds": answer["load"]},
        )


BARS = (Bar(WHAT["rematch"], BAR, measure),)
