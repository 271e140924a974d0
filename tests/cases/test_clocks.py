"""Clocks of a case: started by events, corrected with the old date kept, stopped by their acts, paused or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.roles import Role
from postmarket.cases.errors import CaseNotFound, InvalidEvent, WrongClock
from postmarket.cases.models import Case
from postmarket.cases.queries.clocks import clocks_of, due, due_counts
from postmarket.cases.services.clocks import count_clocks
from postmarket.cases.services.events import correct_start_event, note_start_event, void_start_event
from postmarket.cases.services.stopping import pause_clock, resume_clock, stop_clock
from postmarket.cases.services.upkeep import follow_monitoring
from postmarket.cases.words import ClockState, EmployeeClass
from postmarket.intake.services.reports import File
from postmarket.inventory.errors import NoReason
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import Determination, StartBasis
from postmarket.policy.pack import Pack
from postmarket.records import act
from postmarket.records.evidence import is_kept
from tests.accounts.builders import person
from tests.builders import Tell, rated
from tests.cases.given import LATER, MONDAY, WHY, Assessed, clocks, event, manager, opened
from tests.inventory.builders import kinds
from tests.monitoring.builders import NOW
from tests.monitoring.given import told

pytestmark = pytest.mark.django_db

LEARNED = StartBasis.VULNERABILITY_LEARNED


@pytest.fixture
def case(hit: DeviceVersion) -> Case:
    """Opened on Tuesday for what the system matched on Monday; CVSS 8.1."""
    return opened()


def noted(case: Case, basis: StartBasis, at: datetime, **more: object) -> None:
    """A start event."""
    given = {"person": "Mara Lindqvist", "why": WHY, "now": NOW} | more
    note_start_event(by=manager(), case=case, basis=basis, at=at, **given)  # type: ignore[arg-type]


def test_each_clock_says_whose_rule_it_is_and_what_stops_it(case: Case) -> None:
    """The article's row for 8.1, and FDA's 30 and 60 days while nothing is determined."""
    found = clocks(case)

    assert {id_: row.day for id_, row in found.items()} == {
        "SEED-H": date(2027, 2, 21),
        "FDA-PM16-30": date(2026, 12, 23),
        "FDA-PM16-60": date(2027, 1, 22),
    }
    sixty = found["FDA-PM16-60"]
    assert sixty.authority == "FDA guidance (non-binding)"
    assert "2016-12-28" in sixty.citation
    assert sixty.stops_on.startswith("deployable fix")
    assert sixty.provisional
    assert found["SEED-H"].target_day == date(2026, 12, 23)
    assert found["SEED-H"].authority == "article"


def test_of_two_dates_for_one_act_the_earlier_drives_until_it_has_passed(case: Case) -> None:
    """The fix: 60 days by guidance, 90 by the article. Behind a missed date the next one drives as well."""
    by = case.owner

    def driven(now: datetime) -> list[str]:
        return [row.clock for row in due(by=by, now=now)]

    assert driven(NOW) == ["FDA-PM16-30", "FDA-PM16-60"]
    assert {row.clock.clock: row.drives for row in clocks_of(case, now=NOW)} == {
        "FDA-PM16-30": True,
        "FDA-PM16-60": True,
        "SEED-H": False,
    }
    past_sixty = NOW + timedelta(days=61)
    assert driven(past_sixty) == ["FDA-PM16-30", "FDA-PM16-60", "SEED-H"]
    assert due_counts(by=by, now=past_sixty).late == 2
    assert {row.clock.clock: row.late for row in clocks_of(case, now=past_sixty)} == {
        "FDA-PM16-30": True,
        "FDA-PM16-60": True,
        "SEED-H": False,
    }


def test_a_correction_keeps_the_old_start_and_the_old_dates(case: Case) -> None:
    """A nurse had told support on Friday: the dates move, and what they were can still be read."""
    friday = NOW - timedelta(days=4)
    old = event(case, basis=LEARNED)

    new = correct_start_event(
        by=manager(), event=old, at=friday, person="Ella Stone, support", why="Her e-mail says so.", now=NOW
    )

    old.refresh_from_db()
    assert (old.voided_at, old.voided_why, old.at) == (NOW, "Corrected: Her e-mail says so.", MONDAY)
    assert (new.corrects, new.by_system, new.basis) == (old, False, LEARNED)
    assert clocks(case)["FDA-PM16-60"].day == date(2027, 1, 19)
    void = clocks(case, ClockState.VOID)["FDA-PM16-60"]
    assert (void.day, void.ended_why) == (date(2027, 1, 22), "Its start was declared void.")
    with pytest.raises(InvalidEvent, match="void already"):
        correct_start_event(by=manager(), event=old, at=friday, why="Again.", now=NOW)


def test_an_earlier_start_noted_later_counts(case: Case) -> None:
    """Nothing is corrected: somebody knew before the system did."""
    noted(case, LEARNED, NOW - timedelta(days=10))

    assert clocks(case)["FDA-PM16-30"].started_at == NOW - timedelta(days=10)
    assert clocks(case, ClockState.VOID)["FDA-PM16-30"].ended_why == "An earlier start is known."
    noted(case, LEARNED, NOW)
    assert clocks(case)["FDA-PM16-30"].started_at == NOW - timedelta(days=10)


def test_a_start_declared_void_takes_its_clocks_with_it_and_no_other(case: Case) -> None:
    """MDR: it turned out that nobody was hurt."""
    noted(case, StartBasis.MDR_AWARE, MONDAY, employee_class=EmployeeClass.ANY)
    before = {id_: row.pk for id_, row in clocks(case).items()}
    assert "FDA-MDR-30" in before

    void_start_event(by=manager(), event=event(case, basis=StartBasis.MDR_AWARE), why="Nobody was.", now=NOW)

    assert {id_: row.pk for id_, row in clocks(case).items()} == {
        id_: pk for id_, pk in before.items() if id_ != "FDA-MDR-30"
    }
    assert clocks(case, ClockState.VOID)["FDA-MDR-30"].day == date(2026, 12, 23)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"at": LATER}, "at"),
        ({"at": datetime(2026, 11, 20)}, "at"),  # noqa: DTZ001 - that is what is refused
        ({"person": " "}, "person"),
        ({"basis": StartBasis.MDR_AWARE}, "employee class"),
    ],
)
def test_what_cannot_have_happened_is_refused(case: Case, more: dict[str, object], field: str) -> None:
    """By field, and nothing is kept."""
    before = case.start_events.count()

    with pytest.raises(InvalidEvent) as raised:
        noted(case, **({"basis": LEARNED, "at": MONDAY} | more))  # type: ignore[arg-type]

    assert raised.value.where == field
    assert case.start_events.count() == before


def test_what_shows_a_start_event_is_kept(case: Case) -> None:
    """The mail is evidence."""
    noted(case, LEARNED, MONDAY, shown_by=File("mail.eml", b"Dear firm"))

    shown = event(case, by_system=False).evidence_id
    assert shown is not None
    assert is_kept(shown)


def test_the_ten_days_of_806_from_the_first_initiation_beside_the_articles(case: Case) -> None:
    """Necessary on Monday by the article, initiated on Tuesday by the law: both shown; the earlier drives; one act."""
    noted(case, StartBasis.CORRECTION_NECESSARY, MONDAY)
    noted(case, StartBasis.CORRECTION_FIRST_NOTICE, NOW)

    found = clocks(case)
    assert (found["SEED-806"].day, found["FDA-806"].day) == (date(2026, 12, 8), date(2026, 12, 9))
    assert "F01" in found["FDA-806"].flags
    drive = {row.clock.clock: row.drives for row in clocks_of(case, now=NOW)}
    assert (drive["SEED-806"], drive["FDA-806"]) == (True, False)

    stop_clock(by=manager(), clock=found["FDA-806"], at=LATER, why="806 report sent.", now=LATER)

    stopped = clocks(case, ClockState.STOPPED)
    assert set(stopped) == {"SEED-806", "FDA-806"}
    assert kinds(stopped["SEED-806"]) == ["clock.stopped"]
    noted(case, StartBasis.CORRECTION_FIRST_UNIT, LATER, now=LATER)
    assert "FDA-806" not in clocks(case)


def test_a_start_corrected_after_the_report_shows_that_it_was_late(case: Case) -> None:
    """The stop stays, the date moves: it was sent on the day after the last."""
    noted(case, StartBasis.CORRECTION_DECISION, MONDAY)
    sent = datetime(2026, 12, 8, 12, tzinfo=NOW.tzinfo)
    stop_clock(by=manager(), clock=clocks(case)["FDA-806"], at=sent, why="Sent.", now=sent)

    correct_start_event(
        by=manager(),
        event=event(case, basis=StartBasis.CORRECTION_DECISION),
        at=MONDAY - timedelta(days=3),
        why="The minutes say Friday.",
        now=sent,
    )

    (row,) = [row for row in clocks_of(case, now=sent) if row.clock.clock == "FDA-806" and row.clock.state != "void"]
    assert (row.clock.state, row.clock.ended_at, row.clock.day) == (ClockState.STOPPED, sent, date(2026, 12, 7))
    assert row.late


def test_only_clocks_of_the_article_and_the_firm_can_be_paused(case: Case) -> None:
    """The refusal names the authority and what stops it."""
    for row in clocks(case).values():
        if row.clock == "SEED-H":
            continue
        with pytest.raises(WrongClock, match="it is a clock by FDA guidance") as raised:
            pause_clock(by=manager(), clock=row, why="Waiting for the supplier.", now=NOW)
        assert "It stops on: " in raised.value.next_step
    assert clocks(case)["FDA-PM16-60"].state == ClockState.RUNNING


def test_a_paused_clock_ends_later_by_as_long_as_it_stood_still(case: Case) -> None:
    """Twice half a day is a day; counting again leaves it so; a correction takes the pauses over."""
    who, patch = manager(), clocks(case)["SEED-H"]
    until = patch.until
    assert until is not None
    for start in (NOW, NOW + timedelta(days=2)):
        pause_clock(by=who, clock=patch, why="Waiting for the supplier.", now=start)
        with pytest.raises(WrongClock, match="paused already"):
            pause_clock(by=who, clock=patch, why="Again.", now=start)
        resume_clock(by=who, clock=patch, why="It came.", now=start + timedelta(hours=12))
    with pytest.raises(WrongClock, match="not paused"):
        resume_clock(by=who, clock=patch, why="Again.", now=LATER)

    patch.refresh_from_db()
    assert patch.until == until + timedelta(days=1)
    assert (patch.day, patch.target_day) == (date(2027, 2, 22), date(2026, 12, 24))
    with act(actor=who.actor, at=LATER, why=WHY) as doing:
        assert not count_clocks(doing, case, now=LATER)
    noted(case, LEARNED, MONDAY - timedelta(days=1))
    moved = clocks(case)["SEED-H"]
    assert moved.until == until
    assert moved.pauses.count() == 2


def test_a_recall_is_reported_again_and_again_until_it_ends(case: Case) -> None:
    """Each status report starts the next (21 CFR 7.53)."""
    who = manager()
    noted(case, StartBasis.RECALL_UNDER_WAY, NOW)
    first = clocks(case)["FDA-7.53"]
    assert first.day == date(2026, 12, 22)
    done = NOW + timedelta(days=20)

    stop_clock(by=who, clock=first, at=done, why="Sent.", now=done)

    second = clocks(case)["FDA-7.53"]
    assert (second.started_at, second.day) == (done, date(2027, 1, 11))
    with act(actor=who.actor, at=done, why=WHY) as doing:
        assert not count_clocks(doing, case, now=done)
    stop_clock(by=who, clock=second, at=done, ends_series=True, why="The recall has ended.", now=done)
    assert "FDA-7.53" not in clocks(case)


def test_a_clock_is_stopped_at_a_time_that_can_be_once_and_with_a_reason(case: Case) -> None:
    """Not before it started, not after now."""
    who, row = manager(), clocks(case)["FDA-PM16-30"]
    for at in (MONDAY - timedelta(seconds=1), LATER):
        with pytest.raises(WrongClock, match="cannot have been stopped then"):
            stop_clock(by=who, clock=row, at=at, why="Told.", now=NOW)
    with pytest.raises(NoReason):
        stop_clock(by=who, clock=row, at=NOW, why="", now=NOW)

    stop_clock(by=who, clock=row, at=NOW, why="Told.", shown_by=File("letter.pdf", b"%PDF"), now=NOW)

    assert set(clocks(case)) == {"SEED-H", "FDA-PM16-60"}
    with pytest.raises(WrongClock, match="has ended"):
        stop_clock(by=who, clock=row, at=NOW, why="Told.", now=NOW)


def test_who_may_touch_clocks(case: Case) -> None:
    """An engineer works on cases and steers none; who sees no case learns nothing of its clocks."""
    row, old = clocks(case)["SEED-H"], event(case)
    engineer, nobody = person("Ines Roth", Role.SUSTAINING_ENGINEERING), person("Nia Cole")
    for who, error in ((engineer, NotAllowed), (nobody, CaseNotFound)):
        with pytest.raises(error):
            stop_clock(by=who, clock=row, at=NOW, why="Told.", now=NOW)
        with pytest.raises(error):
            pause_clock(by=who, clock=row, why="Told.", now=NOW)
        with pytest.raises(error):
            void_start_event(by=who, event=old, why="No.", now=NOW)
        with pytest.raises(error):
            note_start_event(by=who, case=case, basis=LEARNED, at=NOW, person="N. N.", why=WHY, now=NOW)


def test_signed_as_controlled_the_guidances_clocks_end_and_signed_otherwise_they_run_again(
    case: Case, assessed: Assessed
) -> None:
    """From the same start: nobody gains days by having been wrong in between."""
    first = clocks(case)["FDA-PM16-60"]
    assessed.say(case, Determination.CONTROLLED)
    with act(actor=case.owner.actor, at=NOW, why="Signed.") as doing:
        count_clocks(doing, case, now=NOW)

    assert set(clocks(case)) == {"SEED-H"}
    void = clocks(case, ClockState.VOID)["FDA-PM16-60"]
    assert (void.pk, void.day) == (first.pk, first.day)

    assessed.say(case, Determination.UNCONTROLLED, score=9.8)
    with act(actor=case.owner.actor, at=LATER, why="Signed anew.") as doing:
        count_clocks(doing, case, now=LATER)

    found = clocks(case)
    assert set(found) == {"SEED-C", "SEED-C-MITIGATE", "FDA-PM16-30", "FDA-PM16-60"}
    assert (found["FDA-PM16-60"].until, found["FDA-PM16-60"].provisional) == (first.until, "")


def test_the_notice_to_hospitals_is_the_firms(case: Case) -> None:
    """72 hours from both signatures, by firm policy."""
    noted(case, StartBasis.UNCONTROLLED_SIGNED, NOW)

    row = clocks(case)["HOSPITAL-NOTICE"]
    assert (row.authority, row.until) == ("firm", NOW + timedelta(hours=72))


def test_another_score_moves_the_article_to_its_row_and_leaves_the_rest(
    case: Case, tell: Tell, bring_up: Callable[..., object]
) -> None:
    """NVD scores it anew: 8.1 becomes 9.8. The patch's row changes, its start does not."""
    before = clocks(case)
    tell(told(ratings=(rated("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),)))
    bring_up(LATER)

    assert follow_monitoring(now=LATER).changed == 1

    after = clocks(case)
    assert set(after) == {"SEED-C", "SEED-C-MITIGATE", "FDA-PM16-30", "FDA-PM16-60"}
    assert after["SEED-C"].started_at == MONDAY
    assert {after[id_].pk for id_ in ("FDA-PM16-30", "FDA-PM16-60")} <= {row.pk for row in before.values()}
    assert clocks(case, ClockState.VOID)["SEED-H"].day == before["SEED-H"].day
    assert follow_monitoring(now=LATER + timedelta(hours=1)).cases == 0


def test_another_policy_counts_anew_and_keeps_the_old_date(case: Case, pack: Pack, stricter: Pack) -> None:
    """A next pack gives 30 days where the guidance gave 60; nothing else moves, and counting again finds nothing."""
    before = clocks(case)
    with act(actor=case.owner.actor, at=LATER, why="The policy changed.") as doing:
        assert count_clocks(doing, case, now=LATER, pack=stricter)

    after = clocks(case)
    assert after["FDA-PM16-60"].day == date(2026, 12, 23)
    assert clocks(case, ClockState.VOID)["FDA-PM16-60"].day == before["FDA-PM16-60"].day
    assert clocks(case, ClockState.VOID)["FDA-PM16-60"].ended_why == "The policy counts it differently."
    assert after["SEED-H"].pk == before["SEED-H"].pk
    assert after["SEED-H"].policy == stricter.version
    with act(actor=case.owner.actor, at=LATER, why="Again.") as doing:
        assert not count_clocks(doing, case, now=LATER, pack=stricter)


def test_the_site_counts_in_its_zone_and_conservatively_when_told_to(case: Case) -> None:
    """02:00 UTC is still the day before in Chicago; without holidays Thanksgiving counts as a working day."""
    noted(case, StartBasis.CORRECTION_DECISION, NOW.replace(hour=2))
    assert clocks(case)["FDA-806"].day == date(2026, 12, 9)

    with override_settings(SITE_TIME_ZONE="America/Chicago", CONSERVATIVE_CLOCKS=True):
        assert follow_monitoring(now=LATER).changed == 1
        row = clocks(case)["FDA-806"]
        assert (row.day, row.zone, row.conservative) == (date(2026, 12, 7), "America/Chicago", True)
        assert follow_monitoring(now=LATER).changed == 0


@pytest.fixture
def stricter(pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pack:
    """The packs that come with postmarket, but for one date and their version."""
    from postmarket.policy import pack as packs

    for name in pack.names:
        folder = tmp_path / name
        folder.mkdir()
        for path in (packs.HOME / name).glob("*.toml"):
            text = path.read_text("utf-8")
            if path.name == "pack.toml":
                text = text.replace('version = "1"', 'version = "2"')
            if (name, path.name) == ("primary-source", "clocks.toml"):
                text = text.replace(
                    'limit = 60\nstarts_on = ["vulnerability learned"]',
                    'limit = 30\nstarts_on = ["vulnerability learned"]',
                )
            (folder / path.name).write_text(text, "utf-8")
    monkeypatch.setattr(packs, "HOME", tmp_path)
    packs._built_in.cache_clear()
    found = packs.load_pack()
    packs._built_in.cache_clear()
    return found
