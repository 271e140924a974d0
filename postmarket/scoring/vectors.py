"""
CVSS vectors read without the scoring library: cheap enough for every row of a scan.

Accepted beyond the letter of the specifications, because sources write so: white space around the vector, metrics in
any order, and for version 2.0 no prefix, `CVSS:2.0/`, or the parentheses of the guide's §2.4. The question metrics of
an extended vector of the MITRE rubric (`XAVN:Y`) are left out of a version 3 vector: they never score.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NoReturn

from postmarket.scoring.errors import ScoringError
from postmarket.scoring.interface import ParsedVector
from postmarket.scoring.metric_tables import TABLES, V2, MetricTable

LONGEST_VECTOR = 500
"""Characters; the longest real one, an extended rubric vector, stays under 450."""

_RUBRIC_QUESTION = re.compile(r"X[A-Z]{1,5}\Z")
_BY_PREFIX = {table.prefix: table for table in TABLES}


def metrics(vector: str) -> Mapping[str, str]:
    """
    The metrics that `vector` gives, in the specification's order; those "not defined" (X, ND) are left out.

    Raises ScoringError as `parse` does.
    """
    return parse(vector).metrics


def version_of(vector: str) -> str:
    """`2.0`, `3.0`, `3.1` or `4.0`. Raises ScoringError as `parse` does."""
    return parse(vector).version


def has_threat_or_environment(vector: str) -> bool:
    """
    Whether `vector` gives any threat (temporal) or environmental metric.

    When it does not, a source's own base score is the score. Supplemental metrics do not count: they never change a
    number. Raises ScoringError as `parse` does.
    """
    parsed = parse(vector)
    return parsed.threat or parsed.environmental


@lru_cache(maxsize=16384)
def parse(vector: str) -> ParsedVector:
    """
    `vector` taken apart and checked against its version's table of metrics.

    Raises ScoringError, naming the metric, for anything that is no complete CVSS 2.0, 3.0, 3.1 or 4.0 vector.
    """
    table, body = _split(vector)
    given: dict[str, str] = {}
    for number, field in enumerate(body.split("/"), start=1):
        name, colon, value = field.partition(":")
        if not colon:
            _refuse(vector, number, f"{field!r} is no metric", "Write each metric as NAME:VALUE.")
        if table.version.startswith("3") and _RUBRIC_QUESTION.match(name):
            continue
        allowed = table.values.get(name)
        if allowed is None:
            _refuse(vector, number, f"CVSS {table.version} has no metric {name!r}", "Remove or correct it.")
        if value not in allowed:
            _refuse(vector, number, f"{name} cannot be {value!r}", f"Use one of {', '.join(allowed)}.")
        if name in given:
            _refuse(vector, number, f"{name} is given twice", "Keep one.")
        given[name] = value
    return _checked(vector, table, given)


def _split(vector: str) -> tuple[MetricTable, str]:
    if len(vector) > LONGEST_VECTOR:
        raise ScoringError(
            "This is no CVSS vector",
            why=f"it has {len(vector)} characters, more than {LONGEST_VECTOR}",
            next_step="Check that the field holds a vector.",
        )
    text = vector.strip()
    table = _BY_PREFIX.get(text[:9])
    if table is not None:
        text = text[9:]
    elif text.upper().startswith("CVSS"):
        raise ScoringError(
            f"{_short(vector)!r} is of no known CVSS version",
            next_step="Start it with CVSS:4.0/, CVSS:3.1/ or CVSS:3.0/; a version 2.0 vector needs no prefix.",
        )
    else:
        table = V2
    if table is V2 and text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    if not text:
        raise ScoringError("The CVSS vector is empty", next_step="Give a vector, or leave the score unknown.")
    return table, text


def _checked(vector: str, table: MetricTable, given: Mapping[str, str]) -> ParsedVector:
    missing = [name for name in table.base if name not in given]
    if missing:
        raise ScoringError(
            f"The CVSS {table.version} vector {_short(vector)!r} is not complete",
            why=f"missing: {', '.join(missing)}",
            next_step="Give every base metric, and the prefix CVSS:3.1/ or CVSS:4.0/ if it is not version 2.0.",
        )
    kept = {name: given[name] for name in table.values if given.get(name, table.not_defined) != table.not_defined}
    return ParsedVector(
        version=table.version,
        vector=("" if table is V2 else table.prefix) + "/".join(f"{name}:{value}" for name, value in kept.items()),
        metrics=MappingProxyType(kept),
        threat=not table.threat.keys().isdisjoint(kept),
        environmental=not table.environmental.keys().isdisjoint(kept),
    )


def _refuse(vector: str, number: int, what: str, next_step: str) -> NoReturn:
    raise ScoringError(what, where=f"CVSS vector {_short(vector)!r}, metric {number}", next_step=next_step)


def _short(text: str) -> str:
    """At most 120 characters of hostile text."""
    return text if len(text) <= 120 else f"{text[:120]}…"
