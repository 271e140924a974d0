"""Which clocks a case has and what becomes of them: the algebra, over every clock of the packs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.cases.rules.events import Event, counting, earliest
from postmarket.cases.rules.joining import Ended, joined
from postmarket.cases.rules.plan import Kept, Plan, plan
from postmarket.cases.rules.warning import in_words, steps_reached
from postmarket.cases.rules.which_clocks import NOT_DETERMINED, Facts, wanted
from postmarket.cases.words import ClockState, EmployeeClass
from postmarket.policy.interface import Authority, Determination, StartBasis
from tests.cases.strategies import FIRST, HOW, as_kept, carried_out, events, facts, moments

LEARNED = Event(1, StartBasis.VULNERABILITY_LEARNED, FIRST)
LAW = (Authority.STATUTE, Authority.REGULATION, Authority.GUIDANCE, Authority.STANDARD)


def ids(found: list[Event], known: Facts) -> set[str]:
    """The ids of the clocks."""
    return {one.clock.id for one in wanted(found, known, HOW.pack)}


def begun(found: list[Event], known: Facts) -> list[Kept]:
    """The clocks of a case that has just come to be."""
    return carried_out(plan([], found, known, HOW).begin, (), first_id=1)


def dates(found: Plan) -> dict[tuple[str, int], object]:
    """What a plan leaves running: clock and, where each start has its own, event; and until when."""
    kept = carried_out(found.begin, found.same, first_id=1000)
    return {(one.clock, one.event if HOW.pack.clocks[one.clock].each else 0): one.until for one in kept}


@given(events(), st.randoms())
def test_the_earliest_start_wins_in_whatever_order_they_were_noted(found: list[Event], shuffled: object) -> None:
    """For every clock: the earliest of its bases that is not void, and neither today nor another basis stands in."""
    again = list(found)
    shuffled.shuffle(again)  # type: ignore[attr-defined]

    assert {(one.key, one.event) for one in wanted(found, Facts(), HOW.pack)} == {
        (one.key, one.event) for one in wanted(again, Facts(), HOW.pack)
    }
    for one in wanted(found, Facts(), HOW.pack):
        if not one.clock.each:
            rivals = [item for item in found if item.basis in one.clock.starts_on and not item.void]
            kinds = [item for item in rivals if item in counting(found, one.clock.starts_on)]
            assert one.event.at == min(item.at for item in kinds)


@given(events(), facts)
def test_no_clock_without_its_start(found: list[Event], known: Facts) -> None:
    """A clock runs from an event of its own basis that is not void."""
    for one in wanted(found, known, HOW.pack):
        assert one.event in found
        assert one.event.basis in one.clock.starts_on
        assert not one.event.void


@given(events(), facts)
def test_counting_again_changes_nothing(found: list[Event], known: Facts) -> None:
    """What was carried out once is right."""
    kept = begun(found, known)

    again = plan(kept, found, known, HOW)

    assert (again.begin, again.void) == ((), ())
    assert Counter(one.id for one, _ in again.same) == Counter(one.id for one in kept)


@given(events(), facts, st.data())
def test_a_correction_moves_no_unrelated_clock(found: list[Event], known: Facts, data: st.DataObject) -> None:
    """One event is declared void and another noted in its place: clocks of other bases stay as they are, untouched."""
    living = [one for one in found if not one.void]
    if not living:
        return
    wrong = data.draw(st.sampled_from(living))
    right = replace(wrong, id=99, at=data.draw(moments))
    corrected = [replace(one, void=True) if one is wrong else one for one in found] + [right]
    kept = begun(found, known)

    changed = plan(kept, corrected, known, HOW)

    touched = {one.kept.clock for one in changed.void} | {one.wanted.clock.id for one in changed.begin}
    assert all(wrong.basis in HOW.pack.clocks[id_].starts_on for id_ in touched)
    assert dates(changed) == dates(plan([], corrected, known, HOW))


@given(events(), facts, facts)
def test_statutory_clocks_care_for_nothing_but_their_own_start(found: list[Event], one: Facts, other: Facts) -> None:
    """Neither score nor determination has any say in a clock of statute or regulation."""
    law = {
        id_
        for id_, clock in HOW.pack.clocks.items()
        if clock.citation.authority in (Authority.STATUTE, Authority.REGULATION)
    }

    assert ids(found, one) & law == ids(found, other) & law


@given(events(), events(), facts)
def test_merging_gives_the_same_dates_whichever_way_round(here: list[Event], there: list[Event], known: Facts) -> None:
    """Events of both, the earliest first; ids do not matter but for events of which each has its own clock."""
    there = [replace(one, id=one.id + 100) for one in there]

    one = dates(plan(begun(here, known), here + there, known, HOW))
    other = dates(plan(begun(there, known), there + here, known, HOW))

    assert one == other


@given(events(), events(), facts)
def test_a_merge_never_gives_a_later_date(here: list[Event], there: list[Event], known: Facts) -> None:
    """What either had to do by a day is due by that day or earlier."""
    there = [replace(one, id=one.id + 100) for one in there]
    merged = dates(plan([], here + there, known, HOW))

    for key, until in dates(plan([], here, known, HOW)).items():
        assert key in merged
        assert until is None or merged[key] <= until  # type: ignore[operator]


ends = st.dictionaries(
    st.integers(0, 4), st.none() | st.builds(Ended, at=moments, why=st.sampled_from(["sent", "released"]))
)


@given(ends, ends)
def test_a_merged_clock_has_ended_only_where_both_have(
    one: dict[int, Ended | None], other: dict[int, Ended | None]
) -> None:
    """And the later end counts; the same either way round."""
    found = joined(one, other)

    assert found == joined(other, one)
    assert set(found) == {*one, *other}
    for key, end in found.items():
        sides = [side[key] for side in (one, other) if key in side]
        assert (end is None) == (None in sides)
        assert end is None or all(side is not None and side.at <= end.at for side in sides)


@given(events(), facts, st.data())
def test_what_was_stopped_stays_stopped_when_its_start_is_corrected(
    found: list[Event], known: Facts, data: st.DataObject
) -> None:
    """The date moves and the old one is kept as void; that the report was sent is not forgotten."""
    kept = begun(found, known)
    if not kept:
        return
    stopped = data.draw(st.sampled_from(kept))
    kept = [replace(one, state=ClockState.STOPPED) if one is stopped else one for one in kept]
    earlier = next(one for one in found if one.id == stopped.event)
    if HOW.pack.clocks[stopped.clock].each:
        return
    new = replace(earlier, id=99, at=FIRST - timedelta(days=1))

    changed = plan(kept, [*found, new], known, HOW)

    (begin,) = [one for one in changed.begin if one.wanted.clock.id == stopped.clock]
    assert begin.takes_over is not None
    assert as_kept(begin, 1000).state is ClockState.STOPPED
    assert begin.wanted.event == new


@pytest.mark.parametrize(
    ("score", "band", "expected"),
    [
        (9.8, "", {"SEED-C", "SEED-C-MITIGATE"}),
        (7.5, "", {"SEED-H"}),
        (5.0, "", {"SEED-M"}),
        (2.0, "", {"SEED-L"}),
        (0.0, "", set()),
        (None, "", {"SEED-C", "SEED-C-MITIGATE"}),
        (5.0, "High", {"SEED-H"}),
        (9.8, "Low", {"SEED-C", "SEED-C-MITIGATE"}),
    ],
)
def test_the_articles_timeline_by_band(score: float | None, band: str, expected: set[str]) -> None:
    """Without a score the most urgent row; a clinical judgement raises, and does not lower."""
    found = ids([LEARNED], Facts(Determination.UNCONTROLLED, score, band))

    assert {id_ for id_ in found if id_.startswith("SEED")} == expected


def test_the_30_and_60_days_run_until_the_risk_is_signed_to_be_controlled() -> None:
    """Unknown is never low; whatever the score says."""
    both = {"FDA-PM16-30", "FDA-PM16-60"}

    assert both <= ids([LEARNED], Facts())
    assert both <= ids([LEARNED], Facts(Determination.UNCONTROLLED, 5.0))
    assert not both & ids([LEARNED], Facts(Determination.CONTROLLED, 9.8))
    said = {one.clock.id: one.provisional for one in wanted([LEARNED], Facts(None, 5.0), HOW.pack)}
    assert said["FDA-PM16-60"] == NOT_DETERMINED
    assert said["SEED-M"] == ""


def test_the_articles_start_for_806_and_the_laws_stand_side_by_side() -> None:
    """Determined necessary on the 9th, notice to the first hospital on the 11th, decided on the 10th (F01)."""
    necessary = Event(1, StartBasis.CORRECTION_NECESSARY, FIRST + timedelta(days=8))
    notice = Event(2, StartBasis.CORRECTION_FIRST_NOTICE, FIRST + timedelta(days=10))
    decision = Event(3, StartBasis.CORRECTION_DECISION, FIRST + timedelta(days=9))

    found = {one.clock.id: one.event for one in wanted([notice, necessary, decision], Facts(), HOW.pack)}

    assert found == {"SEED-806": necessary, "FDA-806": decision}
    assert HOW.pack.clocks["SEED-806"].duty == HOW.pack.clocks["FDA-806"].duty


def test_who_became_aware_matters_for_the_five_days_alone() -> None:
    """Any employee starts the 30 days; a nurse's hotline agent does not start the five, an unnamed person does."""
    aware = Event(1, StartBasis.MDR_AWARE, FIRST, EmployeeClass.ANY)
    any_, manager, unsaid = (
        Event(number, StartBasis.REMEDIAL_ACTION_NEED_AWARE, FIRST + timedelta(days=number), kind)
        for number, kind in ((2, EmployeeClass.ANY), (3, EmployeeClass.MANAGEMENT), (4, None))
    )

    assert ids([aware, any_], Facts()) == {"FDA-MDR-30"}
    assert ids([any_, manager], Facts()) == ids([unsaid], Facts()) == {"FDA-MDR-5"}
    assert earliest([any_, unsaid, manager], (StartBasis.REMEDIAL_ACTION_NEED_AWARE,)) == manager


def test_no_mdr_clock_without_an_mdr_event() -> None:
    """A vulnerability alone is no MDR."""
    assert not {id_ for id_ in ids([LEARNED], Facts()) if "MDR" in id_}


def test_each_extension_and_each_harm_has_a_clock_of_its_own() -> None:
    """The second does not hide behind the first."""
    twice = [Event(number, StartBasis.EXTENSION, FIRST + timedelta(days=number)) for number in (1, 2)]

    assert [one.event for one in wanted(twice, Facts(), HOW.pack)] == twice


@given(moments, st.integers(1, 24 * 200), st.integers(-24 * 30, 24 * 230))
def test_a_warning_is_never_longer_than_the_clock(started: object, hours: int, at: int) -> None:
    """And once reached, a step stays reached."""
    before = [timedelta(hours=one) for one in (168, 72, 24, 4, 0)]
    start = FIRST
    until, now = start + timedelta(hours=hours), start + timedelta(hours=at)

    found = steps_reached(until, started_at=start, before=before, now=now)

    assert all(step < timedelta(hours=hours) for step in found)
    later = steps_reached(until, started_at=start, before=before, now=now + timedelta(hours=1))
    assert set(found) <= set(later)
    assert (timedelta() in found) == (now >= until)


@pytest.mark.parametrize(
    ("hours", "words"), [(0, ""), (-5, ""), (1, "1 hour"), (30.5, "31 hours"), (48, "2 days"), (167, "6 days")]
)
def test_time_left_as_people_say_it(hours: float, words: str) -> None:
    """Rounded so that nobody believes to have more than there is, from two days on."""
    assert in_words(timedelta(hours=hours)) == words
