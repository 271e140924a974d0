"""Reports."""

from __future__ import annotations

from collections.abc import Mapping

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from tests.intake.given import entered
from tests.web.routes.interface import Route, Routes, holders

BOTH = ("GET", "POST")
READ = holders(Permission.CONTENT_READ)
HANDLE = holders(Permission.REPORTS_HANDLE)


def a_report(who: Person | None) -> Mapping[str, object]:
    """A report about no device."""
    return {"number": entered().number}


ROUTES: Routes = {
    "reports": Route(allowed=READ),
    "report-enter": Route(allowed=holders(Permission.REPORTS_ENTER), methods=BOTH),
    "report": Route(allowed=READ, kwargs=a_report),
    "report-acknowledge": Route(allowed=HANDLE, methods=("POST",), kwargs=a_report),
    "report-harm": Route(allowed=HANDLE, methods=("POST",), kwargs=a_report),
    "report-close": Route(allowed=HANDLE, methods=("POST",), kwargs=a_report),
}
