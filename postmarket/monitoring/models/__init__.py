"""What monitoring keeps; only this room's services write it."""

from postmarket.monitoring.models.advisory import Advisory, AdvisoryHit, AdvisoryReview, AdvisoryVulnerability
from postmarket.monitoring.models.criterion import RetiredCriterion
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
from postmarket.monitoring.models.vulnerability import VulnerabilityFacts
from postmarket.monitoring.models.watch import Watch, WatchItem

__all__ = [
    "Advisory",
    "AdvisoryHit",
    "AdvisoryReview",
    "AdvisoryVulnerability",
    "DueVulnerability",
    "Feed",
    "FeedAsk",
    "FeedRun",
    "Judgement",
    "Match",
    "ProjectionState",
    "RematchPart",
    "RematchPlan",
    "RetiredCriterion",
    "Standing",
    "VersionState",
    "VulnerabilityFacts",
    "Watch",
    "WatchItem",
]
