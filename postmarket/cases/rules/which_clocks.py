"""Which clocks a case has, from its start events and what is known of it. The pack says it; this reads the pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from postmarket.cases.rules.events import Event, counting
from postmarket.policy.interface import Applies, Clock, Determination
from postmarket.policy.pack import Pack
from postmarket.policy.timeline import timeline

NOT_DETERMINED = "Runs until both leads have signed that the risk is controlled: nothing is signed yet."
WITHOUT_SCORE = "Runs in the row {band} until somebody scores it: there is no CVSS score."


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What is known of a case: the signed determination (None: none), the CVSS score that counts (None: none), and the
    timeline's row a clinical judgement asks for ("": none).
    """

    determination: Determination | None = None
    score: float | None = None
    clinical_band: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clock the case has, the event that starts it, and why it runs although it may not apply ("" when it does)."""

    clock: Clock
    event: Event
    provisional: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """One of each: by clock, and by event where every event has its own."""
        return self.clock.id, self.event.id if self.clock.each else 0


def wanted(events: Sequence[Event], facts: Facts, pack: Pack) -> list[Wanted]:
    """
    The clocks of a case, in the order of the pack.

    A clock of the article's timeline applies in its row; one for uncontrolled risk applies until the risk is signed to
    be controlled. Statutory clocks rest on their own start events alone.
    """
    found = []
    row = _row(facts, pack)
    for clock in pack.clocks.values():
        if clock.band and clock.band != row.band:
            continue
        if clock.applies is Applies.UNLESS_CONTROLLED and facts.determination is Determination.CONTROLLED:
            continue
        starting = counting(events, clock.starts_on)
        for event in starting if clock.each else starting[:1]:
            found.append(Wanted(clock, event, _provisional(clock, facts, row)))
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    band: str
    provisional: bool


def _row(facts: Facts, pack: Pack) -> _Row:
    """The row of the article's timeline; which row it is does not depend on when it starts."""
    found = timeline(facts.score, aware=datetime(2026, 1, 1, tzinfo=UTC), pack=pack, clinical_band=facts.clinical_band)
    return _Row(found.band, found.provisional)


def _provisional(clock: Clock, facts: Facts, row: _Row) -> str:
    if clock.applies is Applies.UNLESS_CONTROLLED and facts.determination is None:
        return NOT_DETERMINED
    return WITHOUT_SCORE.format(band=row.band) if clock.band and row.provisional else ""
