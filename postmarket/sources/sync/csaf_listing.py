"""Which documents a distribution lists, and how old it says they are (CSAF 2.0 §7.1.12, 13, 15)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.sync.errors import CannotFetch, NotThere
from postmarket.sources.sync.links import follow, shown
from postmarket.sources.sync.run import MIB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.sources.sync.csaf_provider import Distribution
    from postmarket.sources.sync.pace import Pace
    from postmarket.sources.sync.run import Run

_LISTING_BYTES = 512 * MIB


@dataclass(frozen=True, slots=True)
class Listed:
    """
    One document: its address and `updated`, the time as the listing words it, empty when it gives none.

    `hashes` and `signature` are the addresses a feed lists; a directory lists none, and `guess` says that they stand
    beside the document if they are there at all.
    """

    url: str
    updated: str = ""
    hashes: tuple[str, ...] = ()
    signature: str = ""
    guess: bool = False


class _Link(msgspec.Struct, frozen=True):
    href: str
    rel: str = ""


class _Content(msgspec.Struct, frozen=True):
    src: str = ""


class _Entry(msgspec.Struct, frozen=True):
    link: tuple[_Link, ...] = ()
    content: _Content | None = None
    updated: str = ""


class _FeedBody(msgspec.Struct, frozen=True):
    entry: tuple[msgspec.Raw, ...] = ()


class _Feed(msgspec.Struct, frozen=True):
    feed: _FeedBody


def listed(run: Run, distribution: Distribution, pace: Pace) -> Iterator[Listed | CannotFetch]:
    """Every document of the distribution, newest word on each first; what cannot be read is a CannotFetch."""
    for link in distribution.feeds:
        try:
            feed = follow(distribution.base, link)
            yield from _rolie(feed, run.client.get(feed, limit=_LISTING_BYTES, pace=pace))
        except CannotFetch as problem:
            yield problem
    if distribution.directory:
        try:
            yield from _directory(run, follow(distribution.base, distribution.directory), pace)
        except CannotFetch as problem:
            yield problem


def _rolie(url: str, content: bytes) -> Iterator[Listed | CannotFetch]:
    try:
        feed = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_Feed)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise CannotFetch(
            "this is no ROLIE feed", where=shown(url), why=str(problem), next_step="Tell the provider."
        ) from problem
    bad = _Bad(url, "entry")
    for number, raw in enumerate(feed.feed.entry, start=1):
        try:
            yield _rolie_entry(url, msgspec.json.decode(raw, type=_Entry))
        except (msgspec.DecodeError, UnicodeDecodeError, CannotFetch) as problem:
            bad.count(number, problem)
    yield from bad.told()


def _rolie_entry(url: str, entry: _Entry) -> Listed:
    links = {link.rel: link.href for link in reversed(entry.link)}
    document = links.get("self") or (entry.content.src if entry.content else "")
    if not document:
        raise CannotFetch("it names no document", where=shown(url))
    hashes = [follow(url, link.href) for link in entry.link if link.rel == "hash"]
    signature = links.get("signature", "")
    return Listed(follow(url, document), entry.updated, tuple(hashes), follow(url, signature) if signature else "")


def _directory(run: Run, base: str, pace: Pace) -> Iterator[Listed | CannotFetch]:
    """
    What changes.csv lists, then what only index.txt does; a directory needs one of the two.

    changes.csv has the newest line of a document first, so that the first word on each is the last.
    """
    failures: list[CannotFetch] = []
    found = False
    for name, rows in (("changes.csv", _changes), ("index.txt", _index)):
        url = follow(base, name)
        try:
            text = run.client.get(url, limit=_LISTING_BYTES, pace=pace).decode("utf-8-sig", "replace")
        except CannotFetch as problem:
            failures.append(problem)
            continue
        found = True
        yield from rows(base, url, text)
    if not found:
        yield failures[0]
    else:
        # One listing is enough; but when the other is there and could not be had, something may be missing.
        yield from (problem for problem in failures if not isinstance(problem, NotThere))


def _changes(base: str, url: str, text: str) -> Iterator[Listed | CannotFetch]:
    bad = _Bad(url, "line")
    reader = csv.reader(text.splitlines(), skipinitialspace=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as problem:
            bad.count(reader.line_num, problem)
            continue
        if not any(row):
            continue
        try:
            yield Listed(_document(base, row[0]), row[1].strip() if len(row) > 1 else "", guess=True)
        except CannotFetch as problem:
            bad.count(reader.line_num, problem)
    yield from bad.told()


def _index(base: str, url: str, text: str) -> Iterator[Listed | CannotFetch]:
    bad = _Bad(url, "line")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield Listed(_document(base, line), guess=True)
        except CannotFetch as problem:
            bad.count(number, problem)
    yield from bad.told()


def _document(base: str, path: str) -> str:
    if not path.strip().lower().endswith(".json"):
        raise CannotFetch(f"{path.strip()[:100]!r} is no CSAF document's name", where=shown(base))
    return follow(base, path)


class _Bad:
    """Counts what cannot be read in one listing, and tells it in one line: a hostile listing may have millions."""

    def __init__(self, url: str, kind: str) -> None:
        self._url = url
        self._kind = kind
        self._bad = 0
        self._first = ""

    def count(self, number: int, problem: Exception) -> None:
        """One more, `number` in the listing."""
        self._bad += 1
        if not self._first:
            why = problem.what if isinstance(problem, CannotFetch) else str(problem)
            self._first = f"{self._kind} {number}: {why}"

    def told(self) -> Iterator[CannotFetch]:
        """Nothing, or the one line."""
        if self._bad:
            yield CannotFetch(
                f"{self._bad} of what it lists cannot be read",
                where=shown(self._url),
                why=f"the first is {self._first}",
                next_step="Tell the provider; the rest was fetched.",
            )
