"""What intake keeps; only this room's services write it."""

from postmarket.intake.models.counter import Counter
from postmarket.intake.models.report import Report, ReportFile

__all__ = ["Counter", "Report", "ReportFile"]
