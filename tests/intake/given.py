"""Reports and the people who handle them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.roles import Role
from postmarket.intake.models import Report
from postmarket.intake.rules.fields import Reporter, ReportFields
from postmarket.intake.services.reports import acknowledge, enter_report
from postmarket.inventory.models import Device
from tests.accounts.builders import person
from tests.monitoring.builders import NOW

FRIDAY = NOW - timedelta(days=4)
"""Four days before anybody wrote it down."""
RESEARCHER = Reporter("Rob Vance", "rob@example.org")


def handler(name: str = "Mara Lindqvist", *, line: DeviceLine | None = None) -> Person:
    """Somebody who handles reports."""
    return person(name, Role.PSIRT_MANAGER, line=line)


def fields(**said: Any) -> ReportFields:
    """What a test does not name is this."""
    given: dict[str, Any] = {
        "title": "The pump can be stopped over the network",
        "text": "Mr. Hale, in bed 4, was nearly harmed when the pump stopped.",
        "known_since": FRIDAY,
        "organisation": "St. Brigid",
        "reporter": RESEARCHER,
    }
    return ReportFields(**given | said)


def entered(*devices: Device, by: Person | None = None, **said: Any) -> Report:
    """A report that came in on Friday and was written down today."""
    return enter_report(by=by or handler(), fields=fields(**said), devices=devices, now=NOW)


def acknowledged(report: Report) -> Report:
    """Answered on Sunday."""
    return acknowledge(by=handler(), report=report, at=FRIDAY + timedelta(days=2), why="By mail.", now=NOW)
