"""What monitoring does by itself."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from postmarket.sources.interface import Source
from postmarket.tasks import Every, Run, Tick, enqueue, periodic, task

BUSY_PAUSE = timedelta(seconds=30)


class Nothing(msgspec.Struct, frozen=True):
    """There is nothing to say: the work finds out what waits."""


class Project(msgspec.Struct, frozen=True):
    """Bring the projection up: what there is to do, the database says."""


class AskFeed(msgspec.Struct, frozen=True):
    """Which source, and the id of the person who wants it, if one does."""

    source: str
    asked_by: int | None = None


class AskWatch(msgspec.Struct, frozen=True):
    """The id of a Watch."""

    watch: int


class Part(msgspec.Struct, frozen=True):
    """The id of a RematchPart."""

    part: int


@periodic("monitoring.look", Every(timedelta(minutes=1)), priority=3)
def look(tick: Tick, run: Run) -> None:
    """Have due sources and watches asked, and take up what a command line loaded meanwhile."""
    from postmarket.monitoring.services.feeds.closing import settle
    from postmarket.monitoring.services.feeds.due import ask_due
    from postmarket.monitoring.services.rematching import rematch_if_behind
    from postmarket.monitoring.services.watches import ask_due_watches

    now = run.now()
    settle(now=now)
    ask_due(now=now)
    ask_due_watches(now=now)
    rematch_if_behind(now=now)


@periodic("monitoring.policy", Every(timedelta(minutes=5)), priority=3)
def policy(tick: Tick, run: Run) -> None:
    """Record and follow the policy in force, when it is another than the one recorded last."""
    from postmarket.monitoring.services.following_policy import follow_policy

    follow_policy(now=run.now())


@task("monitoring.project")
def bring_up(payload: Project, run: Run) -> None:
    """Findings as the store and the inventory say them now; killed half-way, the next attempt finishes it."""
    from postmarket.inventory.queries.alias_table import current_alias_table
    from postmarket.monitoring.policy import pack_in_force
    from postmarket.monitoring.services.projecting.run import project

    def progress(done: int, total: int, what: str) -> None:
        run.progress(done, total, what)
        run.checkpoint()

    project(pack=pack_in_force(), aliases=current_alias_table(), now=run.now(), progress=progress)


@task("monitoring.feed")
def feed(payload: AskFeed, run: Run) -> None:
    """Ask one source; its failures are kept with the run and tried again by its schedule, not by the queue."""
    from postmarket.monitoring.services.feeds.running import Busy, Watcher, run_feed

    watcher = Watcher(lambda done, total, text: run.progress(done, total or None, text), run.checkpoint)
    try:
        run_feed(
            Source(payload.source), clock=run.now, asked_by=payload.asked_by, within=run.finishing, watcher=watcher
        )
    except Busy:
        with run.finishing():
            now = run.now()
            enqueue("monitoring.feed", payload, key=run.key, now=now, run_after=now + BUSY_PAUSE)


@task("monitoring.rematch", priority=4)
def rematch(payload: Nothing, run: Run) -> None:
    """Match the portfolio with what came."""
    from postmarket.monitoring.services.criteria import end_what_sources_changed
    from postmarket.monitoring.services.rematching import rematch_portfolio

    end_what_sources_changed(now=run.now())
    rematch_portfolio(now=run.now(), within=run.finishing)


@task("monitoring.rematch_part", priority=4)
def rematch_part(payload: Part, run: Run) -> None:
    """Match one part of the portfolio."""
    from postmarket.monitoring.services import rematching

    rematching.rematch_part(payload.part, now=run.now(), within=run.finishing)


@task("monitoring.advisories")
def advisories(payload: Nothing, run: Run) -> None:
    """Gather the advisories that changed, and hold all of them against the portfolio."""
    from postmarket.monitoring.services.advisories import bring_up as gather

    gather(now=run.now())


@task("monitoring.watch")
def watch(payload: AskWatch, run: Run) -> None:
    """Ask a supplier's feed; what fails is kept with the watch and tried again by its schedule."""
    from postmarket.monitoring.services.watches import check_watch

    check_watch(payload.watch, now=run.now(), within=run.finishing)
