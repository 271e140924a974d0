"""CVSS scores against the reference answers kept beside the project."""

from __future__ import annotations

import ast
import csv
import lzma
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from postmarket.scoring.cvss import score
from postmarket.scoring.vectors import parse

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def answers(shared_data: Path) -> Path:
    """The folder of reference answers."""
    return shared_data / "conformance" / "cvss"


def rows(path: Path) -> Iterator[list[str]]:
    """The rows of a table with tabs, without its head."""
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as lines:
        reader = csv.reader(lines, delimiter="\t")
        next(reader)
        yield from reader


def deepest(vector: str, answers: Sequence[str | float | None]) -> float:
    """
    Which of the base, temporal and environmental answers `score` is to give: the deepest group that is given.

    One suite leaves the deeper answers of a vector without impact blank; they are 0 as its base score is.
    """
    parsed = parse(vector)
    place = 2 if parsed.environmental else 1 if parsed.threat else 0
    answer = answers[place if parsed.version != "4.0" else 0]
    return float(answers[0] or 0) if answer == "" and answers[0] == "0" else float(str(answer))


def different(expected: Iterator[tuple[str, float]]) -> tuple[int, list[str]]:
    """How many vectors were asked, and a line for each that scores differently from the answer."""
    asked, wrong = 0, []
    for vector, answer in expected:
        asked += 1
        if (got := score(vector).value) != answer:
            wrong.append(f"{vector}: {got}, not {answer}")
    return asked, wrong


@pytest.mark.parametrize(
    ("file", "vector_column", "answer_columns", "at_least"),
    [
        ("redhat-vectors-sample.tsv", 1, (2, 3, 4), 1_500),
        ("cvss-suite-scores-sample.tsv", 1, (2, 5, 6), 2_800),
        ("random-full.tsv.xz", 0, (1, 2, 3), 19_000),
        ("v4-macro-sample.tsv", 0, (1,), 50),
        ("v4-base-threat-sample.tsv.xz", 0, (1,), 80_000),
    ],
)
def test_every_reference_answer_is_ours(
    answers: Path, file: str, vector_column: int, answer_columns: tuple[int, ...], at_least: int
) -> None:
    """Each vector of the file scores exactly as the file says."""
    asked, wrong = different(
        (row[vector_column], deepest(row[vector_column], [row[column] for column in answer_columns]))
        for row in rows(answers / file)
    )

    assert asked >= at_least
    assert wrong == []


def test_where_implementations_disagree_ours_is_the_exact_arithmetic(answers: Path) -> None:
    """docs/adr/0020-cvss-scores.md argues each kind; the first column of answers is the one it settles on."""
    asked, wrong = different(
        (vector, deepest(vector, ast.literal_eval(values.split(" ae=")[0].removeprefix("redhat-py="))))
        for _, vector, values in rows(answers / "random-disagreements.tsv")
    )

    assert asked > 400
    assert wrong == []
