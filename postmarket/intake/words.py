"""The closed lists of intake, in the words of the field. The values are stored."""

from __future__ import annotations

from enum import StrEnum


class ReporterKind(StrEnum):
    """Who reports."""

    RESEARCHER = "researcher"
    HOSPITAL = "hospital"
    PATIENT = "patient"
    SUPPLIER = "supplier"
    COORDINATOR = "coordinator"
    """CERT/CC, CISA, a national CERT, an ISAO."""
    OUR_OWN = "our own people"


class ReportState(StrEnum):
    """How far a report is."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    IN_CASE = "in a case"
    CLOSED = "closed"
    """Without a case, and it says why."""
