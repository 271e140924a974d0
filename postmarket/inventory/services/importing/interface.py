"""What an import is given and what it says of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from postmarket.accounts.authority import Caller
from postmarket.accounts.models import DeviceLine
from postmarket.errors import PostmarketError
from postmarket.inventory.errors import ImportRefused


class Outcome(StrEnum):
    """What became of one thing the file lists."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Kind(StrEnum):
    """The things a file lists."""

    SUPPLIER = "supplier"
    DEVICE = "device"
    VERSION = "version"
    SHIPPED = "shipped"
    UNITS = "units"
    SBOM = "sbom"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of the file and what became of it."""

    kind: Kind
    name: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Imported:
    """
    What an import did, in the order of the file; `notices` is what may be meant so but looks like a slip.

    Of a dry run it is what it would have done.
    """

    changes: tuple[Change, ...]
    notices: tuple[str, ...]
    dry_run: bool

    @property
    def counts(self) -> Mapping[Outcome, Counter[Kind]]:
        """How many of each kind were added, changed, unchanged."""
        counted: dict[Outcome, Counter[Kind]] = {outcome: Counter() for outcome in Outcome}
        for change in self.changes:
            counted[change.outcome][change.kind] += 1
        return counted

    @property
    def changed_nothing(self) -> bool:
        """Whether the inventory said all of it before."""
        return all(change.outcome is Outcome.UNCHANGED for change in self.changes)


class Progress(Protocol):
    """Hears how far an import is."""

    def total(self, size: int) -> None:
        """How many steps there are."""

    def reading(self, name: str, done: int) -> None:
        """So many steps are done; the next is of `name`."""


class Silence:
    """Nobody looks on."""

    def total(self, size: int) -> None:
        """Say nothing."""

    def reading(self, name: str, done: int) -> None:
        """Say nothing."""


@dataclass(slots=True)
class Importing:
    """An import under way: who, why, when, on which day of the site, and what it did so far."""

    by: Caller
    why: str
    now: datetime
    today: date
    dry_run: bool
    lines: Mapping[str, DeviceLine]
    changes: list[Change] = field(default_factory=list)

    def note(self, kind: Kind, name: str, outcome: Outcome) -> None:
        """Keep what became of something."""
        self.changes.append(Change(kind, name, outcome))


@contextmanager
def said_of(place: str) -> Iterator[None]:
    """
    Turn what a service refuses into a refusal of the import that names `place`: the file, device and version.

    Raises ImportRefused.
    """
    try:
        yield
    except ImportRefused:
        raise
    except PostmarketError as error:
        where = f"{place}: {error.where}" if error.where else place
        raise ImportRefused(error.what, where=where, why=error.why, next_step=error.next_step) from error


def outcome_of(before: object, after: object) -> Outcome:
    """What a change from one snapshot to the next is; before None: it was not there."""
    if before is None:
        return Outcome.ADDED
    return Outcome.UNCHANGED if before == after else Outcome.CHANGED
