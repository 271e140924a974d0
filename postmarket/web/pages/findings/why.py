"""Why a finding is there, in the sources' own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.monitoring.queries.explaining import explained

if TYPE_CHECKING:
    from postmarket.monitoring.queries.explaining import Explanation
    from postmarket.web.pages.context import Asking
    from postmarket.web.pages.findings.items import Item
    from postmarket.worklist.interface import Reason


@dataclass(frozen=True, slots=True)
class Why:
    """One component as listed, the versions that list it, why it matched (surest reason first), what ends it."""

    component: str
    versions: tuple[str, ...]
    reasons: Sequence[Reason]
    fixed: str


def why_of(explanations: Sequence[Explanation]) -> list[Why]:
    """For each component; rows that share their reasons are told once."""
    told: dict[tuple[str, tuple[Reason, ...], str], dict[str, None]] = {}
    for one in explanations:
        told.setdefault((str(one.row.identity), one.reasons, one.fixed), {})[one.row.version.label] = None
    return [
        Why(component, tuple(sorted(versions)), reasons, fixed)
        for (component, reasons, fixed), versions in told.items()
    ]


def in_one_line(items: Iterable[Item], ask: Asking) -> dict[str, str]:
    """The surest reason of each item, by its key; one reading of the store for all of them."""
    given = list(items)
    found = explained([item.first for item in given], pack=ask.pack, now=ask.now)
    return {item.key: _line(one.reasons) for item, one in zip(given, found, strict=True)}


def _line(reasons: Sequence[Reason]) -> str:
    if not reasons:
        return ""
    more = f"; {len(reasons) - 1} more reason{'s' if len(reasons) > 2 else ''}" if len(reasons) > 1 else ""
    return f"{reasons[0].sentence}{more}"
