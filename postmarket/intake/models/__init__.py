"""What intake keeps; only this room's services write it."""

from postmarket.intake.models.report import Report, ReportFile

__all__ = ["Report", "ReportFile"]
