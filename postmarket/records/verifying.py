"""
`records verify`: holding everything recorded against what it must be.

Every entry is read once, in one statement and so as of one moment, in constant memory; others may write meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from postmarket.records import anchoring, companions, ends, keys
from postmarket.records.anchors.interface import read_file
from postmarket.records.companions import COMPANIONS, Companion, Context, Recorded
from postmarket.records.ends import ANCHOR_EVERY, ANCHOR_LATE, NamedAnchor, Taken
from postmarket.records.entries import CHANGES
from postmarket.records.errors import AnchorTrouble
from postmarket.records.guards import check_guards
from postmarket.records.heads import SignedHead
from postmarket.records.interface import instant
from postmarket.records.models import Entry, Head
from postmarket.records.problems import Fault, Problem, merged
from postmarket.records.walk import Row, Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from postmarket.records.entries import Draft

BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
"""When the head of an empty chain was signed: never."""
CHUNK = 2_000
BATCH = 500


@dataclass(slots=True)
class Verified:
    """What was looked at: entries, anchors, and evidence files."""

    chain: str = ""
    entries: int = 0
    first_at: str = ""
    last_at: str = ""
    anchors: int = 0
    anchored: int = 0
    """How many entries the newest sound anchor covers."""
    recorded_rows: int = 0


class Verification:
    """
    One run of `verify`: iterate `problems`, then read `seen`.

    `anchor_files` come on top of those in the anchor folder; `files` says whether evidence is read and hashed;
    `public_keys` are PEM files of the only keys to trust, for somebody who was given them; without, those in the home
    are. `watch` is called with the number of entries looked at, now and then.
    """

    def __init__(
        self,
        *,
        now: datetime,
        anchor_files: Sequence[Path] = (),
        public_keys: Sequence[Path] = (),
        files: bool = True,
        watch: Callable[[int], None] | None = None,
    ) -> None:
        self.seen = Verified()
        self._now = now
        self._anchor_files = anchor_files
        self._watch = watch
        self._given = frozenset(map(keys.public_key, public_keys))
        self._context = Context(trusted=self._trusted(), files=files)

    def problems(self) -> Iterator[Problem]:
        """
        Everything that is wrong, in the order of the chain, then its ends, tables and guards.

        Raises AnchorTrouble when a file in `anchor_files` is no anchor.
        """
        anchors = [NamedAnchor(path.name, read_file(path)) for path in self._anchor_files]
        kept, unreadable = _kept_anchors()
        anchors += kept
        before = _head()
        watched = {one.anchor.number for one in anchors} | ({before.number} if before else set())
        walk = Walk(before.chain if before else "", watched=watched)
        chain = before.chain if before else ""
        covered = ends.anchored(anchors, chain=chain, trusted=self._context.trusted)
        taken = Taken(anchoring.anchor_folder().name, anchors)
        yield from merged(self._walked(walk, covered, taken))
        after = _head()
        # Read anew: the first record of a new site, meanwhile, makes the key.
        yield from ends.check_head(walk, before=before, after=after, trusted=self._trusted())
        yield from unreadable
        yield from taken.problems(lambda: _kept_anchors()[0])
        yield from ends.check_anchors(walk, anchors, head=after, trusted=self._context.trusted)
        for companion in COMPANIONS:
            yield from companions.unrecorded(companion)
        yield from check_guards(connection)
        self.seen.chain = chain
        self.seen.entries = walk.length
        self.seen.anchors = len(anchors)
        self.seen.anchored = covered

    def _trusted(self) -> frozenset[str]:
        return self._given or keys.trusted(Path(settings.POSTMARKET_HOME))

    def _walked(self, walk: Walk, covered: int, taken: Taken) -> Iterator[Problem]:
        """Entry by entry; rows of other tables in batches; the first entry that should have been anchored by now."""
        due = self._now - ANCHOR_EVERY - ANCHOR_LATE
        waiting: dict[str, list[Recorded]] = {companion.kind: [] for companion in COMPANIONS}
        runs: list[Recorded] = []
        unanchored: Recorded | None = None
        for row in _rows():
            yield from walk.step(row)
            if walk.said is not None:
                self._date(walk.said)
                one = Recorded(row.number, walk.said)
                if row.number > covered and unanchored is None and _needs_anchor(one, due):
                    unanchored = one
                if one.said.kind == anchoring.MADE:
                    taken.look(row.number, walk.said)
                yield from self._companions(one, waiting)
                yield from _changes(one, runs)
            if self._watch is not None and walk.length % CHUNK == 0:
                self._watch(walk.length)
        for companion in COMPANIONS:
            yield from companions.check(companion, waiting[companion.kind], self._context)
        yield from companions.check_changes(runs)
        if unanchored is not None:
            first = unanchored.number
            at, kind = instant(unanchored.said.at), unanchored.said.kind
            yield Problem(Fault.ANCHOR_MISSING, "no anchor was made within a day", first, walk.last, at, kind)

    def _companions(self, one: Recorded, waiting: dict[str, list[Recorded]]) -> Iterator[Problem]:
        batch = waiting.get(one.said.kind)
        if batch is None:
            return
        batch.append(one)
        self.seen.recorded_rows += 1
        if len(batch) >= BATCH:
            yield from companions.check(_companion(one.said.kind), batch, self._context)
            batch.clear()

    def _date(self, said: Draft) -> None:
        at = instant(said.at)
        self.seen.first_at = self.seen.first_at or at
        self.seen.last_at = at


def _changes(one: Recorded, runs: list[Recorded]) -> Iterator[Problem]:
    """A machine's run names its list of changes: gathered, and looked for in batches."""
    if one.said.detail and CHANGES in one.said.detail:
        runs.append(one)
    if len(runs) >= BATCH:
        yield from companions.check_changes(runs)
        runs.clear()


def _needs_anchor(one: Recorded, due: datetime) -> bool:
    """An anchor's own record needs none: else a site at rest would never be at peace."""
    return one.said.at < due and one.said.kind != anchoring.MADE


def _companion(kind: str) -> Companion:
    return next(companion for companion in COMPANIONS if companion.kind == kind)


def _rows() -> Iterator[Row]:
    for values in Entry.objects.order_by("number").values_list(*Row._fields).iterator(chunk_size=CHUNK):
        number, content, previous, hash_, *copies = values
        yield Row(number, bytes(content), bytes(previous), bytes(hash_), *copies)


def _head() -> SignedHead | None:
    head = Head.objects.filter(pk=Head.ONLY).first()
    if head is None:
        return None
    at = head.at if head.at is not None else BEFORE_ALL
    return SignedHead(head.chain, head.number, bytes(head.hash), at, head.key, bytes(head.signature))


def _kept_anchors() -> tuple[list[NamedAnchor], list[Problem]]:
    """The anchors in the folder, and what is there under an anchor's name but is none."""
    found, problems = [], []
    for path in anchoring.anchor_folder().files():
        try:
            found.append(NamedAnchor(path.name, read_file(path)))
        except AnchorTrouble as error:
            problems.append(Problem(Fault.ANCHOR_UNREADABLE, f"the anchor {path.name}: {error.why}"))
    return found, problems
