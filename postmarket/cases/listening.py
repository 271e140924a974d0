"""What cases do when a report in one of them was acknowledged."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postmarket.intake.models import Report


def report_acknowledged(report: Report, now: datetime) -> None:
    """Stop the clock that asked for it, in the transaction of the change."""
    from postmarket.cases.services.stopping import stop_for_report

    stop_for_report(report, now=now)
