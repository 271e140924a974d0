"""What the sources say of a vulnerability, gathered over its alias group."""

from __future__ import annotations

from itertools import permutations

import pytest

from postmarket.matching.facts import vulnerabilities
from postmarket.matching.store.engine import Connection
from postmarket.sources.interface import Source, Ssvc
from tests.builders import Tell, record


@pytest.mark.parametrize("order", list(permutations(("active", "poc", "none"))))
def test_the_most_pressing_exploitation_of_a_group_counts(
    store: Connection, tell: Tell, order: tuple[str, ...]
) -> None:
    """Active before poc before none, whichever record came last."""
    for source, word in zip((Source.NVD, Source.CVE, Source.OSV), order, strict=True):
        tell(record("CVE-2026-1001", ssvc=Ssvc(exploitation=word), source=source))

    (found,) = vulnerabilities(store, {1}).values()

    assert found.ssvc == Ssvc(exploitation="active")
