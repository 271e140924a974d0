"""The navigation: which rooms there are, who may open them, and how many things wait there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

Permit = Callable[[HttpRequest], bool]
Count = Callable[[HttpRequest], int]


class Section(StrEnum):
    """The groups of the navigation, in order; the first has no heading."""

    WORK = ""
    PORTFOLIO = "Portfolio"
    OUTSIDE = "Outside"
    PROOF = "Proof"
    ADMINISTRATION = "Administration"


def signed_in(request: HttpRequest) -> bool:
    """Whether anybody is signed in."""
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated)


@dataclass(frozen=True, kw_only=True)
class Item:
    """
    One entry: what it is called, the route it opens, its icon, and who sees it.

    `count` is asked on every page: it must be one indexed query or a cached figure. `phone` puts the entry into the
    bar at the bottom of a phone (four at most); the others stand behind More. `key` follows `g` on the keyboard.
    """

    label: str
    route: str
    icon: str
    section: Section = Section.WORK
    permit: Permit = signed_in
    count: Count | None = None
    phone: bool = False
    key: str = ""


@dataclass(frozen=True)
class Entry:
    """An item as one request sees it."""

    label: str
    url: str
    icon: str
    current: bool
    count: int | None
    phone: bool
    key: str


@dataclass(frozen=True)
class Group:
    """A section with the entries this person may open."""

    heading: str
    entries: tuple[Entry, ...]


class Navigation:
    """The items that rooms registered, in order of registration."""

    def __init__(self) -> None:
        self._items: list[Item] = []

    def register(self, item: Item) -> None:
        """Add an item. Raises TypeError for anything else, ValueError for a route or key that is taken."""
        if not isinstance(item, Item):
            raise TypeError(f"navigation takes an Item, not {type(item).__name__}")
        if any(other.route == item.route for other in self._items):
            raise ValueError(f"the route {item.route} is in the navigation already")
        if item.key and any(other.key == item.key for other in self._items):
            raise ValueError(f"the key g {item.key} opens another room already")
        self._items.append(item)

    def groups(self, request: HttpRequest) -> tuple[Group, ...]:
        """What this person may open; an item whose route does not exist (yet) is left out."""
        entries = list(self._entries(request))
        return tuple(
            Group(section.value, found)
            for section in Section
            if (found := tuple(entry for own, entry in entries if own is section))
        )

    def _entries(self, request: HttpRequest) -> Iterator[tuple[Section, Entry]]:
        for item in self._items:
            try:
                url = reverse(item.route)
            except NoReverseMatch:
                continue
            if item.permit(request):
                count = item.count(request) if item.count else None
                current = request.path == url or (url != "/" and request.path.startswith(url))
                yield item.section, Entry(item.label, url, item.icon, current, count, item.phone, item.key)


navigation = Navigation()
