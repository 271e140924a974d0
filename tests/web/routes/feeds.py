"""Sources, runs, advisories, suppliers' feeds and retired criteria."""

from __future__ import annotations

from collections.abc import Mapping

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.roles import Role
from postmarket.inventory.models import Supplier
from postmarket.monitoring.feed_words import FeedRunState
from postmarket.monitoring.models import Advisory, FeedRun, RetiredCriterion, Watch, WatchItem
from postmarket.records import Actor, ActorKind, Subject, act, evidence
from postmarket.records.models import Evidence
from tests.accounts.builders import person
from tests.builders import nvd_range, record
from tests.monitoring.feeds.given import NOW, say
from tests.web.routes.interface import Route, Routes, holders, nothing

READERS = holders(Permission.CONTENT_READ)
RUNNERS = holders(Permission.FEEDS_RUN)
REVIEWERS = holders(Permission.ADVISORIES_REVIEW)
WATCHERS = holders(Permission.SUPPLIERS_EDIT)
RETIRERS = holders(Permission.CRITERIA_RETIRE)
EXPORTERS = READERS & holders(Permission.CONTENT_EXPORT)


def kept() -> Evidence:
    """Some bytes that are evidence."""
    with act(actor=Actor("feeds", "Feeds", ActorKind.MACHINE), at=NOW, why="") as doing:
        return evidence.keep(
            doing, b"{}\n", media_type="application/jsonl", source="test", about=Subject("feed", "kev")
        )


def a_source(who: Person | None) -> Mapping[str, object]:
    """KEV."""
    return {"source": "kev"}


def a_run(who: Person | None) -> Mapping[str, object]:
    """A run with its log."""
    run = FeedRun.objects.create(
        source="kev", state=FeedRunState.DONE.value, started_at=NOW, finished_at=NOW, log=kept()
    )
    return {"pk": run.pk}


def an_advisory(who: Person | None) -> Mapping[str, object]:
    """An advisory without any product."""
    return {"pk": Advisory.objects.create(name="ICSMA-1@x", number="ICSMA-1", title="Pump").pk}


def a_watch(who: Person | None) -> Mapping[str, object]:
    """A supplier's feed."""
    supplier = Supplier.objects.create(name="Norrlake", created_at=NOW)
    adder = person("Add Er", Role.PSIRT_MANAGER)
    watch = Watch.objects.create(
        supplier=supplier, address="https://x.example/", every_minutes=60, added_by=adder, added_at=NOW
    )
    return {"pk": watch.pk}


def an_item(who: Person | None) -> Mapping[str, object]:
    """An entry of it."""
    a_watch(who)
    watch = Watch.objects.get()
    item = WatchItem.objects.create(watch=watch, entry="1", digest="1", title="NL-1", seen_at=NOW, evidence=kept())
    return {"pk": item.pk}


def a_retired_criterion(who: Person | None) -> Mapping[str, object]:
    """One that was retired."""
    row = RetiredCriterion.objects.create(
        source="nvd",
        record="CVE-2026-1001",
        fingerprint="0" * 24,
        vulnerability="CVE-2026-1001",
        product="a:zlib:zlib",
        range_text="< 2",
        why="Wrong.",
        retired_by=person("Mara Lind", Role.PSIRT_MANAGER),
        retired_at=NOW,
        versions=1,
        findings=1,
        effect=kept(),
    )
    return {"pk": row.pk}


def a_record(who: Person | None) -> Mapping[str, object]:
    """What NVD says of a CVE."""
    say(record("CVE-2026-1001", nvd_range("a:zlib:zlib", "2")))
    return {"source": "nvd", "record": "CVE-2026-1001"}


def a_criterion(who: Person | None) -> Mapping[str, object]:
    """One criterion of it."""
    from postmarket.inventory.store import store
    from postmarket.matching.retirement import told

    named = a_record(who)
    where = told(store(), source="nvd", record="CVE-2026-1001")
    assert where is not None
    return {**named, "fingerprint": where.fingerprint(0)}


ROUTES: Routes = {
    "feeds": Route(allowed=READERS),
    "feeds-on": Route(allowed=RUNNERS, methods=("POST",)),
    "feed-runs": Route(allowed=READERS),
    "feed-run": Route(allowed=READERS, kwargs=a_run),
    "feed-run-log": Route(allowed=EXPORTERS, kwargs=a_run),
    "feed-schedule": Route(allowed=READERS, kwargs=a_source),
    "feed-ask": Route(allowed=RUNNERS, methods=("POST",), kwargs=a_source),
    "feed-progress": Route(allowed=READERS, kwargs=a_source),
    "advisories": Route(allowed=READERS),
    "advisory": Route(allowed=READERS, kwargs=an_advisory),
    "watches": Route(allowed=READERS),
    "watch-add": Route(allowed=WATCHERS, methods=("GET", "POST"), data=nothing),
    "watch": Route(allowed=READERS, kwargs=a_watch),
    "watch-switch": Route(allowed=WATCHERS, methods=("POST",), kwargs=a_watch),
    "watch-item": Route(allowed=READERS, kwargs=an_item),
    "criteria": Route(allowed=READERS),
    "criterion": Route(allowed=READERS, kwargs=a_retired_criterion),
    "criterion-undo": Route(allowed=RETIRERS, methods=("POST",), kwargs=a_retired_criterion),
    "criterion-retire": Route(allowed=RETIRERS, methods=("GET", "POST"), kwargs=a_criterion),
    "criteria-of": Route(allowed=READERS, kwargs=a_record),
}
