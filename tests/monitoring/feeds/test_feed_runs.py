"""A source is asked: what came is kept as evidence, counted, recorded once, and what failed says the way out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import NoReturn

import pytest

from postmarket.accounts.errors import NotAllowed
from postmarket.inventory.store import store
from postmarket.matching.facts import vulnerabilities
from postmarket.matching.store import runs
from postmarket.matching.store.locks import only_one_in
from postmarket.monitoring.errors import InvalidSchedule
from postmarket.monitoring.feed_words import AskOutcome, FeedRunState, Trigger
from postmarket.monitoring.models import Feed, FeedRun
from postmarket.monitoring.services.feeds import closing
from postmarket.monitoring.services.feeds.due import ask_due
from postmarket.monitoring.services.feeds.running import Busy
from postmarket.monitoring.services.feeds.schedules import change_schedule, feed_row, run_now, switch_all_on
from postmarket.records import evidence
from postmarket.records.models import Entry, Evidence
from postmarket.sources.interface import Source
from postmarket.tasks.models import Task
from tests.builders import kev, kev_catalogue, nvd_range, record
from tests.monitoring.feeds.given import (
    HOUR,
    NOW,
    analyst,
    ask,
    auditor,
    lists,
    loaded_by_command_line,
    say,
)
from tests.sources.sync.server import Server

pytestmark = pytest.mark.django_db


def log_of(run: FeedRun) -> list[dict[str, object]]:
    """The lines of a run's log."""
    assert run.log_id is not None
    return [json.loads(line) for line in b"".join(evidence.read(run.log_id)).splitlines()]


def recorded() -> list[dict[str, object]]:
    """What the trail says of runs of feeds."""
    return [json.loads(bytes(entry.content)) for entry in Entry.objects.filter(kind="feed.run")]


def switched_on(source: Source = Source.KEV) -> Feed:
    """A schedule that is on."""
    return change_schedule(by=analyst(), source=source, enabled=True, every_minutes=60, why="Begin.", now=NOW)


def test_what_was_asked_and_what_came_is_kept(server: Server) -> None:
    """The address, the file by its hash, the counts, how long it took, and the list of what changed."""
    say(record("CVE-2026-1001", nvd_range("a:zlib:zlib", "2")))
    lists(server, kev("CVE-2026-1001"), kev("CVE-2026-1002"))

    run = ask(server)

    assert (run.state, run.trigger, run.added, run.files) == (FeedRunState.DONE, Trigger.SCHEDULE, 2, 1)
    (asked,) = run.asks.all()
    assert (asked.address, asked.outcome) == (f"{server.url}/kev.json", AskOutcome.NEW)
    assert b"CVE-2026-1002" in b"".join(evidence.read(asked.sha256))
    assert Evidence.objects.filter(pk=asked.sha256).exists()
    assert {"record": "CVE-2026-1002"} in log_of(run)
    assert vulnerabilities(store(), [1])[1].kev is not None


def test_the_trail_has_one_entry_for_a_run_with_the_hash_of_its_list(server: Server) -> None:
    """Machine results are audited once a run (DESIGN §6)."""
    lists(server, kev("CVE-2026-1001"))

    run = ask(server)

    (entry,) = recorded()
    assert entry["subject"] == {"kind": "feed-run", "id": str(run.pk)}
    detail = entry["detail"]
    assert isinstance(detail, dict)
    assert detail["changes_sha256"] == run.log_id
    assert detail["counts"] == {"added": 1, "changed": 0, "unchanged": 0, "refused": 0, "files": 1, "failed": 0}


def test_a_source_with_nothing_new_was_heard_all_the_same(server: Server) -> None:
    """Its data is as fresh as its answer, not as its newest word."""
    lists(server, kev("CVE-2026-1001"))
    ask(server)

    run = ask(server, now=NOW + HOUR)

    assert (run.state, run.added, run.files) == (FeedRunState.DONE, 0, 1)
    assert [asked.outcome for asked in run.asks.all()] == [AskOutcome.UNCHANGED]
    assert feed_row(Source.KEV).heard_at == NOW + HOUR


def test_a_failure_says_why_and_what_to_do_and_keeps_what_there_was(server: Server) -> None:
    """The catalogue is gone from the mirror; what it said before stays visible."""
    say(record("CVE-2026-1001", nvd_range("a:zlib:zlib", "2")))
    lists(server, kev("CVE-2026-1001"))
    ask(server)
    del server.routes["/kev.json"]

    run = ask(server, now=NOW + HOUR)

    assert (run.state, run.failed) == (FeedRunState.FAILED, 1)
    assert "404" in run.problem
    assert run.next_step
    feed = feed_row(Source.KEV)
    assert (feed.failures, feed.problem, feed.heard_at) == (1, run.problem, NOW)
    assert vulnerabilities(store(), [1])[1].kev is not None


def test_failures_are_tried_again_soon_then_later_and_never_later_than_the_interval(server: Server) -> None:
    """5, 10, 20 … minutes, at most the hour of the schedule."""
    switched_on()
    waits = []
    for _ in range(6):
        ask(server)
        at = feed_row(Source.KEV).next_at
        assert at is not None
        waits.append(at - NOW)

    assert waits == [timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60, 60)]
    lists(server, kev("CVE-2026-1001"))
    ask(server)
    assert (feed_row(Source.KEV).failures, feed_row(Source.KEV).next_at) == (0, NOW + HOUR)


def test_what_is_refused_is_counted_and_the_run_is_only_partly_good(server: Server) -> None:
    """One entry of the catalogue cannot be read; the other is in."""
    content = json.loads(kev_catalogue(kev("CVE-2026-1001"), kev("CVE-2026-1002")))
    content["vulnerabilities"][1]["cveID"] = "not a CVE"
    server.says("/kev.json", json.dumps(content).encode())

    run = ask(server)

    assert (run.state, run.added, run.refused) == (FeedRunState.PARTLY, 1, 1)
    assert any("refused" in line for line in log_of(run))


def test_runs_of_the_command_line_are_in_the_history_too(server: Server) -> None:
    """With their files and a record of their own; how fresh they are, only their words can tell."""
    loaded_by_command_line(Source.KEV, kev_catalogue(kev("CVE-2026-1001", added="2026-11-20")))

    assert closing.settle(now=NOW) == 1
    assert closing.settle(now=NOW) == 0

    (run,) = FeedRun.objects.all()
    assert (run.state, run.trigger, run.added) == (FeedRunState.DONE, Trigger.COMMAND_LINE, 1)
    assert run.asks.get().evidence is not None
    heard = feed_row(Source.KEV).heard_at
    assert heard is not None
    assert heard.date().isoformat() == "2026-11-20"
    assert len(recorded()) == 1


def test_a_run_that_was_killed_before_it_was_closed_is_closed_by_the_next(server: Server) -> None:
    """It was published, so it is history; it is closed once."""
    lists(server, kev("CVE-2026-1001"))

    with pytest.raises(Killed):
        ask(server, within=die)
    assert FeedRun.objects.get().finished_at is None
    assert not recorded()

    ask(server, now=NOW + HOUR)

    first, second = FeedRun.objects.order_by("pk")
    assert (first.state, first.added, second.state, second.added) == (FeedRunState.DONE, 1, FeedRunState.DONE, 0)
    assert len(recorded()) == 2


class Killed(BaseException):
    """As `kill -9`, as far as one process can play it."""


def die() -> NoReturn:
    """Instead of the transaction that would close the run."""
    raise Killed


def test_a_run_that_never_ended_counts_as_interrupted_and_no_failure_of_the_source(server: Server) -> None:
    """Its worker was killed while it loaded."""
    runs.begin(store(), Source.KEV, now=NOW)
    lists(server, kev("CVE-2026-1001"))

    ask(server, now=NOW + HOUR)
    closing.settle(now=NOW + HOUR)

    assert list(FeedRun.objects.order_by("started_at").values_list("state", flat=True)) == [
        FeedRunState.INTERRUPTED,
        FeedRunState.DONE,
    ]
    assert feed_row(Source.KEV).failures == 0


def test_another_load_is_waited_for_and_leaves_no_run(server: Server) -> None:
    """One loads at a time; the task comes again in a moment."""
    from django.conf import settings

    with only_one_in(settings.POSTMARKET_HOME), pytest.raises(Busy):
        ask(server)

    assert not FeedRun.objects.exists()


def test_a_run_by_hand_names_the_person(server: Server) -> None:
    """Who asked is part of the history."""
    lists(server, kev("CVE-2026-1001"))
    ana = analyst()

    run = ask(server, asked_by=ana)

    assert (run.trigger, run.asked_by) == (Trigger.PERSON, ana)


def test_nothing_is_asked_until_somebody_turns_it_on() -> None:
    """A site begins without asking the network for anything."""
    assert ask_due(now=NOW) == []

    switch_all_on(by=analyst(), why="The network is ready.", now=NOW)

    assert sorted(ask_due(now=NOW)) == sorted(source.value for source in Source)
    assert ask_due(now=NOW) == []


def test_each_source_begins_with_the_interval_of_the_policy() -> None:
    """KEV and the CVE list hourly, NVD every two hours, the large and daily ones daily."""
    switch_all_on(by=analyst(), why="Begin.", now=NOW)

    assert dict(Feed.objects.values_list("source", "every_minutes")) == {
        "kev": 60,
        "cve": 60,
        "nvd": 120,
        "epss": 1440,
        "osv": 1440,
        "csaf": 1440,
    }


def test_a_schedule_that_is_off_is_not_asked() -> None:
    """And says no next moment."""
    switched_on()

    change_schedule(by=analyst(), source=Source.KEV, enabled=False, every_minutes=60, why="Maintenance.", now=NOW)

    assert feed_row(Source.KEV).next_at is None
    assert ask_due(now=NOW + HOUR) == []


@pytest.mark.parametrize(
    ("source", "minutes", "choices", "why"),
    [
        (Source.KEV, 1, (), "Faster."),
        (Source.KEV, 60, ("Debian",), "It has no parts."),
        (Source.OSV, 60, ("x" * 501,), "Too long."),
        (Source.OSV, 60, ("Deb\nian\x00",), "Not printable."),
        (Source.OSV, 60, (), "  "),
    ],
)
def test_a_schedule_that_cannot_be_right_is_refused(
    source: Source, minutes: int, choices: tuple[str, ...], why: str
) -> None:
    """And nothing is changed."""
    with pytest.raises(InvalidSchedule):
        change_schedule(
            by=analyst(), source=source, enabled=True, every_minutes=minutes, choices=choices, why=why, now=NOW
        )

    assert not Feed.objects.filter(enabled=True).exists()


def test_an_auditor_neither_schedules_nor_runs() -> None:
    """They read."""
    with pytest.raises(NotAllowed):
        run_now(by=auditor(), source=Source.KEV, now=NOW)
    with pytest.raises(NotAllowed):
        change_schedule(by=auditor(), source=Source.KEV, enabled=True, every_minutes=60, why="No.", now=NOW)


def test_run_now_puts_one_task_into_the_queue() -> None:
    """However often it is pressed."""
    ana = analyst()
    run_now(by=ana, source=Source.KEV, now=NOW)
    run_now(by=ana, source=Source.KEV, now=NOW)

    assert Task.objects.filter(name="monitoring.feed", key="kev").count() == 1
