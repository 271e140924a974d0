"""What CSAF records together say of the advisory they are parts of: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from postmarket.monitoring.feed_words import Whose
from postmarket.sources.interface import NameKind, Record, State

MEDICAL = ("ICSMA-",)
"""CISA's numbers of advisories on medical devices."""
MOST_PRODUCTS = 200
PARTS_OF_A_CPE = 3


@dataclass(frozen=True, slots=True)
class Gathered:
    """One advisory as its current revision stands; times are UTC, None where it gives none."""

    name: str
    number: str
    title: str
    publisher: str
    link: str
    published_at: datetime | None
    revision: datetime | None
    medical: bool
    withdrawn: bool
    makers: tuple[str, ...]
    products: tuple[str, ...]
    vulnerabilities: tuple[tuple[str, str], ...]
    """Name of each in the store, and the record that says it."""


def number_of(record_name: str) -> tuple[str, str]:
    """The advisory a record's name says it is part of: its number and its publisher's namespace."""
    told, _, namespace = record_name.partition("@")
    return told.rpartition("/")[0], namespace


def gathered(records: Sequence[Record]) -> Gathered:
    """
    The advisory of which these are records; of a vulnerability that its newest revision dropped nothing is said.

    Raises ValueError without records.
    """
    newest = max(record.modified for record in records)
    current = sorted((record for record in records if record.modified == newest), key=lambda one: one.record_id)
    number, namespace = number_of(current[0].record_id)
    products = list(dict.fromkeys(named for record in current for named in _products(record)))
    return Gathered(
        name=f"{number}@{namespace}",
        number=number,
        title=current[0].document or current[0].title or number,
        publisher=namespace,
        link=_link(link for record in current for link in record.references),
        published_at=_moment(min(record.published for record in current)),
        revision=_moment(newest),
        medical=number.upper().startswith(MEDICAL),
        withdrawn=all(record.state is not State.PUBLISHED for record in current),
        makers=tuple(dict.fromkeys(maker for maker, _ in products)),
        products=tuple(_shown(maker, product) for maker, product in products[:MOST_PRODUCTS]),
        vulnerabilities=tuple((record.id, record.record_id) for record in current),
    )


def whose(makers: Collection[str], *, ours: Collection[str], suppliers: Collection[str]) -> Whose:
    """Whose product it is, by the folded names of its makers, of us, and of who supplies us."""
    if set(makers) & set(ours):
        return Whose.OURS
    if set(makers) & set(suppliers):
        return Whose.COMPONENT
    return Whose.ANOTHER


def _products(record: Record) -> Iterable[tuple[str, str]]:
    """Maker and product of each criterion that names both."""
    for criterion in record.criteria:
        parts = criterion.name.split(":")
        if criterion.kind is NameKind.NAME and len(parts) > 1:
            yield parts[0], ":".join(parts[1:])
        elif criterion.kind is NameKind.CPE and len(parts) == PARTS_OF_A_CPE:
            yield parts[1], parts[2]


def _shown(maker: str, product: str) -> str:
    return f"{maker}: {product}".replace("_", " ")


def _link(links: Iterable[str]) -> str:
    """The advisory's page for people, else its file; only what a browser may follow."""
    safe = [link for link in links if link.startswith(("https://", "http://"))]
    pages = [link for link in safe if not link.endswith(".json")]
    return next(iter(pages or safe), "")


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
