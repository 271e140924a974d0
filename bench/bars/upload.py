"""How long a pipeline waits until its SBOM is kept and in the queue."""

from __future__ import annotations

from bench import inputs
from bench.bars.bar import Bar, Options
from bench.inside.child import ask
from bench.table import Row, megabytes, verdict

MILLISECONDS = 200
WHAT = "upload of an SBOM of 5 MB acknowledged"
BAR = f"p95 ≤ {MILLISECONDS} ms"


def measure(options: Options) -> list[Row]:
    """Kept as evidence and in the queue; reading it comes later."""
    path = inputs.one_sbom(options.places, inputs.UPLOAD_BYTES)
    _, answer = ask(options.places, "upload", path)
    return [
        Row(
            what=WHAT,
            measured=f"{answer['milliseconds']:.0f} ms for {megabytes(answer['bytes']):.1f} MB; "
            f"the first of a new process {answer['first']:.0f} ms",
            bar=BAR,
            verdict=verdict(answer["milliseconds"] <= MILLISECONDS),
            numbers=answer,
        )
    ]


BARS = (Bar(WHAT, BAR, measure),)
