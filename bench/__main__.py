"""`python -m bench [--quick]`: measure every bar, print the table, write `.bench/results.json`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain

from bench import places, table
from bench.bars import conformance, load, pages, peer, portfolio, postgresql, sboms, scan, start, upload
from bench.bars.bar import Options

PARTS = (start, load, scan, peer, portfolio, postgresql, pages, upload, sboms, conformance)
BARS = tuple(chain.from_iterable(part.BARS for part in PARTS))


def machine() -> dict[str, str | int | float]:
    """What the figures are measured on, and how busy it is before: others' work makes every wall time longer."""
    return {
        "cores": os.cpu_count() or 0,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_average": round(os.getloadavg()[0], 1),
    }


def code(rows: Sequence[table.Row]) -> int:
    """The exit code: 1 when something could not be measured; a missed bar is a result like any other."""
    return 1 if any(row.verdict is table.Verdict.NOT_MEASURED for row in rows) else 0


def main() -> int:
    """Measure; 0 when everything asked for could be measured, met or not, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave cve-bin-tool out, load once")
    parser.add_argument("--only", metavar="WORD", default="", help="only bars so named; nothing is kept")
    asked = parser.parse_args()
    options = Options(places=places.find(), quick=asked.quick)
    options.places.cache.mkdir(exist_ok=True)

    begun, on = datetime.now(UTC), machine()
    rows: list[table.Row] = []
    for bar in BARS:
        if asked.only in bar.what:
            print(f"bench: {bar.what} …", flush=True)
            rows.extend(bar.rows(options))

    print()
    print("\n".join(table.lines(rows)))
    print(
        f"\nMachine: {on['cores']} cores, {on['system']}, Python {on['python']}, SQLite {on['sqlite']}; "
        f"load average {on['load_average']} before"
    )
    if asked.only:
        print("Not written: only a whole run is kept")
        return code(rows)
    results = options.places.cache / "results.json"
    document = {"measured_at": begun.isoformat(), "machine": on, "rows": [table.as_json(row) for row in rows]}
    results.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Written to {results.relative_to(places.ROOT)}")
    return code(rows)


if __name__ == "__main__":
    sys.exit(main())
