"""What monitoring keeps; only this room's services write it."""

from postmarket.monitoring.models.advisory import Advisory, AdvisoryHit, AdvisoryReview, AdvisoryVulnerability
from postmarket.monitoring.models.criterion import RetiredCriterion
from postmarket.monitoring.models.decision import Decision, Finding, VersionDecision
from postmarket.monitoring.models.feed import Feed, FeedAsk, FeedRun
from postmarket.monitoring.models.projection import (
    DueVulnerability,
    Judgement,
    Match,
    ProjectionState,
    Standing,
    VersionState,
)
from postmarket.monitoring.models.rematch import RematchPart, RematchPlan
from postmarket.monitoring.models.supplier_vex import SupplierStatement, SupplierVex, SupplierWord
from postmarket.monitoring.models.vulnerability import VulnerabilityFacts
from postmarket.monitoring.models.watch import Watch, WatchItem

__all__ = [
    "Advisory",
    "AdvisoryHit",
    "AdvisoryReview",
    "AdvisoryVulnerability",
    "Decision",
    "DueVulnerability",
    "Feed",
    "FeedAsk",
    "FeedRun",
    "Finding",
    "Judgement",
    "Match",
    "ProjectionState",
    "RematchPart",
    "RematchPlan",
    "RetiredCriterion",
    "Standing",
    "SupplierStatement",
    "SupplierVex",
    "SupplierWord",
    "VersionDecision",
    "VersionState",
    "VulnerabilityFacts",
    "Watch",
    "WatchItem",
]
