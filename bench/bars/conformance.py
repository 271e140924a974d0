"""CVSS scores and CPE names against reference answers."""

from __future__ import annotations

from functools import partial

from bench.bars.bar import Bar, Options
from bench.inputs import Absent
from bench.inside.child import ask
from bench.table import Row, verdict

BAR = "100 %, or each difference argued in an ADR"
WHAT = {"cvss": "CVSS vectors scored as the references", "cpe": "CPE names as NIST's reference"}


def measure(kind: str, options: Options) -> list[Row]:
    """The share of answers that are the same."""
    folder = options.places.data / "conformance" / kind
    if not folder.is_dir():
        raise Absent(f"no reference answers at {folder}: set POSTMARKET_TEST_DATA to the data folder")
    _, found = ask(options.places, "conformance", kind, folder)
    asked, same, argued = found["asked"], found["same"], found["argued"]
    # Cut, not rounded: 99.99 % is never shown as 100 %.
    share = int(10_000 * same / asked) / 100
    return [
        Row(
            what=WHAT[kind],
            measured=f"{share:.2f} %: {same:,} of {asked:,}" + (f"; {argued} argued in an ADR" if argued else ""),
            bar=BAR,
            verdict=verdict(same + argued == asked),
            numbers={"asked": asked, "same": same, "argued": argued},
        )
    ]


BARS = tuple(Bar(what, BAR, partial(measure, kind)) for kind, what in WHAT.items())
