"""What assessment keeps; only this room's services write it."""

from postmarket.assessment.models.assessment import Assessment, LeadSignature
from postmarket.assessment.models.incident import Incident, IncidentUnit, IsolationApproval
from postmarket.assessment.models.pathway import Control, PathwayTemplate

__all__ = [
    "Assessment",
    "Control",
    "Incident",
    "IncidentUnit",
    "IsolationApproval",
    "LeadSignature",
    "PathwayTemplate",
]
