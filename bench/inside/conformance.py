"""
Reference answers against ours: `python -m bench.inside.conformance cvss|cpe FOLDER`.

Prints how many answers were asked for, how many are the same, and how many of the others an ADR argues.
"""

from __future__ import annotations

import ast
import json
import lzma
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.places import ROOT

CVSS_FILES = (
    ("redhat-vectors-sample.tsv", 1, (2, 3, 4)),
    ("cvss-suite-scores-sample.tsv", 1, (2, 5, 6)),
    ("random-full.tsv.xz", 0, (1, 2, 3)),
    ("v4-macro-sample.tsv", 0, (1,)),
    ("v4-base-threat-sample.tsv.xz", 0, (1,)),
)
CPE_ARGUED = ROOT / "docs" / "adr" / "0010-cpe-answers.md"


def cvss(folder: Path) -> dict[str, int]:
    """Every CVSS vector of `folder`; the scoring room's own conformance tests say which answer of a row counts."""
    from tests.scoring.test_cvss_conformance import deepest, different, rows

    def expected() -> Iterator[tuple[str, float]]:
        for file, vector, answers in CVSS_FILES:
            for row in rows(folder / file):
                yield row[vector], deepest(row[vector], [row[column] for column in answers])
        for _, text, values in rows(folder / "random-disagreements.tsv"):
            yield text, deepest(text, ast.literal_eval(values.split(" ae=")[0].removeprefix("redhat-py=")))

    asked, wrong = different(expected())
    return {"asked": asked, "same": asked - len(wrong), "argued": 0}


def cpe(folder: Path) -> dict[str, int]:
    """Every answer of NIST's reference implementation: names bound, unbound, compared, refused."""
    asked = same = argued = 0
    with lzma.open(folder / "cpe23-reference-oracle.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            answer = json.loads(line)
            asked += 1
            if _same_cpe(answer):
                same += 1
            elif answer["kind"] == "rejected" and CPE_ARGUED.is_file():
                argued += 1
    return {"asked": asked, "same": same, "argued": argued}


def _same_cpe(answer: dict[str, Any]) -> bool:
    from postmarket.versions import cpe as names
    from postmarket.versions.errors import InvalidCpe

    try:
        match answer["kind"]:
            case "uri_unbind":
                name = names.parse_uri(answer["uri"])
                return [names.to_formatted(name), names.to_uri(name)] == [answer["fs"], answer["uri_again"]]
            case "fs_bind":
                name = names.parse_formatted(answer["fs"])
                return [names.to_uri(name), names.to_formatted(name)] == [answer["uri"], answer["fs_again"]]
            case "match":
                found = names.compare_names(names.parse(answer["source"]), names.parse(answer["target"]))
                return [found.relation.value, found.has_undefined] == [answer["relation"], answer["has_undefined"]]
            case "rejected":
                names.parse(answer["input"][1])
                return False
            case _:
                return False
    except InvalidCpe:
        return bool(answer["kind"] == "rejected")


if __name__ == "__main__":
    print(json.dumps({"cvss": cvss, "cpe": cpe}[sys.argv[1]](Path(sys.argv[2]))))
