"""Pages of what comes from outside, as people see them: the title is the finding, one thing to do stands out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postmarket.accounts.models import Person
from postmarket.monitoring.models import Advisory, Feed, RetiredCriterion, WatchItem
from postmarket.monitoring.services.advisories import bring_up
from postmarket.monitoring.services.feeds.schedules import change_schedule, switch_all_on
from postmarket.monitoring.services.rematching import rematch_portfolio
from postmarket.monitoring.services.watches import check_watch
from postmarket.sources.interface import Source
from postmarket.tasks.models import Task
from postmarket.web import clock
from tests.accounts.builders import with_generator
from tests.builders import kev, nvd_range, record
from tests.monitoring.feeds.given import NOW, ask, auditor, lists, manager, quickly, say, stored, version
from tests.monitoring.feeds.test_advisories import ZLIB, advises
from tests.monitoring.feeds.test_watches import own_network as own_network
from tests.monitoring.feeds.test_watches import watched
from tests.sources.sync.server import Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara() -> Person:
    """A PSIRT manager, with a second factor."""
    made = manager()
    with_generator(made)
    return made


@pytest.fixture
def browser(client: Client, mara: Person) -> Iterator[Client]:
    """Their browser."""
    client.force_login(mara)
    with clock.stopped(NOW):
        yield client


def page(browser: Client, name: str, query: str = "", **kwargs: object) -> str:
    """The HTML of a page that must open."""
    answer = browser.get(f"{reverse(name, kwargs=kwargs or None)}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def title(html: str) -> str:
    """The finding a page is called by."""
    return html.partition("<h1>")[2].partition("</h1>")[0]


def filled(html: str) -> int:
    """How many filled buttons a page has."""
    return len(re.findall(r'class="btn-act', html))


def heard(hours: int, source: Source = Source.NVD) -> None:
    """A source answered so many hours ago; all others just now."""
    for one in Source:
        at = NOW - timedelta(hours=hours) if one is source else NOW
        Feed.objects.filter(pk=one.value).update(heard_at=at)


def test_a_site_that_asks_nothing_says_so_and_what_to_do(browser: Client) -> None:
    """One filled button."""
    html = page(browser, "feeds")

    assert title(html) == "No source is asked: all schedules are off."
    assert filled(html) == 1

    browser.post(reverse("feeds-on"))
    assert Feed.objects.filter(enabled=True).count() == 6
    assert title(page(browser, "feeds")) == "Six of 6 sources wait for a first run."


@pytest.mark.parametrize(
    ("hours", "says"),
    [(0, "All six sources are fresh."), (5, "All six sources are fresh."), (72, "NVD is 3 days old.")],
)
def test_the_title_says_how_old_the_data_is(browser: Client, mara: Person, hours: int, says: str) -> None:
    """Late is what was not heard for three of its intervals."""
    switch_all_on(by=mara, why="Begin.", now=NOW)
    heard(hours)

    assert title(page(browser, "feeds")) == says


def test_every_page_says_how_old_its_data_is_in_one_query(browser: Client, mara: Person) -> None:
    """A source that is older than it should be is named; the page of feeds is one click away."""
    switch_all_on(by=mara, why="Begin.", now=NOW)
    heard(72)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        html = page(browser, "account")

    of_feeds = [query["sql"] for query in asked.captured_queries if "monitoring_feed" in query["sql"]]
    assert len(of_feeds) == 1
    assert "NVD is 3 d old" in html


def test_a_failing_source_says_why_and_the_way_out(browser: Client, mara: Person, server: Server) -> None:
    """On the page where somebody looks first."""
    change_schedule(by=mara, source=Source.KEV, enabled=True, every_minutes=60, why="Begin.", now=NOW)
    ask(server)

    html = page(browser, "feeds")

    assert "1 time in a row" in html
    assert "404" in html


def test_run_now_puts_it_into_the_queue_and_shows_it(browser: Client) -> None:
    """And says when nobody works."""
    browser.post(reverse("feed-ask", kwargs={"source": "kev"}))

    assert Task.objects.filter(name="monitoring.feed", key="kev").count() == 1
    assert "No worker runs" in page(browser, "feeds")


def test_a_run_shows_what_was_asked_what_came_and_what_was_refused(browser: Client, server: Server) -> None:
    """With the hash of each file, and the log to take away."""
    lists(server, kev("CVE-2026-1001"))
    run = ask(server)

    html = page(browser, "feed-run", pk=run.pk)

    assert title(html) == "KEV brought 1 new or changed entry."
    asked = run.asks.get()
    assert asked.address in html
    assert asked.sha256 in html
    answer = browser.get(reverse("feed-run-log", kwargs={"pk": run.pk}))
    assert b"CVE-2026-1001" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_an_advisory_on_another_makers_device_is_reviewed_with_a_reason(browser: Client) -> None:
    """It waits in the title of the list until somebody says why it is not ours."""
    version(ZLIB)
    say(record("CVE-2026-1001", nvd_range("a:zlib:zlib", "1.2.12")))
    say(*advises("ICSMA-26-001-01", "CVE-2026-1001"))
    rematch_portfolio(now=NOW)
    bring_up(now=NOW)
    advisory = Advisory.objects.get()
    assert "1 advisory shares something with our devices" in title(page(browser, "advisories"))

    html = page(browser, "advisory", pk=advisory.pk)
    assert title(html) == "1 of our versions shares what ICSMA-26-001-01 reports."
    assert "AeroVent 5 5.3" in html
    assert filled(html) == 1
    revision = re.search(r'name="revision" value="([^"]+)"', html)
    assert revision is not None
    url = reverse("advisory", kwargs={"pk": advisory.pk})
    sent = {"revision": revision[1], "verdict": "not ours", "because": "Our zlib is built without gzip."}
    assert browser.post(url, sent | {"because": ""}).status_code == 400
    assert browser.post(url, sent).status_code == 302

    assert "No advisory that shares something" in title(page(browser, "advisories"))
    assert "Our zlib is built without gzip." in page(browser, "advisory", pk=advisory.pk)


def test_an_entry_of_a_supplier_is_read_and_closed(browser: Client, server: Server) -> None:
    """What it says is text; the review says why."""
    check_watch(watched(server).pk, now=NOW, options=quickly())
    assert title(page(browser, "watches")) == "1 entry of a supplier waits for a review."
    item = WatchItem.objects.get()

    html = page(browser, "watch-item", pk=item.pk)
    assert "A &amp; B are affected" in html
    sent = {"digest": item.digest, "verdict": "not ours", "because": "We do not use B."}
    assert browser.post(reverse("watch-item", kwargs={"pk": item.pk}), sent).status_code == 302

    assert title(page(browser, "watches")) == "Every entry of our suppliers is reviewed."


def test_a_criterion_is_retired_after_its_effect_was_shown_and_taken_back(browser: Client) -> None:
    """From the source's words to the list of what ends, to the retirement, to undo."""
    version(ZLIB)
    say(record("CVE-2026-1001", nvd_range("a:zlib:zlib", "1.2.12")))
    rematch_portfolio(now=NOW)
    before = stored()
    link = re.search(
        r'href="(/criteria/retire/[^"]+)"', page(browser, "criteria-of", source="nvd", record="CVE-2026-1001")
    )
    assert link is not None

    html = browser.get(link[1]).content.decode()
    assert title(html) == "Retiring it ends CVE-2026-1001 on 1 device version."
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', html)
    assert seen is not None
    assert browser.post(link[1], {"seen": seen[1], "why": "It means another zlib."}).status_code == 302
    assert stored() == set()
    row = RetiredCriterion.objects.get()
    assert "Mara Lind retired this criterion" in title(page(browser, "criterion", pk=row.pk))

    browser.post(reverse("criterion-undo", kwargs={"pk": row.pk}), {"why": "It was right."})
    assert stored() == before


@pytest.mark.parametrize("name", ["feeds", "feed-runs", "advisories", "watches", "criteria"])
def test_an_empty_page_teaches(browser: Client, name: str) -> None:
    """What would be here, and why it is not."""
    html = page(browser, name)

    assert 'class="empty"' in html or "Nothing is asked by itself" in html


@pytest.mark.parametrize("name", ["feed-runs", "advisories", "watches", "criteria"])
def test_lists_are_taken_away_as_files(browser: Client, name: str) -> None:
    """CSV and workbook."""
    listed = browser.get(f"{reverse(name)}?format=csv")
    assert b"".join(listed.streaming_content).startswith(b"\xef\xbb\xbf")  # type: ignore[attr-defined]
    workbook = browser.get(f"{reverse(name)}?format=xlsx")
    assert b"".join(workbook.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    workbook.close()


def test_an_auditor_sees_and_is_offered_nothing_to_change(client: Client, server: Server) -> None:
    """No button that would be refused."""
    client.force_login(auditor())
    with clock.stopped(NOW):
        html = page(client, "feeds")
    assert "Run now" not in html
    assert filled(html) == 0


def test_the_number_of_queries_does_not_grow(browser: Client, server: Server) -> None:
    """However many runs, advisories and entries there are."""
    counts: dict[str, set[int]] = {}
    for number in range(1, 4):
        lists(server, *(kev(f"CVE-2026-10{count:02}") for count in range(number)))
        ask(server, now=NOW + timedelta(hours=number))
        say(*advises(f"ICSMA-26-00{number}-01", f"CVE-2026-20{number:02}"))
        bring_up(now=NOW)
        for name in ("feeds", "feed-runs", "advisories", "watches", "criteria"):
            page(browser, name)
            with CaptureQueriesContext(connection) as asked:
                page(browser, name)
            counts.setdefault(name, set()).add(len(asked))

    assert {name: len(found) for name, found in counts.items()} == dict.fromkeys(counts, 1)
