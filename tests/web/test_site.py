"""The frame of every page: policy, failures, theme, health, log, navigation, clock."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from structlog.testing import capture_logs

from postmarket.errors import PostmarketError
from postmarket.web import clock, health
from postmarket.web.fingerprint import ROOMS
from postmarket.web.navigation import Item, Navigation, Section
from postmarket.web.shell import Shell

Ask = Callable[[str], HttpRequest]


class Refused(PostmarketError):
    """An error of ours."""

    code = "not-allowed"


@login_not_required
def refuse(request: HttpRequest, link: str) -> HttpResponse:
    """A view that raises an error of ours."""
    raise Refused("Ana may not decide findings <b>", where="Ventorsa", next_step="Ask Mara.")


@login_not_required
def stumble(request: HttpRequest) -> HttpResponse:
    """A view with a defect that knows a secret."""
    password = "hunter2"  # noqa: S105, F841 - must not reach the log
    raise RuntimeError("defect")


urlpatterns = [path("refuse/<str:link>", refuse), path("stumble", stumble)]
handler404 = "postmarket.web.failures.not_found"
handler500 = "postmarket.web.failures.defect"


def test_a_page_runs_only_its_own_scripts(client: Client) -> None:
    """No unsafe-*, no other host; the nonce is new each time and stands on every script."""
    first, second = client.get("/design/"), client.get("/design/")
    policy = first.headers["Content-Security-Policy"]
    nonces = [re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"]) for answer in (first, second)]
    assert nonces[0]
    assert nonces[1]

    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy
    assert nonces[0].group(1) != nonces[1].group(1)
    page = first.content.decode()
    assert set(re.findall(r"<script[^>]*>", page)) == set(
        re.findall(r'<script nonce="' + nonces[0].group(1) + r'"[^>]*>', page)
    )
    for header in ("X-Content-Type-Options", "Permissions-Policy", "Referrer-Policy", "X-Frame-Options"):
        assert first.headers[header]


def test_no_template_asks_for_what_the_policy_forbids() -> None:
    """No style attribute, no inline handler, no inline script or style, no other host."""
    wrong = {
        f"{path.name}: {found}"
        for path in ROOMS.rglob("templates/**/*.html")
        for found in re.findall(
            r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*\bsrc=)|(?:src|href)=["']https?:""", path.read_text()
        )
    }

    assert wrong == set()


def test_scripts_from_others_are_what_was_pinned() -> None:
    """Byte for byte; htmx may not evaluate strings nor bring styles."""
    import hashlib

    vendor = ROOMS / "web/static/web/vendor"
    for line in (vendor / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest, name
    config = re.search(r"htmx-config\" content='([^']+)'", (ROOMS / "web/templates/web/document.html").read_text())
    assert config
    said = json.loads(config.group(1))
    assert (said["allowEval"], said["includeIndicatorStyles"], said["allowScriptTags"]) == (False, False, False)


@pytest.mark.urls(__name__)
def test_our_errors_are_shown_in_their_own_words(client: Client) -> None:
    """What, where and what to do, escaped, with a status that fits; and in a header for the line at the edge."""
    answer = client.get("/refuse/one-time-link")
    page = answer.content.decode()

    assert answer.status_code == 403
    assert "Ana may not decide findings &lt;b&gt;" in page
    assert "Ventorsa" in page
    assert "Ask Mara." in page
    assert "Ask Mara." in answer.headers["X-Error"]


@pytest.mark.urls(__name__)
def test_a_defect_is_told_with_a_reference_and_no_secret(client: Client) -> None:
    """The page names the reference that the log has; neither shows what variables held."""
    client.raise_request_exception = False
    with capture_logs() as lines:
        answer = client.get("/stumble?token=s3cret")
    page = answer.content.decode()

    assert answer.status_code == 500
    assert "This is a defect of postmarket, not yours." in page
    assert re.search(r'Reference <span class="mono">[0-9a-f]{10}<', page)
    assert "hunter2" not in page
    assert "s3cret" not in str(lines)
    assert [line["event"] for line in lines] == ["defect", "request"]


@pytest.mark.urls(__name__)
def test_the_log_names_the_route_never_the_path(client: Client) -> None:
    """A path may hold a one-time link."""
    with capture_logs() as lines:
        client.get("/refuse/one-time-link?q=patient")
        client.get("/nowhere/one-time-link")

    assert [(line["route"], line["status"]) for line in lines] == [("/refuse/<str:link>", 403), ("(no such page)", 404)]
    assert "one-time-link" not in str(lines)
    assert "patient" not in str(lines)


def test_a_page_that_is_not_there_works_without_the_database(client: Client) -> None:
    """No fixture gives this test a database: asking it would fail."""
    assert "There is no such page." in client.get("/nowhere").content.decode()


@pytest.mark.parametrize("choice", ["light", "dark", "system"])
def test_the_theme_is_kept_and_put_on_the_page_by_the_server(client: Client, choice: str) -> None:
    """No script, so no flash."""
    answer = client.post("/theme", {"theme": choice, "next": "/design/"})
    page = client.get("/design/").content.decode()

    assert answer.headers["Location"] == "/design/"
    assert (f'data-bs-theme="{choice}"' in page) == (choice != "system")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_a_theme_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    """And nonsense keeps nothing."""
    answer = client.post("/theme", {"theme": "pink", "next": elsewhere})

    assert answer.headers["Location"] == "/"
    assert "theme" not in answer.cookies


@pytest.mark.django_db
def test_health_is_well_when_the_database_is(client: Client) -> None:
    """It answers without anybody signed in."""
    answer = client.get("/healthz")

    assert answer.json() == {"status": "ok", "database": "ok", "migrations": "applied"}


def test_health_says_that_the_database_is_away_not_where_it_was(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address or a password may stand in the error."""

    def away() -> None:
        raise DatabaseError("could not connect to db.internal with password hunter2")

    monkeypatch.setattr(connection, "cursor", away)
    monkeypatch.setattr(health._Seen, "migrated", False)
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"
    assert "hunter2" not in answer.content.decode()


def test_one_request_happens_at_one_instant(client: Client) -> None:
    """However long it takes; and a stopped clock stands for everybody."""
    with clock.one_instant() as moment:
        assert clock.now() == moment == clock.now()
    with clock.stopped(datetime(2026, 11, 23, 9, 30, tzinfo=UTC)):
        assert clock.now() == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="time zone"), clock.stopped(datetime(2026, 11, 23)):  # noqa: DTZ001
        pass


def test_navigation_shows_what_one_may_open(ask: Ask) -> None:
    """A room without a route or without leave is not shown; the place one stands in is marked."""
    navigation = Navigation()
    navigation.register(
        Item(label="Design", route="design", icon="home", permit=lambda _: True, count=lambda _: 4, key="d")
    )
    navigation.register(Item(label="Health", route="health", icon="bug", section=Section.PROOF, permit=lambda _: False))
    navigation.register(Item(label="Later", route="not-there", icon="bug", permit=lambda _: True))
    (group,) = navigation.groups(ask("/design/today"))

    assert [(entry.label, entry.current, entry.count) for entry in group.entries] == [("Design", True, 4)]


def test_two_rooms_cannot_share_a_route_or_a_key() -> None:
    """Found when they register, not when a key opens the wrong room."""
    navigation = Navigation()
    navigation.register(Item(label="A", route="a", icon="x", key="a"))
    with pytest.raises(ValueError, match="in the navigation already"):
        navigation.register(Item(label="B", route="a", icon="x"))
    with pytest.raises(ValueError, match="another room"):
        navigation.register(Item(label="B", route="b", icon="x", key="a"))
    with pytest.raises(TypeError, match="takes an Item"):
        navigation.register("today")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Mara Lindqvist", "ML"), ("Anita Prasad, MD", "AP"), ("root", "R"), ("Ana Maria de Reed", "AR"), ("", "")],
)
def test_initials_are_those_of_the_name(ask: Ask, name: str, initials: str) -> None:
    """A title after a comma is none of it."""
    shell = Shell(ask("/"))
    shell.__dict__["person_name"] = name

    assert shell.initials == initials


@pytest.mark.django_db  # closing a file's answer looks after the connection
def test_static_files_are_kept_for_ever_under_an_address_that_changes_with_them(client: Client) -> None:
    """The address holds a fingerprint, and the file is served."""
    page = client.get("/design/").content.decode()
    address = re.search(r'href="(/static/[0-9a-f]{12}/web/css/tokens.css)"', page)
    assert address
    answer = client.get(address.group(1))

    assert answer.status_code == 200
    answer.close()
    assert "immutable" in answer.headers["Cache-Control"] or "max-age=31536000" in answer.headers["Cache-Control"]
