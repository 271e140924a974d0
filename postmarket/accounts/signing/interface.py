"""
What other rooms give to be signed, and how they hear that it was.

A room registers one Signable per kind of subject when Django starts (`AppConfig.ready`):

    signables.register(FindingDecisions())
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.permissions import Permission
from postmarket.records import Act, Snapshot, Subject
from postmarket.records.canonical import content_hash
from postmarket.records.meanings import Meaning, Target
from postmarket.records.models import Signature


@dataclass(frozen=True, slots=True)
class Shown:
    """
    One thing to sign, as the person sees it: a sentence, and the fields it is made of.

    `line` is the device line whose authority it takes; None when it belongs to none.
    """

    subject: Subject
    sentence: str
    content: Snapshot
    line: DeviceLine | None = None

    @property
    def sha256(self) -> str:
        """The hash of sentence and content together: of exactly what was shown."""
        return content_hash({"sentence": self.sentence, "content": self.content})

    @property
    def target(self) -> Target:
        """It, as records sign it."""
        return Target(self.subject, self.sha256)


class Signable(Protocol):
    """A kind of subject that can be signed."""

    kind: str
    permission: Permission

    def shown(self, ids: Sequence[str]) -> Mapping[str, Shown]:
        """
        What would be signed now, by subject id; an id that can no longer be signed is left out.

        Asked when the page is made and again inside the transaction that signs: lock the rows it rests on.
        """

    def signed(
        self, shown: Sequence[Shown], *, meaning: Meaning, signature: Signature, by: Person, doing: Act, now: datetime
    ) -> None:
        """Let what was signed take effect: same transaction, same act. An error undoes the signature."""


class Signables:
    """The kinds that can be signed."""

    def __init__(self) -> None:
        self._by_kind: dict[str, Signable] = {}

    def register(self, signable: Signable) -> None:
        """Add a kind. Raises TypeError for what is no Signable, ValueError for a kind that is there."""
        if not all(hasattr(signable, name) for name in ("kind", "permission", "shown", "signed")):
            raise TypeError(f"{signable!r} is no Signable")
        if self._by_kind.get(signable.kind, signable) is not signable:
            raise ValueError(f"{signable.kind} is registered already")
        self._by_kind[signable.kind] = signable

    def unregister(self, kind: str) -> None:
        """Take a kind out. Raises KeyError when it is not there."""
        del self._by_kind[kind]

    def of(self, kind: str) -> Signable:
        """The Signable of a kind. Raises KeyError."""
        return self._by_kind[kind]


signables = Signables()
