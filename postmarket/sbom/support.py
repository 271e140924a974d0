"""Level of support and end of support of one component (FDA premarket guidance 2026-02-03, V.A.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from postmarket.sbom.interface import SupportLevel
from postmarket.sbom.values import calendar_date

if TYPE_CHECKING:
    from postmarket.sbom.notes import Notes

LEVEL = "cdx:fda:level-of-support"
END_OF_SUPPORT = "cdx:fda:end-of-support-date"
MILESTONE = "cdx:lifecycle:milestone:endOfSupport"
JUSTIFICATION = "cdx:fda:justification"
"""Why the end of support is not given (CycloneDX property taxonomy, cdx:fda)."""

_LEVELS = {
    "activelymaintained": SupportLevel.ACTIVELY_MAINTAINED,
    "nolongermaintained": SupportLevel.NO_LONGER_MAINTAINED,
    "abandoned": SupportLevel.ABANDONED,
    "unknown": SupportLevel.UNKNOWN,
}
_SPDX_LEVELS = {
    "support": SupportLevel.ACTIVELY_MAINTAINED,
    "deployed": SupportLevel.ACTIVELY_MAINTAINED,
    "endOfSupport": SupportLevel.NO_LONGER_MAINTAINED,
    "noSupport": SupportLevel.NO_LONGER_MAINTAINED,
}


def level_of_support(properties: Mapping[str, str], *, place: str, notes: Notes) -> SupportLevel:
    """The property `cdx:fda:level-of-support`; another word than FDA's three is noted and unknown."""
    written = properties.get(LEVEL, "")
    if not written:
        return SupportLevel.UNKNOWN
    level = _LEVELS.get("".join(filter(str.isalpha, written.lower())))
    if level is None:
        notes.add(place, f'the level of support "{written[:60]}" is none of FDA\'s words.', kind="level of support")
    return level or SupportLevel.UNKNOWN


def spdx_support(levels: list[str], *, place: str, notes: Notes) -> SupportLevel:
    """
    The SPDX 3 `supportLevel` in FDA's words; the weakest of several counts.

    `limitedSupport` and `development` have no word there: they are noted and unknown, never taken for maintained.
    """
    known = [_SPDX_LEVELS[word] for word in levels if word in _SPDX_LEVELS]
    for word in levels:
        if word not in _SPDX_LEVELS and word != "noAssertion":
            notes.add(
                place, f'the SPDX support level "{word[:60]}" has no counterpart in FDA\'s words.', kind=word[:60]
            )
    if SupportLevel.NO_LONGER_MAINTAINED in known:
        return SupportLevel.NO_LONGER_MAINTAINED
    return known[0] if known and len(known) == len(levels) else SupportLevel.UNKNOWN


def end_of_support(properties: Mapping[str, str], *, place: str, notes: Notes) -> str:
    """
    `cdx:fda:end-of-support-date`, else `cdx:lifecycle:milestone:endOfSupport`, as `YYYY-MM-DD`.

    The two must agree; where they do not, the earlier one is taken and the difference noted.
    """
    days = []
    for name in (END_OF_SUPPORT, MILESTONE):
        if written := properties.get(name, ""):
            days.append(calendar_date(written))
            if not days[-1]:
                notes.add(place, f'{name} is "{written[:40]}", which is no YYYY-MM-DD date.', kind=name)
    found = sorted(day for day in days if day)
    if len(set(found)) > 1:
        notes.add(place, f"{END_OF_SUPPORT} and {MILESTONE} differ; the earlier is taken.")
    return found[0] if found else ""
