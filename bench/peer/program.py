"""Install cve-bin-tool where nothing of ours can reach it, give it the bench's feed, run it offline."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench import cache, inputs
from bench.measure import NotMeasured, Run, run
from bench.places import ROOT, Places

VERSION = "3.4"
TIMEOUT_SECONDS = 3600
FOUND_NOTHING, FOUND_SOME = 0, 1


def home(places: Places) -> Path:
    """Its HOME: its database is `.cache/cve-bin-tool/cve.db` in there."""
    return places.cache / "cve-bin-tool-home"


def database(places: Places) -> Path:
    """Its database, filled from the bench's feed once."""
    file = home(places) / ".cache" / "cve-bin-tool" / "cve.db"
    feed = inputs.feed(places)
    store = ROOT / "bench" / "peer" / "store.py"
    recipe = f"{store.read_text(encoding='utf-8')}\n{cache.recipe_file(feed).read_text(encoding='utf-8')}"

    def build(out: Path) -> None:
        filled = run(
            [sys.executable, store, feed, out / ".cache" / "cve-bin-tool" / "cve.db"],
            env=places.environment(places.cache),
            log=places.logs / "peer-store",
        )
        counts = json.loads(filled.stdout.read_text(encoding="utf-8"))
        if counts["cves"] != inputs.CVES:
            raise NotMeasured(f"cve-bin-tool's database holds {counts['cves']:,} of {inputs.CVES:,} CVEs")

    cache.built(home(places), recipe, "filling cve-bin-tool's database with the same feed (once)", build)
    return file


def scan(places: Places, sbom: Path) -> tuple[Run, Path]:
    """One offline scan of `sbom`, a new process; the run and the report it wrote."""
    program = cache.environment(places, "cve-bin-tool", f"cve-bin-tool=={VERSION}") / "cve-bin-tool"
    database(places)
    report = places.logs / "peer-report.json"
    report.unlink(missing_ok=True)  # it never overwrites a report, it writes beside it
    # "--quiet" would write no report at all; "--log error" spares it the time to draw its messages.
    argv: list[str | Path] = [program, "--offline", "--log", "error", "--sbom", "cyclonedx", "--sbom-file", sbom]
    finished = run(
        [*argv, "--format", "json", "--output-file", report],
        env=places.environment(home(places)),
        log=places.logs / "peer-scan",
        accept=(FOUND_NOTHING, FOUND_SOME),
        timeout_seconds=TIMEOUT_SECONDS,
    )
    if not report.is_file():
        raise NotMeasured(f"cve-bin-tool wrote no report: {finished.last_words}")
    return finished, report
