"""What `verify` can find, in words an investigator can act on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from postmarket.errors import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Fault(StrEnum):
    """The kinds of problems; `MEANINGS` says what each means."""

    EDITED = "edited"
    REPLACED = "replaced"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED = "moved"
    CUT = "cut"
    COPY_DIFFERS = "copy-differs"
    HEAD_MISSING = "head-missing"
    HEAD_DIFFERS = "head-differs"
    HEAD_UNSIGNED = "head-unsigned"
    ROLLED_BACK = "rolled-back"
    REWRITTEN = "rewritten"
    OTHER_CHAIN = "other-chain"
    ANCHOR_UNSIGNED = "anchor-unsigned"
    ANCHOR_UNREADABLE = "anchor-unreadable"
    ANCHOR_MISSING = "anchor-missing"
    ANCHOR_TAKEN = "anchor-taken"
    EVIDENCE_MISSING = "evidence-missing"
    EVIDENCE_ALTERED = "evidence-altered"
    ROW_MISSING = "row-missing"
    ROW_DIFFERS = "row-differs"
    ROW_UNRECORDED = "row-unrecorded"
    PRIVATE_ALTERED = "private-altered"
    PRIVATE_REMOVED = "private-removed"
    PRIVATE_RETURNED = "private-returned"
    GUARD_MISSING = "guard-missing"
    GUARD_ALTERED = "guard-altered"


MEANINGS = {
    Fault.EDITED: "What this entry says is not what was recorded.",
    Fault.REPLACED: "It was rewritten together with its hash, and perhaps entries before it were too.",
    Fault.DELETED: "What was recorded here is gone, and nothing vouches for the entry just before.",
    Fault.INSERTED: "This was not recorded when the entries around it were.",
    Fault.MOVED: "Entries were reordered, or renumbered around one put in or taken out.",
    Fault.CUT: "The newest records are gone.",
    Fault.COPY_DIFFERS: "Searches show something else than what was recorded; the entry itself is whole.",
    Fault.HEAD_MISSING: "Nothing says where the records end, and nothing more can be recorded.",
    Fault.HEAD_DIFFERS: "The records do not end as they did when the head was signed.",
    Fault.HEAD_UNSIGNED: "The head was not written by this program with its key.",
    Fault.ROLLED_BACK: "The records end before something that was anchored: cut off, or an old backup was restored.",
    Fault.REWRITTEN: "These are not the entries that were anchored: rewritten, or an old backup was continued.",
    Fault.OTHER_CHAIN: "The anchor belongs to another installation, or all records here were replaced.",
    Fault.ANCHOR_UNSIGNED: "The anchor was altered, or made by another key; it proves nothing.",
    Fault.ANCHOR_UNREADABLE: "The anchor cannot be compared with the records.",
    Fault.ANCHOR_MISSING: "A cut or a rewrite of these entries could not be seen.",
    Fault.ANCHOR_TAKEN: "Proof of how the records stood was taken away from where it was put.",
    Fault.EVIDENCE_MISSING: "What this record rests on cannot be shown.",
    Fault.EVIDENCE_ALTERED: "What is kept is not what came in.",
    Fault.ROW_MISSING: "A table lost a row that was recorded.",
    Fault.ROW_DIFFERS: "A table says something else than what was recorded; the entry counts.",
    Fault.ROW_UNRECORDED: "A table has a row that nobody recorded: it is not valid.",
    Fault.PRIVATE_ALTERED: "The private datum is not the one that was recorded.",
    Fault.PRIVATE_REMOVED: "A private datum was removed without the act of two people.",
    Fault.PRIVATE_RETURNED: "A redacted datum is back, or its tombstone is not genuine: perhaps from an old backup.",
    Fault.GUARD_MISSING: "The database no longer forbids changing records.",
    Fault.GUARD_ALTERED: "The database may no longer forbid changing records.",
}

_BACKUP = "Compare with a backup from before; let nobody write until it is understood."
_ANCHORED = "Restore the newest backup whose anchors fit, and find out who could write to the database."
_EVIDENCE = "Restore the file from a backup of the home."
_ANCHORING = "See that postmarket worker runs, and run: postmarket records anchor"
_PRIVATE = "Find out who could write to the database; redact again, by two people, what must stay removed."

NEXT_STEPS = {
    Fault.EDITED: _BACKUP,
    Fault.REPLACED: _BACKUP,
    Fault.DELETED: _BACKUP,
    Fault.INSERTED: _BACKUP,
    Fault.MOVED: _BACKUP,
    Fault.CUT: _BACKUP,
    Fault.COPY_DIFFERS: "Trust the entry, and find out who could write to the database.",
    Fault.HEAD_MISSING: "Restore a backup.",
    Fault.HEAD_DIFFERS: _BACKUP,
    Fault.HEAD_UNSIGNED: "Name the right key with --key or put its file back into keys/, else restore a backup.",
    Fault.ROLLED_BACK: _ANCHORED,
    Fault.REWRITTEN: _ANCHORED,
    Fault.OTHER_CHAIN: "Give an anchor of this installation; if it is one, treat the records as replaced.",
    Fault.ANCHOR_UNSIGNED: "Take the anchor from another place it went to, or name its key with --key.",
    Fault.ANCHOR_UNREADABLE: "Take the anchor from another place it went to.",
    Fault.ANCHOR_MISSING: _ANCHORING,
    Fault.ANCHOR_TAKEN: "Put the anchors back from another place they went to, and verify again.",
    Fault.EVIDENCE_MISSING: _EVIDENCE,
    Fault.EVIDENCE_ALTERED: _EVIDENCE,
    Fault.ROW_MISSING: _BACKUP,
    Fault.ROW_DIFFERS: "Trust the entry, and find out who could write to the database.",
    Fault.ROW_UNRECORDED: "Do not rely on it, and find out who could write to the database.",
    Fault.PRIVATE_ALTERED: "Do not rely on it; compare with a backup.",
    Fault.PRIVATE_REMOVED: "Restore it from a backup, or redact it by two people.",
    Fault.PRIVATE_RETURNED: _PRIVATE,
    Fault.GUARD_MISSING: "Find out who changed the database; restore a backup, or have the guards raised anew.",
    Fault.GUARD_ALTERED: "Find out who changed the database; restore a backup, or have the guards raised anew.",
}
"""What to do about each."""

WEAKENS = frozenset({Fault.ANCHOR_MISSING})
"""Nothing was altered, but it could be without being seen."""


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Something wrong, and where: entries `first` to `last` (None when it is about none), their date and kind as far as
    they can be known (`at` as records write it), and `what` is wrong in a sentence without a full stop.
    """

    fault: Fault
    what: str
    first: int | None = None
    last: int | None = None
    at: str = ""
    kind: str = ""

    @property
    def meaning(self) -> str:
        """What it means."""
        return MEANINGS[self.fault]

    @property
    def next_step(self) -> str:
        """What to do about it."""
        return NEXT_STEPS[self.fault]

    @property
    def place(self) -> str:
        """The entries it is about, in words."""
        if self.first is None:
            return ""
        if self.last is None or self.last == self.first:
            return f"entry {self.first}"
        return f"entries {self.first} to {self.last}"

    def line(self) -> str:
        """One line: which entry, when, of which kind, what is wrong, what it means, what to do."""
        where = ", ".join(part for part in (self.place, self.at, self.kind) if part)
        said = f"{self.what}. {self.meaning} {self.next_step}"
        return visible(f"{where}: {said}" if where else said)


def merged(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The same problem of entries that follow one another as one, so that a million moved entries are one line."""
    held: Problem | None = None
    for problem in problems:
        if held is not None and _continues(held, problem):
            held = replace(held, last=problem.last if problem.last is not None else problem.first)
            continue
        if held is not None:
            yield held
        held = problem
    if held is not None:
        yield held


def _continues(held: Problem, problem: Problem) -> bool:
    if held.first is None or problem.first is None or (held.fault, held.what) != (problem.fault, problem.what):
        return False
    return problem.first == (held.last if held.last is not None else held.first) + 1
