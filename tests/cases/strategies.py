"""Start events, facts and histories for property tests of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from postmarket.cases.rules.events import Event
from postmarket.cases.rules.plan import Begin, Counting, Kept, shifted
from postmarket.cases.rules.which_clocks import Facts
from postmarket.cases.words import ClockState, EmployeeClass
from postmarket.policy.interface import Determination, StartBasis
from postmarket.policy.pack import load_pack
from postmarket.policy.working_days import federal_holidays

HOW = Counting(load_pack(), ZoneInfo("America/New_York"))
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
federal_holidays(FIRST.year)  # read the calendar before the first example is timed

moments = st.integers(0, 300 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
bases = st.sampled_from(StartBasis)
facts = st.builds(
    Facts,
    determination=st.sampled_from([None, Determination.CONTROLLED, Determination.UNCONTROLLED]),
    score=st.none() | st.floats(0, 10),
    clinical_band=st.sampled_from(["", "Critical", "High", "Medium", "Low"]),
)


@st.composite
def events(draw: st.DrawFn, most: int = 8) -> list[Event]:
    """Some start events, each with its own id, in any order."""
    count = draw(st.integers(0, most))
    ids = draw(st.permutations(range(1, count + 1)))
    return [
        Event(
            id=number,
            basis=draw(bases),
            at=draw(moments),
            employee_class=draw(st.sampled_from([None, *EmployeeClass])),
            void=draw(st.booleans()),
        )
        for number in ids
    ]


def carried_out(begun: tuple[Begin, ...], same: tuple[tuple[Kept, str], ...], *, first_id: int) -> list[Kept]:
    """The clocks as they are kept once a plan was carried out."""
    return [kept for kept, _ in same] + [as_kept(one, first_id + place) for place, one in enumerate(begun)]


def as_kept(one: Begin, id_: int) -> Kept:
    """A clock that was begun."""
    old = one.takes_over
    target_day, _, until = shifted(one.due, old.stood if old is not None else timedelta())
    return Kept(
        id=id_,
        clock=one.wanted.clock.id,
        event=one.wanted.event.id,
        started_at=one.due.started_at,
        state=old.state if old is not None else ClockState.RUNNING,
        authority=one.wanted.clock.citation.authority.value,
        words=one.wanted.clock.words,
        until=until,
        target_day=target_day,
        stood=old.stood if old is not None else timedelta(),
    )
