"""The master clock table and when each clock runs out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.policy.clocks import clock, due, read_clocks
from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import Applies, Authority, ClockUnit, StartBasis
from postmarket.policy.pack import Pack, load_pack
from postmarket.policy.tables import ClocksTable
from postmarket.policy.toml_files import parse

NEW_YORK = ZoneInfo("America/New_York")
HOURS, CALENDAR, WORKING, POLICY = (
    ClockUnit.HOURS,
    ClockUnit.CALENDAR_DAYS,
    ClockUnit.WORKING_DAYS,
    ClockUnit.POLICY,
)
STARTED = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

# id: unit, target, limit, legal due date in New York for a start on Monday 2026-11-23 at 10:00 local time
TABLE = {
    "FDA-PM16-30": (CALENDAR, None, 30, date(2026, 12, 23)),
    "FDA-PM16-60": (CALENDAR, None, 60, date(2027, 1, 22)),
    "FDA-806": (WORKING, None, 10, date(2026, 12, 8)),
    "FDA-806-EXT": (WORKING, None, 10, date(2026, 12, 8)),
    "FDA-MDR-30": (CALENDAR, None, 30, date(2026, 12, 23)),
    "FDA-MDR-5": (WORKING, None, 5, date(2026, 12, 1)),
    "FDA-MDR-SUP": (CALENDAR, None, 30, date(2026, 12, 23)),
    "FDA-7.53": (CALENDAR, 14, 28, date(2026, 12, 21)),
    "524B-A": (POLICY, None, None, None),
    "524B-B": (POLICY, None, None, None),
    "EU-87-2": (CALENDAR, None, 2, date(2026, 11, 25)),
    "EU-87-10": (CALENDAR, None, 10, date(2026, 12, 3)),
    "EU-87-15": (CALENDAR, None, 15, date(2026, 12, 8)),
    "EU-FSCA": (POLICY, None, None, None),
    "CRA-24": (HOURS, None, 24, date(2026, 11, 24)),
    "CRA-72": (HOURS, None, 72, date(2026, 11, 26)),
    "CRA-14": (CALENDAR, None, 14, date(2026, 12, 7)),
    "CNA-24": (HOURS, None, 24, date(2026, 11, 24)),
    "CNA-72": (HOURS, None, 72, date(2026, 11, 26)),
    "CERTCC-45": (CALENDAR, None, 45, date(2027, 1, 7)),
    "SEED-806": (WORKING, None, 10, date(2026, 12, 8)),
    "SEED-C-MITIGATE": (HOURS, 24, 72, date(2026, 11, 26)),
    "SEED-C": (CALENDAR, None, 30, date(2026, 12, 23)),
    "SEED-H": (CALENDAR, 30, 90, date(2027, 2, 21)),
    "SEED-M": (CALENDAR, 90, 180, date(2027, 5, 22)),
    "SEED-L": (POLICY, None, None, None),
    "HIPAA": (CALENDAR, None, 60, date(2027, 1, 22)),
}
OF_THE_FIRM = {
    "CVD-ACK": (WORKING, None, 3, date(2026, 11, 27)),
    "CVD-RESPONSE-C": (CALENDAR, None, 7, date(2026, 11, 30)),
    "CVD-RESPONSE-H": (CALENDAR, None, 14, date(2026, 12, 7)),
    "CVD-RESPONSE-M": (CALENDAR, None, 30, date(2026, 12, 23)),
    "CVD-RESPONSE-L": (CALENDAR, None, 60, date(2027, 1, 22)),
    "HOSPITAL-NOTICE": (HOURS, None, 72, date(2026, 11, 26)),
}
TABLE |= OF_THE_FIRM


def test_every_clock_of_the_reference_is_there_and_no_other(pack: Pack) -> None:
    """The packs hold exactly the clocks of the reference §0.3, the article's own start for 806, and the firm's."""
    assert set(pack.clocks) == set(TABLE)
    assert {id_ for id_, found in pack.clocks.items() if found.citation.authority is Authority.FIRM} == set(OF_THE_FIRM)


@pytest.mark.parametrize("id_", TABLE)
def test_each_clock_counts_what_its_rule_says(pack: Pack, id_: str) -> None:
    """Unit, target, limit and the legal date that follows from one and the same start."""
    found = clock(id_, pack)
    result = due(found, STARTED, zone=NEW_YORK)

    assert (found.unit, found.target, found.limit, result.day) == TABLE[id_]
    assert result.words == found.words


def test_the_two_calendar_vectors() -> None:
    """Learned 2026-11-23 plus 30 and 60 days; 2026-01-31 plus 30 days runs through February (reference §10.3)."""
    pack = load_pack()
    learned = datetime(2026, 11, 23, 12, tzinfo=NEW_YORK)
    aware = datetime(2026, 1, 31, 12, tzinfo=NEW_YORK)

    assert due(clock("FDA-PM16-30", pack), learned, zone=NEW_YORK).day == date(2026, 12, 23)
    assert due(clock("FDA-PM16-60", pack), learned, zone=NEW_YORK).day == date(2027, 1, 22)
    assert due(clock("FDA-MDR-30", pack), aware, zone=NEW_YORK).day == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("id_", "start", "day"),
    [
        ("FDA-806", date(2026, 11, 20), date(2026, 12, 7)),
        ("FDA-806", date(2026, 11, 21), date(2026, 12, 7)),
        ("FDA-806", date(2026, 12, 18), date(2027, 1, 5)),
        ("FDA-806", date(2027, 6, 11), date(2027, 6, 28)),
        ("FDA-806", date(2027, 12, 22), date(2028, 1, 7)),
        ("FDA-806", date(2027, 3, 4), date(2027, 3, 18)),
        ("FDA-MDR-5", date(2026, 11, 25), date(2026, 12, 3)),
    ],
)
def test_the_working_day_vectors_through_the_clocks(pack: Pack, id_: str, start: date, day: date) -> None:
    """The vectors of the reference §10.3 hold for the clocks themselves, not only for the counting."""
    started = datetime(start.year, start.month, start.day, 9, tzinfo=NEW_YORK)

    assert due(clock(id_, pack), started, zone=NEW_YORK).day == day


def test_the_site_decides_the_day(pack: Pack) -> None:
    """02:00 UTC on the 24th is still the 23rd in New York and already the 24th in Berlin."""
    started = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    thirty = clock("FDA-PM16-30", pack)

    assert due(thirty, started, zone=NEW_YORK).day == date(2026, 12, 23)
    assert due(thirty, started, zone=ZoneInfo("Europe/Berlin")).day == date(2026, 12, 24)


def test_a_day_clock_runs_until_local_midnight(pack: Pack) -> None:
    """The last day is whole: the exclusive end is the next midnight at the site, in UTC."""
    result = due(clock("FDA-PM16-30", pack), STARTED, zone=NEW_YORK)

    assert result.until == datetime(2026, 12, 24, 5, 0, tzinfo=UTC)


def test_summer_time_moves_midnight_not_the_day(pack: Pack) -> None:
    """A clock across the change of clocks keeps its date; only the instant of midnight shifts."""
    started = datetime(2026, 10, 20, 12, tzinfo=NEW_YORK)

    result = due(clock("FDA-PM16-30", pack), started, zone=NEW_YORK)

    assert result.day == date(2026, 11, 19)
    assert result.until == datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def test_calendar_deadlines_do_not_roll_over_a_weekend(pack: Pack) -> None:
    """Thirty days from 2026-11-12 is Saturday the 12th of December, and stays there."""
    result = due(clock("FDA-PM16-30", pack), datetime(2026, 11, 12, 17, tzinfo=UTC), zone=NEW_YORK)

    assert result.day == date(2026, 12, 12)
    assert result.day.weekday() == 5


def test_hours_run_from_the_instant(pack: Pack) -> None:
    """A clock in hours crosses the change of clocks by elapsed time, not by the dial."""
    started = datetime(2026, 10, 31, 12, tzinfo=NEW_YORK)

    result = due(clock("CRA-24", pack), started, zone=NEW_YORK)

    assert result.until == started.astimezone(UTC) + timedelta(hours=24)
    assert result.day == date(2026, 11, 1)


def test_target_and_limit(pack: Pack) -> None:
    """The lower end of a range is the target, the upper end the limit (F06)."""
    result = due(clock("SEED-H", pack), STARTED, zone=NEW_YORK)

    assert (result.target_day, result.day) == (date(2026, 12, 23), date(2027, 2, 21))


def test_conservative_counting_reaches_the_clock(pack: Pack) -> None:
    """Without holidays the 806 report is due a day earlier around Thanksgiving."""
    assert due(clock("FDA-806", pack), STARTED, zone=NEW_YORK, conservative=True).day == date(2026, 12, 7)


def test_a_clock_by_policy_has_words_and_no_date(pack: Pack) -> None:
    """“Next scheduled release” is no date, and no date is made up for it."""
    result = due(clock("SEED-L", pack), STARTED, zone=NEW_YORK)

    assert (result.day, result.until, result.target_day) == (None, None, None)
    assert result.words == "Next scheduled release"


def test_where_article_and_regulation_start_differently(pack: Pack) -> None:
    """The article starts the ten days at the need, 21 CFR 806 at the initiation (F01): both clocks are there."""
    assert clock("SEED-806", pack).starts_on == (StartBasis.CORRECTION_NECESSARY,)
    assert clock("FDA-806", pack).starts_on == (
        StartBasis.CORRECTION_DECISION,
        StartBasis.CORRECTION_FIRST_NOTICE,
        StartBasis.CORRECTION_FIRST_UNIT,
    )
    assert "F01" in clock("SEED-806", pack).citation.flags


def test_the_article_is_never_worded_as_the_fda(pack: Pack) -> None:
    """The article's periods carry the article's authority, FDA's the guidance's or the regulation's."""
    assert {clock(id_, pack).citation.authority for id_ in TABLE if id_.startswith("SEED")} == {Authority.ARTICLE}
    assert clock("FDA-PM16-60", pack).citation.authority is Authority.GUIDANCE
    assert clock("FDA-806", pack).citation.authority is Authority.REGULATION
    assert clock("524B-B", pack).citation.authority is Authority.STATUTE


def test_only_the_article_and_the_firm_may_be_paused(pack: Pack) -> None:
    """No clock of law, guidance or standard can be paused."""
    pausable = {found.id for found in pack.clocks.values() if found.pausable}

    assert pausable == {"SEED-C-MITIGATE", "SEED-C", "SEED-H", "SEED-M", "SEED-L", *OF_THE_FIRM}


def test_rules_known_only_by_heart_say_so(pack: Pack) -> None:
    """What the reference did not read is marked for regulatory affairs to verify."""
    assert {found.id for found in pack.clocks.values() if not found.verified} == {"FDA-MDR-30", "CERTCC-45", "HIPAA"}


def test_the_cra_clocks_begin_in_2026(pack: Pack) -> None:
    """Reporting under the Cyber Resilience Act applies from 2026-09-11."""
    assert {clock(f"CRA-{end}", pack).effective for end in (24, 72, 14)} == {date(2026, 9, 11)}


def test_every_start_of_the_design_starts_a_clock(pack: Pack) -> None:
    """Each basis starts some clock."""
    used = {basis for found in pack.clocks.values() for basis in found.starts_on}

    assert set(StartBasis) == used


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)),  # noqa: DTZ001 # zone is drawn next
    st.sampled_from(["UTC", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "America/St_Johns"]),
    st.sampled_from([id_ for id_, row in TABLE.items() if row[0] is not POLICY]),
)
def test_a_later_start_is_never_due_earlier(moment: datetime, zone_name: str, id_: str) -> None:
    """Monotone in the start, and the end always lies after it."""
    zone, found = ZoneInfo(zone_name), clock(id_, load_pack())
    started = moment.replace(tzinfo=UTC)

    first = due(found, started, zone=zone)
    later = due(found, started + timedelta(hours=7), zone=zone)

    assert first.until is not None
    assert later.until is not None
    assert started < first.until <= later.until


def test_a_start_without_a_zone_is_refused(pack: Pack) -> None:
    """A guessed time zone would move a legal date."""
    with pytest.raises(PolicyError, match="names no time zone"):
        due(clock("FDA-806", pack), datetime(2026, 1, 1), zone=NEW_YORK)  # noqa: DTZ001 # that is the case


@pytest.mark.parametrize("id_", ["FDA-806", "FDA-PM16-60", "CRA-24"])
def test_the_end_of_the_calendar_is_refused(pack: Pack, id_: str) -> None:
    """A deadline after the year 9999 is one clear line."""
    with pytest.raises(PolicyError, match="beyond the calendar"):
        due(clock(id_, pack), datetime(9999, 12, 31, 12, tzinfo=UTC), zone=NEW_YORK)


def test_an_unknown_clock_names_the_known(pack: Pack) -> None:
    """The next step lists the ids."""
    with pytest.raises(PolicyError, match=r"no clock “FDA-1”.*FDA-806"):
        clock("FDA-1", pack)


HEAD = 'authority = "regulation"\ncitation = "c"\neffective = 2026-01-01\nversion = "1"\n'
ROW = """
[[clock]]
id = "X"
title = "t"
starts_on = ["extension"]
starts_when = "w"
stops_on = "s"
words = "w"
"""


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('unit = "hours"\nlimit = 24\npausable = true', "cannot be paused"),
        ('unit = "hours"', "needs a limit"),
        ('unit = "policy"\nlimit = 3', "by policy has none"),
        ('unit = "hours"\nlimit = 24\ntarget = 72', "beyond its limit"),
    ],
)
def test_a_wrong_clock_is_refused(row: str, why: str) -> None:
    """A pack whose clock contradicts itself, or pauses the law, does not load."""
    table = parse((HEAD + ROW + row).encode(), ClocksTable, name="clocks.toml")

    with pytest.raises(PolicyError, match=why):
        read_clocks([table])


def test_a_clock_given_twice_is_refused() -> None:
    """Two clocks of one id would hide one of them."""
    table = parse((HEAD + ROW + 'unit = "hours"\nlimit = 24').encode(), ClocksTable, name="clocks.toml")

    with pytest.raises(PolicyError, match="given twice"):
        read_clocks([table, table])


def test_the_library_is_not_paid_for_until_needed() -> None:
    """A cold scan that counts no working days does not import the holidays library."""
    import subprocess
    import sys

    code = "import sys, postmarket.policy.timeline, postmarket.policy.priority, postmarket.policy.clocks as c; "
    code += "from postmarket.policy.pack import load_pack; load_pack().clocks; print('holidays' in sys.modules)"
    folder = Path(__file__).parents[2]
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder)

    assert result.stdout.strip() == "False"


def test_which_clocks_date_the_same_act(pack: Pack) -> None:
    """The article's patch and FDA's 60 days, and both starts of 806; what FDA asks in 30 days is no patch."""
    duties: dict[str, set[str]] = {}
    for found in pack.clocks.values():
        duties.setdefault(found.duty, set()).add(found.id)

    assert {duty: ids for duty, ids in duties.items() if len(ids) > 1} == {
        "fix": {"FDA-PM16-60", "SEED-C", "SEED-H", "SEED-M", "SEED-L"},
        "correction report": {"FDA-806", "SEED-806"},
    }


def test_only_the_guidances_clocks_ask_whether_the_risk_is_controlled(pack: Pack) -> None:
    """The article's timeline and every statutory clock run whatever was determined."""
    asking = {found.id for found in pack.clocks.values() if found.applies is not Applies.ALWAYS}

    assert asking == {"FDA-PM16-30", "FDA-PM16-60"}
    assert {found.id: found.band for found in pack.clocks.values() if found.band and found.id.startswith("SEED")} == {
        "SEED-C-MITIGATE": "Critical",
        "SEED-C": "Critical",
        "SEED-H": "High",
        "SEED-M": "Medium",
        "SEED-L": "Low",
    }
