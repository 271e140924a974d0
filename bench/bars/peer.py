"""cve-bin-tool and `postmarket scan` on the same SBOM and the same feed, in the same run."""

from __future__ import annotations

from collections.abc import Iterator

from bench import inputs
from bench.bars.bar import Bar, LeftOut, Options
from bench.bars.scan import COMPONENTS, ours, rows_in, sbom
from bench.measure import NotMeasured
from bench.peer import check, program
from bench.table import Row, Verdict, megabytes, verdict

TIMES_FASTER = 500
WHAT = f"faster than cve-bin-tool {program.VERSION}, {COMPONENTS:,} components"
BAR = f"≥ {TIMES_FASTER} ×"


def measure(options: Options) -> Iterator[Row]:
    """One run of the peer (it takes minutes), our median right before it, and what both found."""
    if options.quick:
        raise LeftOut("left out by --quick")
    for components in (COMPONENTS, inputs.PORTFOLIO_COMPONENTS):
        yield _row(options, components)


def _row(options: Options, components: int) -> Row:
    places = options.places
    subject = sbom(places, components)
    database = program.database(places)
    middle, worklist = ours(places, components)
    print(f"bench: cve-bin-tool scans {components:,} components (minutes) …", flush=True)
    theirs, report = program.scan(places, subject)
    found = check.agreement(database, subject, report)
    if not found.reported or found.missing:
        raise NotMeasured(
            f"cve-bin-tool reports {found.reported:,} rows and lacks {found.missing:,} of {found.sure:,} sure ones"
        )
    ratio = theirs.wall_seconds / middle.wall_seconds
    return Row(
        what=WHAT if components == COMPONENTS else f"the same, {components} components",
        measured=f"{ratio:,.0f} ×: {theirs.wall_seconds:.0f} s, {megabytes(theirs.peak_bytes):.0f} MB, "
        f"{found.reported:,} rows (one run) to {middle.wall_seconds:.2f} s, {megabytes(middle.peak_bytes):.0f} MB",
        bar=BAR if components == COMPONENTS else "",
        verdict=verdict(ratio >= TIMES_FASTER) if components == COMPONENTS else Verdict.NO_BAR,
        numbers={
            "ratio": ratio,
            "peer_wall_seconds": theirs.wall_seconds,
            "peer_cpu_seconds": theirs.cpu_seconds,
            "peer_peak_bytes": theirs.peak_bytes,
            "peer_rows": found.reported,
            "peer_rows_sure": found.sure,
            "wall_seconds": middle.wall_seconds,
            "rows": rows_in(worklist)[0],
        },
    )


BARS = (Bar(WHAT, BAR, measure),)
