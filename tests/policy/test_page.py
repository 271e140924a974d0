"""docs/policy.md shows the order of work as the pack has it, word for word."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from textwrap import indent

import pytest

from postmarket.policy.pack import load_pack
from postmarket.policy.priority import DEVICES, STAKES
from postmarket.scoring.interface import Exploitability

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"
TABLE = load_pack().priority
WEIGHTS = (4, 3, 2, 1)


def table(head: Iterable[str], rows: Iterable[tuple[str, Iterable[str]]]) -> str:
    """A table as the page writes it inside a list."""
    columns = list(head)
    lines = [f"| | {' | '.join(columns)} |", f"|{'---|' * (len(columns) + 1)}"]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    return indent("\n".join(lines), "   ")


def stakes() -> str:
    """Device type and weight of the role to stake."""
    rows = [(device.value, [TABLE.stake[device][weight - 1] for weight in WEIGHTS]) for device in reversed(DEVICES)]
    return table(map(str, WEIGHTS), rows)


def priorities() -> str:
    """Stake and exploitability to priority."""
    found: dict[tuple[str, str], str] = {(rule.stake, rule.exploitability): rule.priority for rule in TABLE.rule}
    levels = [level.name.lower() for level in sorted(Exploitability, reverse=True)]
    return table(levels, [(stake, [found[stake, level] for level in levels]) for stake in reversed(STAKES)])


def weights() -> str:
    """The sentence on role weights."""
    words = []
    for weight in WEIGHTS:
        roles = " and ".join(role.value for role, given in TABLE.role_weight.items() if given == weight)
        words.append(f"{roles}{' weigh' if weight == WEIGHTS[0] else ''} {weight}")
    return f"{', '.join(words).capitalize()}."


def unstated() -> str:
    """The sentence on what is not stated."""
    roles = ", ".join(TABLE.most_clinical_role[device].value for device in reversed(DEVICES))
    return f"on the device ({roles}); an unknown device as {TABLE.unknown_criticality_as.value}."


def unknown() -> str:
    """The sentence on exploitability that nothing is known of."""
    return f"Unknown exploitability counts as {TABLE.unknown_exploitability_as} here"


def exploited() -> str:
    """The sentence on KEV."""
    level = TABLE.kev_exploitability_at_least
    return f"A KEV entry makes exploitability {level} and the priority at least {TABLE.kev_at_least} (F20)."


@pytest.mark.parametrize("written", [stakes(), priorities()], ids=["stakes", "priorities"])
def test_a_table_of_the_page_is_the_pack_s(written: str) -> None:
    """Changed in one place only, the page would promise another order."""
    assert written in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "written", [weights(), unstated(), unknown(), exploited()], ids=["weights", "unstated", "unknown", "exploited"]
)
def test_a_sentence_of_the_page_is_the_pack_s(written: str) -> None:
    """The numbers and names in the prose too, wherever its lines break."""
    assert written in " ".join(PAGE.read_text(encoding="utf-8").split())
