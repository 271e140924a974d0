"""
Fill cve-bin-tool's SQLite database with the feed the bench uses: `python -m bench.peer.store FEED_DIR DB`.

cve-bin-tool has no offline way to read NVD 2.0 files, so its tables are written here with plain SQL: table and column
names, keys and the one index it makes on `cve_range` are those cve-bin-tool 3.4 itself creates, since it refuses a
database that has others. As its own NVD importer does, only vulnerable criteria become rows (it has no AND, no
platforms), an absent bound is the empty string, and the score is the first v3.1, v3.0 or v2 metric.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BOUNDS = ("versionStartIncluding", "versionStartExcluding", "versionEndIncluding", "versionEndExcluding")
SOURCE = "NVD"
# The names, keys and the one index of its own; other tables are read only with options the bench does not use.
SCHEMA = """
CREATE TABLE cve_severity (
  cve_number TEXT, severity TEXT, description TEXT, score INTEGER, cvss_version INTEGER, cvss_vector TEXT,
  data_source TEXT, last_modified TIMESTAMP,
  PRIMARY KEY (cve_number, data_source)
);
CREATE TABLE cve_range (
  cve_number TEXT, vendor TEXT, product TEXT, version TEXT, versionStartIncluding TEXT, versionStartExcluding TEXT,
  versionEndIncluding TEXT, versionEndExcluding TEXT, data_source TEXT,
  FOREIGN KEY (cve_number, data_source) REFERENCES cve_severity (cve_number, data_source)
);
CREATE TABLE cve_exploited (cve_number TEXT PRIMARY KEY, product TEXT, description TEXT);
CREATE TABLE cve_metrics (cve_number TEXT, metric_id INTEGER, metric_score REAL, metric_field TEXT);
CREATE TABLE metrics (metrics_id INTEGER PRIMARY KEY, metrics_name TEXT);
CREATE TABLE mismatch (purl TEXT, vendor TEXT, PRIMARY KEY (purl, vendor));
CREATE TABLE purl2cpe (purl TEXT, cpe TEXT, UNIQUE (purl, cpe));
CREATE INDEX product_index ON cve_range (cve_number, vendor, product);
CREATE INDEX purl_index ON mismatch (purl);
"""

Json = dict[str, Any]


def cves(feed: Path) -> Iterator[Json]:
    """Every `cve` object of the NVD 2.0 files in `feed`, one file in memory at a time."""
    for path in sorted(feed.glob("*.json.gz")):
        with gzip.open(path) as file:
            document = json.load(file)
        for item in document["vulnerabilities"]:
            yield item["cve"]


def severity_row(cve: Json) -> tuple[object, ...]:
    """The `cve_severity` row of one CVE."""
    metrics = cve.get("metrics", {})
    words = [text["value"] for text in cve["descriptions"][:1]] or ["no description"]  # it hides CVEs without any
    versions = (("cvssMetricV31", 3), ("cvssMetricV30", 3), ("cvssMetricV2", 2))
    found = ((metrics[key][0]["cvssData"], number) for key, number in versions if key in metrics)
    none: tuple[Json, object] = ({}, "unknown")
    data, version = next(found, none)
    return (
        cve["id"],
        data.get("baseSeverity", "UNKNOWN"),
        words[0],
        data.get("baseScore", "unknown"),
        version,
        data.get("vectorString", "unknown"),
        SOURCE,
        cve["lastModified"],
    )


def range_rows(cve: Json) -> Iterator[tuple[str, ...]]:
    """The `cve_range` rows of one CVE: its vulnerable criteria."""
    for configuration in cve["configurations"]:
        for node in configuration["nodes"]:
            for match in node["cpeMatch"]:
                if match["vulnerable"]:
                    vendor, product, version = re.split(r"(?<!\\):", match["criteria"])[3:6]
                    bounds = tuple(match.get(bound, "") for bound in BOUNDS)
                    yield (cve["id"], vendor, product, version, *bounds, SOURCE)


def fill(feed: Path, database: Path) -> tuple[int, int]:
    """Write `database` anew from `feed`; the number of CVEs and of ranges in it."""
    database.parent.mkdir(parents=True, exist_ok=True)
    partial = database.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    number = ranges = 0
    with contextlib.closing(sqlite3.connect(partial)) as connection, connection:
        connection.executescript(SCHEMA)
        connection.executemany("INSERT INTO metrics VALUES (?, ?)", [(1, "EPSS"), (2, "CVSS-2"), (3, "CVSS-3")])
        for cve in cves(feed):
            rows = list(range_rows(cve))
            connection.execute("INSERT OR REPLACE INTO cve_severity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", severity_row(cve))
            connection.executemany("INSERT INTO cve_range VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            number += 1
            ranges += len(rows)
    partial.replace(database)
    return number, ranges


if __name__ == "__main__":
    written = fill(Path(sys.argv[1]), Path(sys.argv[2]))
    print(json.dumps(dict(zip(("cves", "ranges"), written, strict=True))))
