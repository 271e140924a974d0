"""The words of these pages."""

from __future__ import annotations

from typing import Final

from postmarket.intake.words import ReporterKind, ReportState
from postmarket.web.components.tags import Meaning

REPORTERS: Final = {kind: kind.value.capitalize() for kind in ReporterKind}
REPORT_STATES: Final = {
    ReportState.RECEIVED: ("Not acknowledged", Meaning.SOON),
    ReportState.ACKNOWLEDGED: ("Waits for a case", Meaning.ACT),
    ReportState.IN_CASE: ("In a case", Meaning.SAFE),
    ReportState.CLOSED: ("Closed without a case", Meaning.PLAIN),
}
