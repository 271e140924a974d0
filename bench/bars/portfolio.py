"""The whole portfolio against the store, and one day's changed CVEs against the portfolio."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bench import cache, inputs
from bench.bars.bar import Bar, Options
from bench.bars.load import loaded_home
from bench.inside.child import ask
from bench.inside.portfolio import DELTA_CVES
from bench.measure import NotMeasured
from bench.places import Places
from bench.table import Row, megabytes, verdict

SECONDS = {"rematch": 10.0, "delta": 1.0}
WHAT = {
    "rematch": f"re-match of {inputs.PORTFOLIO:,} SBOMs × {inputs.PORTFOLIO_COMPONENTS}",
    "delta": f"a day's delta: {DELTA_CVES} changed CVEs against it",
}


def identities(places: Places) -> Path:
    """The distinct components of the portfolio, one JSON object a line."""
    folder = inputs.sboms(places, inputs.PORTFOLIO, inputs.PORTFOLIO_COMPONENTS)
    made = cache.built(
        places.cache / "portfolio",
        cache.recipe_file(folder).read_text(encoding="utf-8"),
        "finding the distinct components of the portfolio (once)",
        lambda out: _distinct(places, folder, out),
    )
    return made / "identities.jsonl"


def measure(action: str, options: Options) -> list[Row]:
    """One call of the engine in a process of its own."""
    places = options.places
    listed = identities(places)
    finished, answer = ask(places, "portfolio", action, loaded_home(places), listed)
    if not answer["matches"]:
        raise NotMeasured(f"the {action} ended well but matched nothing")
    seconds = float(answer["seconds"])
    with listed.open(encoding="utf-8") as file:
        count = sum(1 for _ in file)
    return [
        Row(
            what=WHAT[action],
            measured=f"{seconds:.2f} s, {megabytes(finished.peak_bytes):.0f} MB, {answer['matches']:,} matches, "
            f"{count:,} distinct",
            bar=_bar(action),
            verdict=verdict(seconds <= SECONDS[action]),
            numbers={
                "seconds": seconds,
                "peak_bytes": finished.peak_bytes,
                "matches": answer["matches"],
                "distinct": count,
            },
        )
    ]


def _distinct(places: Places, sboms: Path, out: Path) -> None:
    ask(places, "portfolio", "distinct", sboms, out / "identities.jsonl")


def _bar(action: str) -> str:
    return f"≤ {SECONDS[action]:.0f} s"


BARS = tuple(Bar(what, _bar(action), partial(measure, action)) for action, what in WHAT.items())
