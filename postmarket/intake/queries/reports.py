"""Reports as people look at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from postmarket.accounts.authority import ANYWHERE, Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.intake.errors import ReportNotFound
from postmarket.intake.models import Report
from postmarket.intake.queries.visible import visible_to
from postmarket.intake.words import ReporterKind, ReportState
from postmarket.policy.clocks import clock, due
from postmarket.policy.pack import Pack

ACKNOWLEDGE = "CVD-ACK"
OPEN = (ReportState.RECEIVED, ReportState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Acknowledging:
    """By when a report is to be acknowledged under the firm's CVD policy, and whether that is missed at this moment."""

    day: date
    late: bool


def reports(*, by: Caller, states: Collection[ReportState] = ()) -> QuerySet[Report]:
    """The reports `by` may see, newest first, with their devices and case. Raises NotAllowed without any reading."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    found = Report.objects.filter(visible_to(by)).select_related("body", "entered_by")
    if states:
        found = found.filter(state__in=[state.value for state in states])
    return found.prefetch_related("devices__line", "files__evidence")


def report(number: str, *, by: Caller) -> Report:
    """One report. Raises NotAllowed, and ReportNotFound also for one that is not for `by`."""
    found = reports(by=by).filter(number=number).first()
    if found is None:
        raise ReportNotFound("There is no such report", where=number[:20], next_step="Look at the list again.")
    return found


def waiting(*, by: Caller) -> int:
    """How many reports wait to be acknowledged or to get a case."""
    return Report.objects.filter(visible_to(by), state__in=[state.value for state in OPEN]).count()


def acknowledging(report: Report, *, pack: Pack, now: datetime) -> Acknowledging | None:
    """
    Until when it is to be acknowledged; None for what our own people report.

    By the firm's policy, no rule of the FDA. `late` is of the acknowledgement, else of `now` (UTC).
    """
    if report.kind == ReporterKind.OUR_OWN.value:
        return None
    found = due(
        clock(ACKNOWLEDGE, pack),
        report.known_since,
        zone=ZoneInfo(settings.SITE_TIME_ZONE),
        conservative=settings.CONSERVATIVE_CLOCKS,
    )
    if found.day is None or found.until is None:
        return None
    return Acknowledging(found.day, (report.acknowledged_at or now) >= found.until)
