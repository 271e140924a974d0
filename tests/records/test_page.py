"""docs/records.md against the program: every finding, in the program's own words."""

from __future__ import annotations

import re
from pathlib import Path

from postmarket.records.problems import MEANINGS, NEXT_STEPS, Fault

PAGE = (Path(__file__).parents[2] / "docs" / "records.md").read_text("utf-8")


def test_every_finding_is_explained_and_no_other() -> None:
    """Meaning and next step as verify prints them."""
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", PAGE, flags=re.MULTILINE))

    assert rows == {fault.value: f"{MEANINGS[fault]} | {NEXT_STEPS[fault]}" for fault in Fault}
