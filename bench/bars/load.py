"""The first load of 330,000 CVEs into an empty home on the embedded default."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from bench import inputs
from bench.bars.bar import Bar, Options
from bench.measure import NotMeasured, median, run
from bench.places import Places
from bench.table import Row, megabytes, verdict

SECONDS = 45
MEMORY_MB = 800
DATABASE_MB = 1000
RUNS = 3
DONE, SOME_REFUSED = 0, 3
SQLITE_MAGIC = b"SQLite format 3\0"
JOURNALS = ("-wal", "-shm", "-journal")

WHAT = f"first load of {inputs.CVES:,} CVEs"
BAR = f"≤ {SECONDS} s, ≤ {MEMORY_MB} MB memory, database ≤ {DATABASE_MB:,} MB"


def sizes(home: Path) -> tuple[int, int]:
    """Bytes of the databases (and their journals) in `home`, and of everything else: the raw evidence."""
    files = [path for path in home.rglob("*") if path.is_file()]
    databases = {str(path) for path in files if _starts_as_sqlite(path)}
    databases |= {f"{name}{journal}" for name in databases for journal in JOURNALS}
    inside = sum(path.stat().st_size for path in files if str(path) in databases)
    return inside, sum(path.stat().st_size for path in files) - inside


def loaded_home(places: Places) -> Path:
    """The home that the last measured load filled; NotMeasured when there is none."""
    if not _mark(places).is_file():
        raise NotMeasured("no store to scan with: the load was not measured")
    return places.home


def measure(options: Options) -> list[Row]:
    """`postmarket feeds load nvd FEED`, each time into a new home."""
    places = options.places
    feed = inputs.feed(places)
    runs = []
    for _ in range(1 if options.quick else RUNS):
        _mark(places).unlink(missing_ok=True)
        shutil.rmtree(places.home, ignore_errors=True)
        places.home.mkdir(parents=True)
        runs.append(
            run(
                [places.postmarket, "feeds", "load", "nvd", feed, "--json"],
                env=places.environment(places.home),
                log=places.logs / "load",
                accept=(DONE, SOME_REFUSED),
                tree=True,
            )
        )
    stored = _stored(places)
    if stored < inputs.CVES:
        raise NotMeasured(f"the load ended well but holds {stored:,} of {inputs.CVES:,} CVEs")
    _mark(places).touch()
    middle = median(runs)
    database, evidence = sizes(places.home)
    return [
        Row(
            what=WHAT,
            measured=f"{middle.wall_seconds:.1f} s, {megabytes(middle.peak_bytes):.0f} MB memory, database "
            f"{megabytes(database):.0f} MB; raw evidence {megabytes(evidence):.0f} MB (median of {middle.runs})",
            bar=BAR,
            verdict=verdict(
                middle.wall_seconds <= SECONDS,
                megabytes(middle.peak_bytes) <= MEMORY_MB,
                megabytes(database) <= DATABASE_MB,
            ),
            numbers={
                "wall_seconds": middle.wall_seconds,
                "cpu_seconds": middle.cpu_seconds,
                "slowest_seconds": middle.slowest_seconds,
                "peak_bytes": middle.peak_bytes,
                "database_bytes": database,
                "evidence_bytes": evidence,
                "runs": middle.runs,
            },
        )
    ]


def _mark(places: Places) -> Path:
    return places.home.with_name("home.loaded")


def _starts_as_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC


def _stored(places: Places) -> int:
    """How many CVEs the store holds, as `feeds status` says: a fast load of nothing is no load."""
    status = run(
        [places.postmarket, "feeds", "status", "--json"],
        env=places.environment(places.home),
        log=places.logs / "status",
    )
    sources = json.loads(status.stdout.read_text(encoding="utf-8"))
    return sum(source["held"] for source in sources if source["source"] == "nvd")


BARS = (Bar(WHAT, BAR, measure),)
