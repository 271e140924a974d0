"""What sources and their state are called, and the finding a page of them is titled by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from postmarket.monitoring.feed_words import FeedRunState, Trigger
from postmarket.monitoring.models import FeedRun
from postmarket.monitoring.queries.feeds import Standing
from postmarket.sources.interface import Source
from postmarket.web.components.tags import Meaning
from postmarket.web.pages.source_names import NAMES, name_of

WHAT = {
    Source.NVD: "NIST's vulnerability database: products, ranges, scores",
    Source.CVE: "The CVE records themselves, with CISA's additions",
    Source.KEV: "CISA's list of what is exploited",
    Source.EPSS: "FIRST's daily forecast of exploitation",
    Source.OSV: "Open source packages and Linux distributions",
    Source.CSAF: "Advisories of CISA and of makers",
}
RUN_STATES = {
    FeedRunState.RUNNING: (Meaning.ACT, "Running"),
    FeedRunState.DONE: (Meaning.SAFE, "Done"),
    FeedRunState.PARTLY: (Meaning.SOON, "Partly"),
    FeedRunState.FAILED: (Meaning.HARM, "Failed"),
    FeedRunState.INTERRUPTED: (Meaning.SOON, "Interrupted"),
}
TRIGGERS = {
    Trigger.SCHEDULE: "by its schedule",
    Trigger.PERSON: "by hand",
    Trigger.COMMAND_LINE: "by the command line",
}
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six")


def interval(minutes: int) -> str:
    """How often, in words."""
    hours, days = minutes / 60, minutes / 1440
    if days >= 1 and days == int(days):
        return "daily" if days == 1 else f"every {int(days)} days"
    if hours == int(hours):
        return "hourly" if hours == 1 else f"every {int(hours)} hours"
    return f"every {minutes} minutes"


def sentence(text: str) -> str:
    """A reason as a sentence of its own; "" stays nothing."""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def long_ago(at: datetime, now: datetime) -> str:
    """How old something is, in one unit: "3 days", "2 hours", "a moment"."""
    minutes = max(0, int((now - at).total_seconds() // 60))
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        count = minutes // size
        if count:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "a moment"


def finding(standings: Sequence[Standing], now: datetime) -> str:
    """The title of the page of sources: the worst that is true, else that all is fresh."""
    on = [one for one in standings if one.feed.enabled]
    late = [one for one in on if one.late]
    old = [(one, one.feed.heard_at) for one in late if one.feed.heard_at is not None]
    if old:
        oldest, at = min(old, key=lambda pair: pair[1])
        more = f", and {len(late) - 1} more {'is' if len(late) == 2 else 'are'} late" if len(late) > 1 else ""
        return f"{NAMES[oldest.source]} is {long_ago(at, now)} old{more}."
    if late:
        names = " and ".join(NAMES[one.source] for one in late[:2])
        return f"{names} never came."
    failing = [one for one in on if one.feed.failures]
    if failing:
        return f"{NAMES[failing[0].source]} could not be asked last time; it is still fresh."
    if not on:
        return "No source is asked: all schedules are off."
    waiting = [one for one in on if one.feed.heard_at is None]
    if waiting:
        verb = "waits" if len(waiting) == 1 else "wait"
        return f"{NUMBERS[len(waiting)]} of {len(on)} sources {verb} for a first run."
    off = len(standings) - len(on)
    if off:
        fresh = f"{NUMBERS[len(on)]} {'source is' if len(on) == 1 else 'sources are'} fresh"
        return f"{fresh}, {off} {'is' if off == 1 else 'are'} off."
    return f"All {NUMBERS[len(on)].lower()} sources are fresh."


def run_finding(run: FeedRun) -> str:
    """The title of one run's page."""
    name = name_of(run.source)
    match FeedRunState(run.state):
        case FeedRunState.RUNNING:
            return f"{name} is being read."
        case FeedRunState.FAILED:
            return f"{name} could not be read."
        case FeedRunState.INTERRUPTED:
            return f"The run of {name} was interrupted; the next one goes on from there."
        case state:
            new = run.added + run.changed
            entries = "entry" if new == 1 else "entries"
            brought = f"{name} brought {new:,} new or changed {entries}" if new else f"{name} had nothing new"
            return f"{brought}, and some of it is missing." if state is FeedRunState.PARTLY else f"{brought}."
