"""
A real browser on the live site.

    def test_a_page(signed_in_page: SignIn, live: str, accessible: Accessible) -> None:
        page = signed_in_page(Role.PSIRT_ANALYST)
        page.goto(f"{live}/devices/")
        accessible(page)

Every page that is opened must stay free of script errors and of refusals by the content security policy. With
`PICTURES=folder` in the environment `pictures(page, "name")` keeps what it looks like.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.roles import Role
from tests.accounts.builders import person, with_generator

AXE = Path(__file__).parents[1] / "web" / "vendor" / "axe.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WIDTHS = (390, 1024, 1440)
HEIGHT = 900
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Playwright runs a loop of its own in this thread, and Django takes that for asynchronous code of ours.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


class SignIn(Protocol):
    """Opens a page for somebody with these roles who is signed in."""

    def __call__(
        self,
        *roles: Role,
        who: Person | None = None,
        line: DeviceLine | None = None,
        width: int = 1440,
        theme: str = "light",
    ) -> Page:
        """The page, still empty: `page.goto(f"{live}/…")`."""


class Accessible(Protocol):
    """Fails when axe-core finds anything."""

    def __call__(self, page: Page) -> None:
        """Look at the page as it is now."""


class Pictures(Protocol):
    """Keeps pictures of a page when `PICTURES` names a folder."""

    def __call__(self, page: Page, name: str) -> None:
        """At each width, in both themes; the page is left as it was."""


@dataclass
class Trouble:
    """What went wrong in a browser without anybody looking."""

    lines: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to a page's errors and to the console."""
        page.on("pageerror", lambda error: self.lines.append(f"script: {error}"))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that answers 4xx is written on the console too, and may be what the test is about.
        if message.type == "error" and not re.match(r"Failed to load resource: .* status of 4\d\d", message.text):
            self.lines.append(f"console: {message.text}")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's own Chromium; without it these tests are skipped with one line, and fail where CI is set."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        message = "no Chromium here: the tests in a browser need one (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return {"executable_path": found, "args": FLAGS, "headless": True}


@pytest.fixture
def live(live_server: LiveServer) -> str:
    """The site's address, on localhost: passkeys work on no bare number."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def trouble() -> Iterator[Trouble]:
    """Every page's errors; any left at the end fails the test."""
    heard = Trouble()
    yield heard
    assert not heard.lines


@pytest.fixture
def new_page(browser: Browser, trouble: Trouble) -> Iterator[Any]:
    """Opens pages in contexts of their own, and closes them."""
    contexts: list[BrowserContext] = []

    def open_page(*, width: int = 1440, theme: str = "light", scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        trouble.watch(page)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in_page(new_page: Any, live: str) -> SignIn:
    """A page for somebody with these roles, second factor set up, signed in by session; `who` for one made before."""

    def open_for(
        *roles: Role,
        who: Person | None = None,
        line: DeviceLine | None = None,
        width: int = 1440,
        theme: str = "light",
    ) -> Page:
        if who is None:
            who = person("Ana Reed", *roles, line=line)
            with_generator(who)
        client = Client()
        client.force_login(who)
        page: Page = new_page(width=width, theme=theme)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live}])
        return page

    return open_for


@pytest.fixture
def accessible() -> Accessible:
    """axe-core (WCAG 2.2 AA and its best practice) on a page as it is."""

    def look(page: Page) -> None:
        page.wait_for_load_state()
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}}).then(result => result.violations)",
            RULES,
        )
        told = [f"{one['id']}: {one['help']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
        assert not told, "\n".join(told)

    return look


@pytest.fixture
def pictures() -> Pictures:
    """Pictures for people, when somebody asks for them."""

    def take(page: Page, name: str) -> None:
        folder = os.environ.get("PICTURES")
        if not folder:
            return
        before = page.viewport_size
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                page.screenshot(path=f"{folder}/{name}-{width}-{theme}.png", full_page=True)
        page.emulate_media(color_scheme=None)
        if before is not None:
            page.set_viewport_size(before)

    return take
