"""EPSS scores as FIRST publishes them daily: CSV (https://www.first.org/epss/data_stats)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postmarket.sources.edge import cve_id, refused
from postmarket.sources.errors import SourceError
from postmarket.sources.interface import EpssScore, Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.untrusted.documents import Document

_SCORE_DATE = re.compile(r"score_date:([0-9]{4}-[0-9]{2}-[0-9]{2})")
_HEADER = ["cve", "epss", "percentile"]
_MAX_LINE = 200


def read(document: Document) -> Iterator[Item]:
    """
    One EpssScore per line, in the order of the file; a line that is none is one Refused.

    The date is the `score_date` of the first line. A file without one, or without the header `cve,epss,percentile`,
    is refused whole: scores without a date would be taken for today's.
    """
    try:
        lines = document.content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        yield refused(document, "", f"is no EPSS file: it is not UTF-8 ({error.reason})")
        return
    first = lines[0] if lines else ""
    dated = _SCORE_DATE.search(first) if first.startswith("#") else None
    if dated is None or len(lines) < 2 or lines[1].strip().split(",")[:3] != _HEADER:
        yield refused(document, "", "is no EPSS file: its first lines are not #…score_date:… and cve,epss,percentile")
        return
    for number, line in enumerate(lines[2:], 3):
        if not line.strip():
            continue
        try:
            yield _score(line, dated[1])
        except SourceError as error:
            yield refused(document, f"line {number}", error.reason())


def _score(line: str, date: str) -> EpssScore:
    fields = line.split(",")
    if len(line) > _MAX_LINE or len(fields) < 3:
        raise SourceError("a line cannot be read", why="it has not the fields cve,epss,percentile")
    return EpssScore(cve_id(fields[0]), _share(fields[1]), _share(fields[2]), date)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:  # NaN is in no interval
        raise SourceError("a line cannot be read", why=f"{text[:40]!r} is no number from 0 to 1")
    return share
