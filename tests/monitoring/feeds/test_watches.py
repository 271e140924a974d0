"""A supplier's feed is watched: new entries wait for a person, what is hostile or broken is said and harms nobody."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.roles import Role
from postmarket.inventory.models import Supplier
from postmarket.monitoring.errors import InvalidReview, InvalidSchedule
from postmarket.monitoring.feed_words import ItemState, WatchVerdict
from postmarket.monitoring.models import Watch, WatchItem
from postmarket.monitoring.services.watches import add_watch, ask_due_watches, check_watch, review_item, switch_watch
from postmarket.records import evidence
from postmarket.records.models import Entry
from postmarket.sources.watches.fetch import MOST_BYTES
from postmarket.tasks.models import Task
from tests.accounts.builders import person
from tests.monitoring.feeds.given import HOUR, NOW, analyst, auditor, quickly
from tests.sources.sync.server import Reply, Server

pytestmark = pytest.mark.django_db

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Norrlake security</title>
<item><title>NL-2026-1: {title}</title><link>https://norrlake.example/1</link><guid>nl-1</guid>
<description>&lt;p&gt;A &amp;amp; B are &lt;b&gt;affected&lt;/b&gt;.&lt;/p&gt;</description>
<pubDate>Mon, 23 Nov 2026 10:00:00 +0100</pubDate></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Norrlake</title>
<entry><id>urn:1</id><title>NL-2026-1</title><link rel="self" href="/self"/><link href="/advisories/1"/>
<updated>2026-11-23T10:00:00Z</updated><summary>Fixed in 5.2.</summary></entry></feed>"""


@pytest.fixture(autouse=True)
def own_network(settings: Settings) -> None:
    """The test's server is on a private address, which the administrator has allowed."""
    settings.WATCH_HOSTS = ["127.0.0.1"]


def watched(server: Server, content: bytes | str = RSS.format(title="Buffer overflow")) -> Watch:
    """A feed of Norrlake on the test's server."""
    server.says("/feed", content.encode() if isinstance(content, str) else content)
    supplier = Supplier.objects.get_or_create(name="Norrlake", defaults={"created_at": NOW})[0]
    return add_watch(by=analyst(), supplier=supplier, address=f"{server.url}/feed", why="No CSAF.", now=NOW)


def check(watch: Watch, *, hours: int = 0) -> Watch:
    """Ask it."""
    return check_watch(watch.pk, now=NOW + hours * HOUR, options=quickly())


def reviewed(item: WatchItem, *, digest: str = "", because: str = "We do not use B.") -> WatchItem:
    """Somebody read it."""
    return review_item(
        by=analyst(),
        item=item,
        digest=digest or item.digest,
        verdict=WatchVerdict.NOT_OURS,
        because=because,
        now=NOW,
    )


def test_a_new_entry_waits_for_a_person(server: Server) -> None:
    """In plain words, with its link and date; the file is evidence, and the trail has one entry for the run."""
    watch = check(watched(server))

    (item,) = watch.items.all()
    assert (item.title, item.summary) == ("NL-2026-1: Buffer overflow", "A & B are affected .")
    assert item.link == "https://norrlake.example/1"
    assert item.published_at is not None
    assert item.published_at.isoformat() == "2026-11-23T09:00:00+00:00"
    assert item.state == ItemState.OPEN
    assert b"nl-1" in b"".join(evidence.read(item.evidence_id))
    assert (watch.title, watch.checked_at, watch.problem) == ("Norrlake security", NOW, "")
    assert Entry.objects.filter(kind="watch.run").count() == 1


def test_atom_is_read_too(server: Server) -> None:
    """The alternate link, made absolute; the date it was updated."""
    watch = check(watched(server, ATOM))

    item = watch.items.get()
    assert (item.title, item.link, item.summary) == ("NL-2026-1", f"{server.url}/advisories/1", "Fixed in 5.2.")


def test_the_server_is_asked_whether_anything_changed(server: Server) -> None:
    """With its own validators; nothing new opens nothing and records nothing."""
    watch = check(watched(server))

    check(watch, hours=6)

    assert server.asked[1].header("If-None-Match")
    assert WatchItem.objects.count() == 1
    assert Entry.objects.filter(kind="watch.run").count() == 1


def test_an_entry_that_says_something_else_opens_again(server: Server) -> None:
    """The supplier revised it after the review: the old verdict stays beside it until somebody looks."""
    watch = check(watched(server))
    reviewed(watch.items.get())
    server.says("/feed", RSS.format(title="Buffer overflow, exploited").encode())

    check(watch, hours=6)

    item = watch.items.get()
    assert (item.state, item.reopened, item.because) == (ItemState.OPEN, True, "We do not use B.")
    assert item.title.endswith("exploited")


def test_the_same_entry_stays_reviewed(server: Server) -> None:
    """A feed lists its entries again and again."""
    watch = check(watched(server))
    reviewed(watch.items.get())
    server.says("/feed", RSS.format(title="Buffer overflow").replace("Norrlake security", "Norrlake").encode())

    check(watch, hours=6)

    assert watch.items.get().state == ItemState.REVIEWED


def test_a_review_takes_a_reason_what_was_read_and_the_permission(server: Server) -> None:
    """And nobody reviews what changed under their eyes."""
    item = check(watched(server)).items.get()

    with pytest.raises(InvalidReview, match="says why"):
        reviewed(item, because=" ")
    with pytest.raises(InvalidReview, match="changed meanwhile"):
        reviewed(item, digest="another")
    with pytest.raises(NotAllowed):
        review_item(by=auditor(), item=item, digest=item.digest, verdict=WatchVerdict.NOT_OURS, because="No.", now=NOW)


BOMB = b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel/></rss>'
LEAK = b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB, "bomb"),
        (LEAK, "external reference"),
        (b"<html><body>Welcome</body></html>", "no RSS or Atom feed"),
        (b"<rss><channel>", "not well-formed"),
        (b"<rss>" + b"<a>" * 300, "nested deeper"),
        (b"\x00\xff\xfe", "XML"),
        (b"", "XML"),
    ],
    ids=["bomb", "external", "html", "truncated", "nested", "bytes", "empty"],
)
def test_what_is_hostile_or_no_feed_is_said_and_opens_nothing(server: Server, content: bytes, words: str) -> None:
    """And is tried again sooner than usual."""
    watch = check(watched(server, content))

    assert words in watch.problem
    assert (watch.failures, watch.checked_at) == (1, None)
    assert watch.next_at is not None
    assert NOW < watch.next_at < NOW + HOUR
    assert not WatchItem.objects.exists()


def test_a_feed_without_end_is_cut_off(server: Server) -> None:
    """At five megabytes, before anything is read."""
    watch = check(watched(server, b"<rss>" + b" " * MOST_BYTES))

    assert "too large" in watch.problem


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://[::1"])
def test_a_link_that_no_person_should_follow_is_left_out(server: Server, link: str) -> None:
    """The entry itself stays."""
    watch = check(watched(server, RSS.format(title="x").replace("https://norrlake.example/1", link)))

    assert watch.items.get().link == ""


def test_markup_in_an_entry_is_text(server: Server) -> None:
    """Whatever it says, a page shows it as words."""
    watch = check(watched(server, RSS.format(title="&lt;script&gt;alert(1)&lt;/script&gt;")))

    assert "<" not in watch.items.get().title


def test_a_name_of_our_own_network_is_not_asked(server: Server, settings: Settings) -> None:
    """Neither by its address nor by a name that resolves to it."""
    settings.WATCH_HOSTS = []

    watch = check(watched(server))

    assert "private network" in watch.problem
    assert "POSTMARKET_WATCH_HOSTS" in watch.next_step
    assert server.asked == []


def test_a_public_feed_cannot_redirect_into_our_network(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feed's name may be asked; the name it leads to resolves to a private address."""
    settings.WATCH_HOSTS = ["feed.example"]
    real: Any = socket.getaddrinfo
    here = {"feed.example": "127.0.0.1", "inside.example": "127.0.0.1"}
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **named: real(here.get(host, host), *more, **named))
    port = server.url.rpartition(":")[2]
    server.routes["/feed"] = lambda request: Reply(
        status=302, headers={"Location": f"http://inside.example:{port}/secret"}
    )
    server.says("/secret", b"our own")
    supplier = Supplier.objects.create(name="Norrlake", created_at=NOW)
    address = f"http://feed.example:{port}/feed"
    watch = add_watch(by=analyst(), supplier=supplier, address=address, why="No CSAF.", now=NOW)

    watch = check(watch)

    assert "private network" in watch.problem
    assert [asked.path for asked in server.asked] == ["/feed"]


@pytest.mark.parametrize(
    "address",
    ["ftp://norrlake.example/feed", "norrlake.example", "https://user:secret@norrlake.example/", "http://", ""],
)
def test_what_is_no_address_of_a_feed_is_refused(address: str) -> None:
    """And never stored: it might hold a password."""
    supplier = Supplier.objects.create(name="Norrlake", created_at=NOW)
    with pytest.raises(InvalidSchedule, match="no address of a feed"):
        add_watch(by=analyst(), supplier=supplier, address=address, why="No CSAF.", now=NOW)


def test_a_watch_is_added_once_by_who_may(server: Server) -> None:
    """It is asked at once."""
    watch = watched(server)
    assert Task.objects.filter(name="monitoring.watch", key=str(watch.pk)).count() == 1

    with pytest.raises(InvalidSchedule, match="watched already"):
        watched(server)
    with pytest.raises(NotAllowed):
        add_watch(
            by=person("Rita Vos", Role.REGULATORY_AFFAIRS),
            supplier=watch.supplier,
            address="https://other.example/feed",
            why="No.",
            now=NOW,
        )


def test_a_watch_that_is_off_is_not_asked(server: Server) -> None:
    """Until somebody begins again."""
    watch = check(watched(server))
    switch_watch(by=analyst(), watch=watch, enabled=False, why="They publish CSAF now.", now=NOW)
    assert ask_due_watches(now=NOW + 24 * HOUR) == 0

    switch_watch(by=analyst(), watch=watch, enabled=True, why="They stopped.", now=NOW)
    assert ask_due_watches(now=NOW) == 1
