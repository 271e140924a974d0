"""What an entry says, written as bytes and read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from postmarket.records.canonical import canonical
from postmarket.records.errors import RecordRefused
from postmarket.records.interface import UNSAID, Actor, ActorKind, Snapshot, Subject, Unsaid, Value, instant, moment

if TYPE_CHECKING:
    from datetime import datetime

FORMAT = 1
CHANGES = "changes_sha256"
"""Where the record of a machine's run names its list of changes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """
    An entry before it has its number: who did what to which subject, when, why, and what it was before and after.

    `site_zone` is the IANA name of the zone the site lives by, `policy` the version of the policy pack that decided
    ("" when none did), `act` the id that all entries of one act share, `detail` what else there is to say.
    """

    kind: str
    subject: Subject
    actor: Actor
    at: datetime
    site_zone: str
    why: str
    act: str
    policy: str = ""
    before: Snapshot | Unsaid | None = UNSAID
    after: Snapshot | Unsaid | None = UNSAID
    detail: Snapshot | None = None

    @property
    def states(self) -> bool:
        """Whether it says what the subject is afterwards (also: that it is gone)."""
        return self.after is not UNSAID

    def written(self, number: int) -> bytes:
        """Its exact bytes as entry `number`. Raises RecordRefused for what cannot be written."""
        said: dict[str, Value] = {
            "format": FORMAT,
            "number": number,
            "act": self.act,
            "kind": self.kind,
            "subject": {"kind": self.subject.kind, "id": self.subject.id},
            "actor": {"id": self.actor.id, "name": self.actor.name, "kind": self.actor.kind.value},
            "at": instant(self.at),
            "site_zone": self.site_zone,
            "why": self.why,
        }
        if self.policy:
            said["policy"] = self.policy
        if not isinstance(self.before, Unsaid):
            said["before"] = self.before
        if not isinstance(self.after, Unsaid):
            said["after"] = self.after
        if self.detail:
            said["detail"] = self.detail
        return canonical(said)


def read(content: bytes) -> tuple[int, Draft]:
    """The number and the words in an entry's bytes. Raises ValueError when they are not an entry's."""
    try:
        said: dict[str, Any] = json.loads(content)
        subject, actor = said["subject"], said["actor"]
        return said["number"], Draft(
            kind=said["kind"],
            subject=Subject(subject["kind"], subject["id"]),
            actor=Actor(actor["id"], actor["name"], ActorKind(actor["kind"])),
            at=moment(said["at"]),
            site_zone=said["site_zone"],
            why=said["why"],
            act=said["act"],
            policy=said.get("policy", ""),
            before=said.get("before", UNSAID),
            after=said.get("after", UNSAID),
            detail=said.get("detail"),
        )
    except (KeyError, TypeError, AttributeError, RecursionError, RecordRefused) as error:
        raise ValueError(f"not an entry: {error!r}") from error
