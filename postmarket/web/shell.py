"""What stands around every page: navigation, search, how old the data is, who is signed in, the theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from postmarket.accounts.queries.people import anybody_here
from postmarket.web import theme
from postmarket.web.navigation import Entry, Group, navigation, signed_in

PHONE_ENTRIES = 4


@dataclass(frozen=True)
class SourceAge:
    """One source and when its data is from (UTC); None when it never came."""

    name: str
    at: datetime | None


@dataclass(frozen=True)
class AsOf:
    """
    How old what the page shows is (UTC), and each source. `url` says more.

    `stale` is the oldest of those that are older than they should be, which `at` then leaves out.
    """

    at: datetime
    sources: tuple[SourceAge, ...] = ()
    url: str = ""
    stale: SourceAge | None = None


def _nothing_known(request: HttpRequest) -> AsOf | None:
    return None


as_of_provider: Callable[[HttpRequest], AsOf | None] = _nothing_known


def provide_as_of(provider: Callable[[HttpRequest], AsOf | None]) -> None:
    """Let `provider` say how old the data is; it is asked once a page and must be one cheap query."""
    global as_of_provider
    as_of_provider = provider


class Shell:
    """The frame of one page; each part is worked out when the template first asks."""

    failing = False
    """Whether this frames an error: then nothing may be asked of the database."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def signed_in(self) -> bool:
        """Whether there is somebody to show a navigation to."""
        return signed_in(self.request)

    @cached_property
    def nobody_here(self) -> bool:
        """Whether the site waits for its first administrator; asked by the page that signs in."""
        return not self.failing and not anybody_here()

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The navigation."""
        return navigation.groups(self.request) if self.signed_in else ()

    @cached_property
    def phone_entries(self) -> tuple[Entry, ...]:
        """What stands in the bar of a phone."""
        return tuple(entry for group in self.groups for entry in group.entries if entry.phone)[:PHONE_ENTRIES]

    @cached_property
    def search_url(self) -> str:
        """Where a search goes; empty while there is none."""
        return self._route("search") if self.signed_in else ""

    @cached_property
    def search_text(self) -> str:
        """What was searched for, so that it stays in the box on the page of results."""
        return self.request.GET.get("q", "") if self.search_url == self.request.path else ""

    @cached_property
    def account_url(self) -> str:
        """The person's own page."""
        return self._route("account")

    @cached_property
    def sign_out_url(self) -> str:
        """Where a form that signs out goes."""
        return self._route("account_logout")

    @cached_property
    def as_of(self) -> AsOf | None:
        """How old the data is; None before any came, or when nobody is signed in."""
        return as_of_provider(self.request) if self.signed_in else None

    @cached_property
    def theme(self) -> theme.Theme:
        """Light, dark, or as the person's system says."""
        return theme.chosen(self.request)

    @cached_property
    def person_name(self) -> str:
        """The name of who is signed in."""
        user = getattr(self.request, "user", None)
        return str(getattr(user, "name", "") or user or "")

    @cached_property
    def person_role(self) -> str:
        """What they are here, in words."""
        return str(getattr(getattr(self.request, "user", None), "role_words", "") or "")

    @cached_property
    def initials(self) -> str:
        """At most two letters of that name; a title after a comma is none of it."""
        parts = self.person_name.partition(",")[0].partition("@")[0].replace(".", " ").split()
        return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()

    @staticmethod
    def _route(name: str) -> str:
        try:
            return reverse(name)
        except NoReverseMatch:
            return ""


def context(request: HttpRequest) -> Mapping[str, object]:
    """The template context every page has: `shell`."""
    return {"shell": getattr(request, "shell", None) or Shell(request)}
