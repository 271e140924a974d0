"""RSS (0.9x, 1.0, 2.0) and Atom (RFC 4287), as far as a person needs to decide whether an entry concerns them."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from postmarket.sources.errors import SourceError
from postmarket.untrusted.structured import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

MOST_ENTRIES = 500
LONGEST_TEXT = 2_000
LONGEST_LINK = 2_000
_TAG = re.compile(r"<[^>]{0,2000}>")
ITEMS = frozenset({"item", "entry"})
ROOTS = frozenset({"rss", "rdf", "feed"})


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One entry: plain text without markup, cut to a readable length.

    `key` is the SHA-256 of the feed's own id of it (else its link, else its words), `digest` of what it says. `link`
    is an http or https address, "" when it has none. `published` is UTC, None where the feed gives no date.
    """

    key: str
    digest: str
    title: str
    link: str
    summary: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class WebFeed:
    """A feed's title and its entries in its order; `left_out` is how many were more than `MOST_ENTRIES`."""

    title: str
    entries: tuple[Entry, ...]
    left_out: int = 0


def read_feed(content: bytes, *, name: str) -> WebFeed:
    """
    Read a feed; `name` is its address. Nothing outside of it is ever fetched.

    Raises UntrustedInput for what is no safe XML (a DTD, an entity, nesting), SourceError for XML that is no feed.
    """
    root = parse_xml(content, name=name)
    if _local(root) not in ROOTS:
        raise SourceError(
            "This is no RSS or Atom feed",
            where=name,
            why=f"it is XML whose root is {_local(root)[:40]!r}",
            next_step="Give the address of the feed itself: the page that announces it links to it.",
        )
    found = [element for element in root.iter() if _local(element) in ITEMS]
    head = next((element for element in root if _local(element) == "channel"), root)
    entries = {entry.key: entry for entry in (_entry(one, name) for one in found[:MOST_ENTRIES])}
    return WebFeed(_text(head, "title"), tuple(entries.values()), max(0, len(found) - MOST_ENTRIES))


def _entry(element: Element, base: str) -> Entry:
    title = _text(element, "title")
    link = _link(element, base)
    summary = _text(element, "description", "summary", "content", "encoded")
    published = next(filter(None, map(_moment, _texts(element, "pubdate", "published", "date", "updated"))), None)
    own = next(_texts(element, "guid", "id"), "") or link or f"{title}\n{summary}"
    said = "\n".join((title, link, summary))
    return Entry(_hash(own), _hash(said)[:32], title or link or "Without a title", link, summary, published)


def _link(element: Element, base: str) -> str:
    """The address people follow: an alternate link before any other; never one that a browser would run."""
    links = [child for child in element if _local(child) == "link"]
    links.sort(key=lambda child: child.get("rel", "alternate") != "alternate")
    for child in links:
        address = (child.get("href") or child.text or "").strip()
        try:
            absolute = urljoin(base, address)
            parts = urlsplit(absolute)
        except ValueError:
            continue
        if address and parts.scheme in {"http", "https"} and parts.hostname and len(absolute) <= LONGEST_LINK:
            return absolute if absolute.isprintable() else ""
    return ""


def _text(element: Element, *names: str) -> str:
    return next(_texts(element, *names), "")


def _texts(element: Element, *names: str) -> Iterator[str]:
    """The words of the children called one of `names`, in the order of the names."""
    for name in names:
        for child in element:
            if _local(child) == name:
                words = _plain("".join(child.itertext()))
                if words:
                    yield words


def _plain(text: str) -> str:
    """Words without markup: entities undone once more, since feeds carry escaped HTML."""
    words = html.unescape(_TAG.sub(" ", html.unescape(text[: LONGEST_TEXT * 10])))
    shown = "".join(char if char.isprintable() else " " for char in words)
    return " ".join(shown.split())[:LONGEST_TEXT]


def _moment(text: str) -> datetime | None:
    """RFC 822 or RFC 3339; a time without a zone is taken as UTC."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            at = read(text)
            return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
