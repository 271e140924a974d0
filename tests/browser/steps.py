"""What people do in more than one walk: work that is counted by hand, proving who signs, and the worker's turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from playwright.sync_api import Locator, Page, expect

from postmarket import tasks
from tests.accounts.builders import PASSWORD, code_of


@dataclass
class Hand:
    """Counts what a person does: clicks (choosing counts as one), and fields that are filled in."""

    clicks: int = 0
    fields: int = 0

    @property
    def count(self) -> tuple[int, int]:
        """Clicks and fields."""
        return self.clicks, self.fields

    def click(self, what: Locator) -> None:
        """One click."""
        self.clicks += 1
        what.click()

    def choose(self, what: Locator) -> None:
        """A choice among several: a field, and the click that fills it."""
        self.fields += 1
        self.clicks += 1
        what.check()

    def pick(self, what: Locator, value: str) -> None:
        """A value of a list."""
        self.fields += 1
        what.select_option(value)

    def write(self, what: Locator, text: str) -> None:
        """Words."""
        self.fields += 1
        what.fill(text)

    def prove(self, page: Page, secret: str, *, at: datetime | None = None) -> None:
        """The fresh proof of a ceremony, and that it is signed; `at` where the site's clock stands (None: it runs)."""
        self.write(page.get_by_label("Password"), PASSWORD)
        self.write(page.get_by_label("Code"), code_of(secret, at=at))
        self.click(page.get_by_role("button", name="Sign", exact=True))
        expect(page.locator("#toasts")).to_contain_text("Signed.")


def at_work(bring_up: Callable[..., object], now: datetime) -> None:
    """What the worker does: read what came, match it, bring findings and what was decided up to it."""
    tasks.run_due(now=now)
    bring_up(now)
