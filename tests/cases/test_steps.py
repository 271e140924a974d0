"""A case goes from step to step; each says everything that is missing; later rooms add what they need."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.accounts.errors import NotAllowed
from postmarket.cases import hooks
from postmarket.cases.errors import NotYet, WrongStep
from postmarket.cases.hooks import CaseEvent, Happened, Missing
from postmarket.cases.models import Case, Clock
from postmarket.cases.queries.case import case_detail
from postmarket.cases.queries.standing import steps
from postmarket.cases.rules import states
from postmarket.cases.rules.states import FORWARD, Standing
from postmarket.cases.services.events import note_start_event
from postmarket.cases.services.opening import open_case_for_report
from postmarket.cases.services.steps import move_case, move_on, reopen_by_itself, reopen_case
from postmarket.cases.services.stopping import stop_clock
from postmarket.cases.services.triage import bring_in_version, leave_out_version, say_exploitation
from postmarket.cases.services.work import add_task, finish_task
from postmarket.cases.words import WAY, CaseState, ClockState, Exploitation, Outcome
from postmarket.intake.services.reports import acknowledge, say_harm
from postmarket.inventory.errors import NoReason
from postmarket.inventory.models import DeviceVersion
from postmarket.monitoring.services.deciding.answering import decide
from postmarket.policy.interface import Determination, StartBasis
from tests.accounts.builders import line
from tests.cases.given import LATER, RISK, WHY, Assessed, analyst, clocks, manager, opened
from tests.intake.given import entered, handler
from tests.inventory.builders import kinds
from tests.monitoring.builders import NOW, keep_device, keep_version
from tests.monitoring.given import NOT_REACHED, ZLIB, Analyst, decision_for, place_of

pytestmark = pytest.mark.django_db

S = CaseState


def triaged(case: Case) -> Case:
    """Gone that far."""
    by = manager()
    say_exploitation(by=by, case=case, exploitation=Exploitation.NONE, why="No sign of it.", now=NOW)
    move_case(by=by, case=case, to=S.ACKNOWLEDGED, now=NOW)
    case.refresh_from_db()
    return move_case(by=by, case=case, to=S.TRIAGED, now=NOW)


def lacking(raised: pytest.ExceptionInfo[NotYet]) -> list[str]:
    """What was said to be missing."""
    return [one.what for one in raised.value.missing]


def test_steps_are_taken_at_once_when_nothing_is_missing_on_the_way(hit: DeviceVersion, assessed: Assessed) -> None:
    """Up to assessed, where all that is asked is answered in the case; each step stands in the records."""
    by, case = manager(), opened()
    assert [one.to for one in steps(case, now=NOW)] == [S.ACKNOWLEDGED], "nobody said whether it is exploited"
    case = say_exploitation(by=by, case=case, exploitation=Exploitation.NONE, why="No sign of it.", now=NOW)
    assert [(one.to, one.through) for one in steps(case, now=NOW)] == [
        (S.ACKNOWLEDGED, ()),
        (S.TRIAGED, (S.ACKNOWLEDGED,)),
    ]

    assessed.say(case, Determination.UNCONTROLLED)
    assert [one.to for one in steps(case, now=NOW)] == [S.ACKNOWLEDGED, S.TRIAGED, S.ASSESSED], "and no further"
    with pytest.raises(NotYet):
        move_on(by=by, case=case, to=S.CLOSED, now=NOW)
    case.refresh_from_db()
    assert case.state == S.RECEIVED

    case = move_on(by=by, case=case, to=S.ASSESSED, now=NOW)
    assert case.state == S.ASSESSED
    assert kinds(case).count("case.moved") == 3


def test_the_way_of_a_case(hit: DeviceVersion, assessed: Assessed) -> None:
    """From received to closed; each step is on record, and the page knows since when."""
    by, case = manager(), opened()
    triaged(case)
    case.refresh_from_db()
    assessed.say(case, Determination.UNCONTROLLED)
    for to in (S.ASSESSED, S.REMEDIATING, S.COMMUNICATED):
        case = move_case(by=by, case=case, to=to, now=LATER)
    with pytest.raises(NotYet) as raised:
        move_case(by=by, case=case, to=S.CLOSED, now=LATER)
    assert len(lacking(raised)) == 3
    for clock in clocks(case).values():
        stop_clock(by=by, clock=clock, at=LATER, why="Done.", now=LATER)

    case = move_case(by=by, case=case, to=S.CLOSED, now=LATER)

    assert (case.state, case.closed_at, case.outcome) == (S.CLOSED, LATER, Outcome.REMEDIATED)
    assert kinds(case).count("case.moved") == 6
    assert list(case_detail(case.number, by=by, now=LATER).entered) == list(WAY)


def test_every_step_says_everything_that_is_missing_at_once(db: None) -> None:
    """A report nobody answered, about a device nobody knows yet."""
    by = manager()
    report = entered()
    case = open_case_for_report(by=by, report=report, title=RISK, why=WHY, now=NOW)

    with pytest.raises(NotYet) as raised:
        move_case(by=by, case=case, to=S.ACKNOWLEDGED, now=NOW)
    assert lacking(raised) == ["REP-2026-0001 is not acknowledged"]
    assert raised.value.missing[0].place is not None
    acknowledge(by=handler(), report=report, at=NOW, why="By mail.", now=NOW)
    move_case(by=by, case=case, to=S.ACKNOWLEDGED, now=NOW)
    case.refresh_from_db()

    with pytest.raises(NotYet) as raised:
        move_case(by=by, case=case, to=S.TRIAGED, now=NOW)
    assert lacking(raised) == [
        "No device version is in the case",
        "Nobody has said whether it is exploited on a device of ours",
        "Nobody has said whether REP-2026-0001 tells of harm",
    ]
    say_harm(by=handler(), report=report, harmed=False, why="Asked.", now=NOW)
    say_exploitation(by=by, case=case, exploitation=Exploitation.SUSPECTED, why="The log says so.", now=NOW)
    version = keep_version(keep_device(), "1.0", [ZLIB])
    case = bring_in_version(by=by, case=case, version=version, why="The reporter sent a photo.", now=NOW)

    assert {step.to: step.is_open for step in steps(case, now=NOW)} == {S.TRIAGED: True, S.RECEIVED: True}
    case = move_case(by=by, case=case, to=S.TRIAGED, now=NOW)
    with pytest.raises(NotYet, match="have both leads sign") as raised:
        move_case(by=by, case=case, to=S.ASSESSED, now=NOW)
    assert lacking(raised) == ["Controlled or uncontrolled is not signed"]


def test_no_step_is_left_out_and_going_back_takes_a_reason(hit: DeviceVersion) -> None:
    """One at a time, both ways."""
    by, case = manager(), triaged(opened())
    for to in (S.REMEDIATING, S.COMMUNICATED, S.RECEIVED, S.MERGED):
        with pytest.raises(WrongStep, match="does not become"):
            move_case(by=by, case=case, to=to, why=WHY, now=NOW)
    with pytest.raises(NoReason):
        move_case(by=by, case=case, to=S.ACKNOWLEDGED, now=NOW)

    assert move_case(by=by, case=case, to=S.ACKNOWLEDGED, why="The wrong pump.", now=NOW).state == S.ACKNOWLEDGED


def test_who_looks_at_an_old_page_moves_nothing(hit: DeviceVersion) -> None:
    """Two people, one button."""
    by, case = manager(), opened()
    seen = Case.objects.get(pk=case.pk)
    move_case(by=by, case=case, to=S.ACKNOWLEDGED, now=NOW)

    with pytest.raises(WrongStep, match="Somebody else moved"):
        move_case(by=by, case=seen, to=S.ACKNOWLEDGED, now=NOW)


def test_closed_because_nothing_is_affected(hit: DeviceVersion) -> None:
    """Each version by a signed decision, or left out with a reason; its clocks are void and stay to be read."""
    by, case = manager(), triaged(opened())
    lamp = keep_version(keep_device("Alder lamp"), "1.0", [ZLIB])
    bring_in_version(by=by, case=case, version=lamp, why="It looked alike.", now=NOW)
    ana = Analyst()
    decide(by=ana.person, place=place_of(hit), answer=NOT_REACHED, now=NOW)

    with pytest.raises(NotYet) as raised:
        move_case(by=by, case=case, to=S.CLOSED, why="Not reachable.", now=NOW)
    assert len(lacking(raised)) == 2
    ana.sign([decision_for(hit)])
    leave_out_version(by=by, case=case, version=lamp, why="It has no OpenSSL.", now=NOW)
    with pytest.raises(NoReason):
        move_case(by=by, case=case, to=S.CLOSED, now=NOW)
    case = move_case(by=by, case=case, to=S.CLOSED, why="Not reachable.", now=NOW)

    assert case.outcome == Outcome.NOT_AFFECTED
    assert not clocks(case)
    assert {row.day for row in clocks(case, ClockState.VOID).values()} != {None}

    case = reopen_case(by=by, case=case, because="It is reachable by USB.", now=LATER)
    assert (case.state, case.reopened_because) == (S.TRIAGED, "It is reachable by USB.")
    assert {row.started_at for row in clocks(case).values()} == {
        row.started_at for row in Clock.objects.filter(case=case)
    }
    with pytest.raises(WrongStep, match="not closed"):
        reopen_case(by=by, case=case, because="Again.", now=LATER)
    assert not reopen_by_itself(case=case, because="KEV added.", now=LATER)


def test_what_the_law_asks_for_is_not_closed_away(hit: DeviceVersion) -> None:
    """Nothing is affected, and yet the report of a correction that was begun is due."""
    by, case = manager(), triaged(opened())
    leave_out_version(by=by, case=case, version=hit, why="Never sold.", now=NOW)
    note_start_event(by=by, case=case, basis=StartBasis.CORRECTION_DECISION, at=NOW, person="Quality", why=WHY, now=NOW)

    with pytest.raises(NotYet) as raised:
        move_case(by=by, case=case, to=S.CLOSED, why="Not sold.", now=NOW)

    assert lacking(raised) == ["The clock “Report of correction or removal” still runs"]


def test_open_tasks_keep_a_case_open(hit: DeviceVersion) -> None:
    """Done, or said not to be needed."""
    by, case = manager(), triaged(opened())
    leave_out_version(by=by, case=case, version=hit, why="Never sold.", now=NOW)
    task = add_task(by=by, case=case, what="Ask the supplier", assignee=by, due_on=None, now=NOW)
    with pytest.raises(NotYet, match="1 task is open"):
        move_case(by=by, case=case, to=S.CLOSED, why="Not sold.", now=NOW)

    finish_task(by=by, task=task, why="Not needed.", now=NOW)

    assert move_case(by=by, case=case, to=S.CLOSED, why="Not sold.", now=NOW).state == S.CLOSED


def test_later_rooms_guard_steps_and_are_told(hit: DeviceVersion, assessed: Assessed) -> None:
    """What they say is missing comes with the rest; what they write goes with the transaction."""
    told: list[tuple[Happened, str | None]] = []

    def effectiveness(case: Case, now: datetime) -> list[Missing]:
        return [Missing("No effectiveness check", "Check it.")]

    def listen(event: CaseEvent) -> None:
        told.append((event.what, event.before))

    hooks.guard(S.REMEDIATING, effectiveness)
    hooks.guard(S.REMEDIATING, effectiveness)
    hooks.on_event(listen)
    by, case = manager(), triaged(opened())
    with pytest.raises(NotYet) as raised:
        assessed.say(case, Determination.UNCONTROLLED)
        case = move_case(by=by, case=case, to=S.ASSESSED, now=NOW)
        move_case(by=by, case=case, to=S.REMEDIATING, now=NOW)

    assert lacking(raised) == ["No effectiveness check"]
    assert told == [
        (Happened.OPENED, None),
        (Happened.EXPLOITATION, None),
        (Happened.MOVED, S.RECEIVED),
        (Happened.MOVED, S.ACKNOWLEDGED),
        (Happened.MOVED, S.TRIAGED),
    ]


def test_a_case_is_steered_by_who_may_for_every_line_in_it(hit: DeviceVersion) -> None:
    """The pump belongs to no line: a grant for one does not reach it; then it moves into two."""
    pumps, monitors = line("Pumps"), line("Monitors")
    hit.device.line = pumps
    hit.device.save()
    case = opened()
    ours = analyst("Pia Moss", line=pumps)
    monitor = keep_version(keep_device("Alder monitor", line=monitors), "1.0", [ZLIB])
    say_exploitation(by=ours, case=case, exploitation=Exploitation.NONE, why=WHY, now=NOW)
    with pytest.raises(NotAllowed):
        bring_in_version(by=ours, case=case, version=monitor, why=WHY, now=NOW)

    bring_in_version(by=manager(), case=case, version=monitor, why=WHY, now=NOW)

    with pytest.raises(NotAllowed, match=r"Monitors: Pia Moss may not steer cases"):
        move_case(by=ours, case=case, to=S.ACKNOWLEDGED, now=NOW)
    add_task(by=ours, case=case, what="Look", assignee=ours, due_on=None, now=NOW + timedelta(hours=1))


standings = st.builds(
    Standing,
    state=st.sampled_from(CaseState),
    versions=st.integers(0, 2),
    unacknowledged=st.lists(st.just("REP-2026-0001"), max_size=1),
    harm_unknown=st.lists(st.just("REP-2026-0001"), max_size=1),
    learned=st.booleans(),
    exploitation_said=st.booleans(),
    determination=st.sampled_from([None, Determination.CONTROLLED, Determination.UNCONTROLLED]),
    undecided=st.lists(st.just("Alder pump 3.1"), max_size=1),
    open_tasks=st.integers(0, 2),
    running=st.lists(st.sampled_from(["806 report", "Patch"]), max_size=2),
    of_not_affected=st.lists(st.just("Patch"), max_size=1),
)


@given(standings, st.sampled_from(CaseState))
def test_a_step_is_taken_only_where_nothing_is_missing(standing: Standing, to: CaseState) -> None:
    """And nobody gets past assessment, or closes what was remediated, without a determination."""
    try:
        states.check_step(standing, to)
    except (WrongStep, NotYet):
        return
    assert to in states.steps(standing)
    assert not states.missing(standing, to)
    if to in FORWARD[standing.state] and to in (S.ASSESSED, S.REMEDIATING, S.COMMUNICATED):
        assert standing.determination is not None
    if to is S.CLOSED:
        assert "806 report" not in standing.running
        assert not standing.open_tasks
        assert not standing.undecided or standing.state is S.COMMUNICATED
