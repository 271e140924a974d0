"""What narrows a criterion beyond vendor, product and version."""

from __future__ import annotations

import pytest

from postmarket.matching.attributes import Fit, fit

CASES = [
    ("*:*:*:*:windows:*:*", "*:*:*:*:windows:*:*", Fit.FITS),
    ("*:*:*:*:windows:*:*", "*:*:*:*:android:*:*", Fit.DISJOINT),
    ("*:*:*:*:windows:*:*", "", Fit.OPEN),
    ("*:*:*:*:*:x64:*", "*:*:*:*:windows:*:*", Fit.OPEN),
    ("*:*:*:enterprise:*:*:*", "*:*:*:community:*:*:*", Fit.DISJOINT),
    ("p1:*:*:*:*:*:*", "*:*:*:*:*:*:*", Fit.OPEN),
    ("p1:*:*:*:*:*:*", "p2:*:*:*:*:*:*", Fit.DISJOINT),
    ("*:*:de:*:*:*:*", "*:*:en:*:*:*:*", Fit.FITS),
    ("*:-:*:*:*:*:*", "", Fit.FITS),
    ("*:*:*:*:node.js:*:*", "*:*:*:*:node.js:*:*", Fit.FITS),
]


@pytest.mark.parametrize(("criterion", "component", "expected"), CASES)
def test_unknown_is_neither_yes_nor_no(criterion: str, component: str, expected: Fit) -> None:
    """In an inventory `*` is unknown; the language never decides."""
    found, phrase = fit(criterion, component)

    assert found is expected
    assert bool(phrase) == (expected is not Fit.FITS)
