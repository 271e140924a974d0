"""
Where rooms above intake listen and answer: they register, intake calls, and never knows who they are.

A listener is called inside the transaction of the change: what it writes stays or goes with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from postmarket.accounts.authority import Caller

if TYPE_CHECKING:
    from django.db.models import Q

    from postmarket.intake.models import Report

ReportListener = Callable[["Report", datetime], None]
"""Takes a report that was just acknowledged, and when it was noted (UTC)."""

Curtain = Callable[[Caller], "Q"]
"""Says, as a filter on Report, which reports this caller may not see although their device lines would let them."""

_listeners: list[ReportListener] = []
_curtains: list[Curtain] = []


def on_acknowledged(listener: ReportListener) -> ReportListener:
    """Have `listener` called for every report that is acknowledged; once, however often it registers."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def acknowledged(report: Report, *, now: datetime) -> None:
    """Tell every listener. Call inside the transaction of the change."""
    for listener in _listeners:
        listener(report, now)


def hide_reports(curtain: Curtain) -> Curtain:
    """Have what `curtain` says left out of every query of reports; once, however often it registers."""
    if curtain not in _curtains:
        _curtains.append(curtain)
    return curtain


def curtains() -> tuple[Curtain, ...]:
    """Every curtain."""
    return tuple(_curtains)
