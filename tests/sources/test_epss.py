"""EPSS scores."""

from __future__ import annotations

import pytest

from postmarket.sources.epss import read
from postmarket.sources.interface import EpssScore
from tests.sources.given import document, refusals

HEAD = "#model_version:v2025.03.14,score_date:2025-08-01T00:00:00+0000\ncve,epss,percentile\n"


def test_scores_carry_the_date_of_the_file() -> None:
    """The first line says it."""
    found = list(read(document(HEAD + "CVE-2024-0001,0.00043,0.0812\r\nCVE-2024-0002,1,0\n\n")))

    assert found == [
        EpssScore("CVE-2024-0001", 0.00043, 0.0812, "2025-08-01"),
        EpssScore("CVE-2024-0002", 1.0, 0.0, "2025-08-01"),
    ]


@pytest.mark.parametrize(
    "line",
    ["CVE-2024-0001,NaN,0.1", "CVE-2024-0001,1.5,0.1", "CVE-2024-0001,0.1", "x,0.1,0.1", "CVE-2024-0001,0.1,inf"],
)
def test_a_line_that_is_no_score_is_refused_alone(line: str) -> None:
    """A probability lies between 0 and 1."""
    content = HEAD + f"{line}\nCVE-2024-0002,0.1,0.2\n"

    assert [item.where for item in refusals(read, content)] == ["feed.json: line 3"]
    assert len(list(read(document(content)))) == 2


@pytest.mark.parametrize("content", ["", "cve,epss,percentile\nCVE-2024-0001,0.1,0.1\n", "#score_date:2025-08-01\n"])
def test_a_file_without_its_date_is_refused(content: str) -> None:
    """Its scores would be taken for today's."""
    (refused,) = refusals(read, content)

    assert "score_date" in refused.why


def test_what_is_no_text_is_refused() -> None:
    """The still compressed file, say."""
    assert "not UTF-8" in refusals(read, b"\x1f\x8b\x08\x00\xff")[0].why
