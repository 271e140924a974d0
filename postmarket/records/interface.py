"""Who did something, to what: the words every other room uses with the trail. Pure values, no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Protocol, TypeAlias, runtime_checkable

from postmarket.records.errors import RecordRefused

Value: TypeAlias = "str | int | bool | Sequence[Value] | Mapping[str, Value] | None"
"""What a snapshot may hold: JSON without fractions (RFC 8785 would round them); write those as text."""

Snapshot: TypeAlias = Mapping[str, Value]
"""The whole state of a subject at one moment, by field. Times are text made by `instant`."""

MOST_CHARACTERS = 200


class Unsaid(Enum):
    """A `before` or `after` that says nothing; None says that the subject was not there."""

    UNSAID = "unsaid"


UNSAID = Unsaid.UNSAID


class ActorKind(StrEnum):
    """Who acts."""

    HUMAN = "human"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Who acts: a stable `id` never given to anybody else (21 CFR 11.100(a)), and the printed `name` as it is now.

    Raises RecordRefused for an empty or overlong id or name.
    """

    id: str
    name: str
    kind: ActorKind

    def __post_init__(self) -> None:
        named("actor id", self.id)
        named("actor name", self.name)


@dataclass(frozen=True, slots=True)
class Subject:
    """
    What a record is about, by its kind (`device`, `case`) and its id in that kind; both stay the same for ever.

    Raises RecordRefused for an empty or overlong kind or id.
    """

    kind: str
    id: str

    def __post_init__(self) -> None:
        named("subject kind", self.kind)
        named("subject id", self.id)

    @property
    def subject(self) -> Subject:
        """Itself: a subject may stand wherever something with a subject may."""
        return self

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@runtime_checkable
class HasSubject(Protocol):
    """Whatever names itself as the subject of records: our models do."""

    @property
    def subject(self) -> Subject:
        """How records name it."""


def instant(at: datetime) -> str:
    """`at` as records write it: RFC 3339 in UTC with microseconds. Raises RecordRefused for a time without a zone."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise RecordRefused(
            "A time without a zone cannot be recorded", where=at.isoformat(), next_step="Give it in UTC."
        )
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment(text: str) -> datetime:
    """The time that `instant` wrote, in UTC. Raises ValueError for any other text."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def named(what: str, text: str) -> None:
    """Raise RecordRefused unless `text` can be a name: 1 to 200 characters that every engine can keep."""
    if not text or len(text) > MOST_CHARACTERS or not text.isprintable():
        raise RecordRefused(
            f"This cannot be the {what} of a record",
            where=repr(text[:MOST_CHARACTERS]),
            why=f"it has 1 to {MOST_CHARACTERS} printable characters",
        )
