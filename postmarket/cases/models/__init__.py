"""What cases keep; only this room's services write it."""

from postmarket.cases.models.case import Case, CaseReport, CaseVersion, Link, Member, Watcher
from postmarket.cases.models.clock import Clock, Pause, Told
from postmarket.cases.models.start_event import StartEvent
from postmarket.cases.models.work import Attachment, Comment, PriorityOverride, Task

__all__ = [
    "Attachment",
    "Case",
    "CaseReport",
    "CaseVersion",
    "Clock",
    "Comment",
    "Link",
    "Member",
    "Pause",
    "PriorityOverride",
    "StartEvent",
    "Task",
    "Told",
    "Watcher",
]
