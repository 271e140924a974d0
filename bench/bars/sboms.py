"""Reading SBOMs: the real corpus, and one of 30 MB."""

from __future__ import annotations

from bench import inputs
from bench.bars.bar import Bar, Options
from bench.inputs import Absent
from bench.inside.child import ask
from bench.table import Row, megabytes, verdict

CORPUS = "SBOM corpus"
CORPUS_BAR = "every file read, or refused in one line; never a traceback"
BIG = "read one SBOM of 30 MB"
BIG_SECONDS = 10
BIG_BAR = f"in seconds (≤ {BIG_SECONDS} s)"


def corpus(options: Options) -> list[Row]:
    """Every file of the corpus."""
    folder = options.places.data / "sboms"
    if not folder.is_dir():
        raise Absent(f"no SBOMs at {folder}: set POSTMARKET_TEST_DATA to the data folder")
    finished, found = ask(options.places, "sboms", "corpus", folder)
    read, refused, failed = (len(found[kind]) for kind in ("read", "refused", "failed"))
    first = f"; first: {found['failed'][0][:120]}" if failed else ""
    return [
        Row(
            what=CORPUS,
            measured=f"{read} read, {refused} refused in one line, {failed} failed, in {found['seconds']:.1f} s{first}",
            bar=CORPUS_BAR,
            verdict=verdict(failed == 0, read + refused > 0),
            numbers={
                "read": read,
                "refused": refused,
                "failed": failed,
                "seconds": found["seconds"],
                "slowest_seconds": found["slowest_seconds"],
                "peak_bytes": finished.peak_bytes,
            },
        )
    ]


def big(options: Options) -> list[Row]:
    """One SBOM of 30 MB, from bytes to Bom."""
    path = inputs.one_sbom(options.places, inputs.BIG_SBOM_BYTES)
    finished, found = ask(options.places, "sboms", "one", path)
    return [
        Row(
            what=BIG,
            measured=f"{found['seconds']:.1f} s, {megabytes(finished.peak_bytes):.0f} MB, "
            f"{found['components']:,} components",
            bar=BIG_BAR,
            verdict=verdict(found["seconds"] <= BIG_SECONDS),
            numbers={
                "seconds": found["seconds"],
                "peak_bytes": finished.peak_bytes,
                "components": found["components"],
                "sbom_bytes": path.stat().st_size,
            },
        )
    ]


BARS = (Bar(CORPUS, CORPUS_BAR, corpus), Bar(BIG, BIG_BAR, big))
