"""Whether cve-bin-tool really looked: its report held against a naive reading of the database it was given."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NUMBERS = re.compile(r"\d+(\.\d+)*")
QUERY = (
    "SELECT vendor, product, cve_number, version, versionStartIncluding, versionStartExcluding, versionEndIncluding,"
    " versionEndExcluding FROM cve_range"
)

Found = tuple[str, str, str, str]
"""Vendor, product, version, CVE."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    How the report fits the naive reading.

    `reported` rows; `sure` are those it must hold, where the version is named outright or all versions are plain
    numbers with dots; `missing` are sure and not reported: a peer that found nothing cannot pass as fast.
    """

    reported: int
    sure: int
    missing: int


def agreement(database: Path, sbom: Path, report: Path) -> Agreement:
    """
    Hold `report` against `database`: a component is any vendor's product of its name.

    That is how cve-bin-tool reads a component with a purl: it takes the name and every vendor that has one so called.
    """
    reported = {
        (row["vendor"], row["product"], row["version"], row["cve_number"]) for row in json.loads(report.read_bytes())
    }
    sure = set(_sure(database, sbom))
    return Agreement(len(reported), len(sure), len(sure - reported))


def _sure(database: Path, sbom: Path) -> Iterator[Found]:
    components = json.loads(sbom.read_bytes())["components"]
    versions: dict[str, set[str]] = {}
    for component in components:
        versions.setdefault(component["name"].lower(), set()).add(component["version"])
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for vendor, product, cve, named, *bounds in connection.execute(QUERY):
            for version in versions.get(product, ()):
                if version == named or (named == "*" and _surely_inside(version, *bounds)):
                    yield vendor, product, version, cve


def _surely_inside(version: str, start: str, after: str, end: str, before: str) -> bool:
    if not all(NUMBERS.fullmatch(text) for text in (version, start, after, end, before) if text):
        return False
    return (
        (not start or _order(start, version) <= 0)
        and (not after or _order(after, version) < 0)
        and (not end or _order(version, end) <= 0)
        and (not before or _order(version, before) < 0)
    )


def _order(one: str, other: str) -> int:
    """Below, at or above zero as `one` is before, at or after `other`, number by number, absent ones being 0."""
    pairs = itertools.zip_longest(map(int, one.split(".")), map(int, other.split(".")), fillvalue=0)
    return next((left - right for left, right in pairs if left != right), 0)
